package eventsourcing

import (
	"encoding/json"
	"time"
)

// Event is one stored fact. A [Store] never changes or deletes it.
type Event struct {
	EventID       string          // UUIDv7, the same in the store and in every message made from it
	EventType     string          // stable name from a [Codec], never the name of a Go type
	AggregateType string          // kind of the stream
	AggregateID   string          // the stream
	Version       int64           // 1, 2, 3, … within the stream
	Timestamp     time.Time       // when the store recorded it, UTC; set by the store
	Data          json.RawMessage // the fact itself
	Metadata      Metadata        // who caused it, and why
}

// Stream names the event's stream.
func (e Event) Stream() Stream { return Stream{Type: e.AggregateType, ID: e.AggregateID} }

// Metadata says who caused an event and why. It is stored as JSON beside the event.
type Metadata struct {
	CommandID     string            `json:"command_id,omitempty"`     // a repeat is recognised by it; if empty, Handle makes one up
	Fingerprint   string            `json:"fingerprint,omitempty"`    // hash of what the caller sent, before ids and times were added
	CorrelationID string            `json:"correlation_id,omitempty"` // constant through everything that one request sets off
	CausationID   string            `json:"causation_id,omitempty"`   // id of the event that caused the command; empty for a request from outside
	Actor         string            `json:"actor,omitempty"`          // who asked: "customer:…", "staff:…", "system"
	TraceParent   string            `json:"traceparent,omitempty"`    // W3C trace context of the command
	SchemaVersion int               `json:"-"`                        // of Data, for the Codec; stores keep it in a column of its own
	Extra         map[string]string `json:"extra,omitempty"`          // anything else, by the caller
}
