package app

import (
	"cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Ask says who asks for a command, and under which key.
type Ask struct {
	By          auth.Principal // zero: the system itself, which may do all: a timer or a message
	CommandID   string         // a repeat is recognised by it; empty for a command without a key
	Fingerprint string         // of what was asked
	IfVersion   int64          // if not 0: only at this version

	CorrelationID string // constant through everything one request sets off; default: the command id
	CausationID   string // the event that caused the command; empty for a request from outside
	Actor         string // default: that of By, or "system"
	TraceParent   string
}

// call is the ask on one stream.
func (a Ask) call(id string) es.Call {
	actor := "system"
	if !a.By.IsZero() {
		actor = a.By.Actor()
	}
	return es.Call{AggregateID: id, IfVersion: a.IfVersion, Metadata: es.Metadata{
		CommandID: a.CommandID, Fingerprint: a.Fingerprint, CorrelationID: cmp.Or(a.CorrelationID, a.CommandID),
		CausationID: a.CausationID, Actor: cmp.Or(a.Actor, actor), TraceParent: a.TraceParent,
	}}
}

// beside is the ask on a stream that the command touches besides its own:
// whether it is at a version was not asked.
func (a Ask) beside(id string) es.Call {
	a.IfVersion = 0
	return a.call(id)
}

// system says whether nobody outside asks.
func (a Ask) system() bool { return a.By.IsZero() }

// may refuses whoever has none of the roles.
func (a Ask) may(roles ...auth.Role) error {
	if a.system() || a.By.HasAny(roles...) {
		return nil
	}
	return ErrForbidden
}
