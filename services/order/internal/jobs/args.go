package jobs

import (
	"github.com/riverqueue/river"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// The kinds of timers. They are state: renaming one strands the jobs that wait.
const (
	kindPaymentDue     = "payment_due"
	kindDraftAbandoned = "draft_abandoned"
)

const queueTimers = "timers"

// maxAttempts is never reached: an order that cannot be read is mended long before.
const maxAttempts = 1000

// armed is which event of which order armed a timer. The rest goes into the
// metadata of what it appends, and does not make two jobs different.
type armed struct {
	OrderID       order.ID `json:"order_id"`
	EventID       string   `json:"event_id" river:"unique"`
	CorrelationID string   `json:"correlation_id,omitempty"`
	TraceParent   string   `json:"traceparent,omitempty"`
}

// ask is the command of the timer: the event that armed it, once.
func (a armed) ask(kind string) app.Ask {
	return app.Ask{
		CommandID: ids.Timer(a.EventID, kind), Fingerprint: kind, CorrelationID: a.CorrelationID, CausationID: a.EventID,
		Actor: "system", TraceParent: a.TraceParent,
	}
}

// options are those of every timer.
func options() river.InsertOpts {
	return river.InsertOpts{Queue: queueTimers, MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

type paymentDue struct{ armed }

// Kind implements river.JobArgs.
func (paymentDue) Kind() string { return kindPaymentDue }

type draftAbandoned struct{ armed }

// Kind implements river.JobArgs.
func (draftAbandoned) Kind() string { return kindDraftAbandoned }
