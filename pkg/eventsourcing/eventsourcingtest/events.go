package eventsourcingtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// NewStream names a stream that does not exist yet.
func NewStream() es.Stream { return es.Stream{Type: "test", ID: es.NewID()} }

// Events makes n events that follow version after of s.
func Events(s es.Stream, after int64, n int) []es.Event {
	events := make([]es.Event, n)
	for i := range events {
		version := after + int64(i) + 1
		events[i] = es.Event{
			EventID: es.NewID(), EventType: "test.happened", AggregateType: s.Type, AggregateID: s.ID, Version: version,
			Data: fmt.Appendf(nil, `{ "version": %d, "text": "Zürich \u0000" }`, version), // spaces and escapes are kept as they are
			Metadata: es.Metadata{
				CommandID: es.NewID(), Fingerprint: "f", CorrelationID: "c", CausationID: "e", Actor: "system", TraceParent: "00-0-0-00",
				SchemaVersion: 1 + i%3, Extra: map[string]string{"k": "v"},
			},
		}
	}
	return events
}

// Write is an append of n events after version after.
func Write(s es.Stream, after int64, n int) es.Write {
	return es.Write{Stream: s, Expected: after, Events: Events(s, after, n)}
}

// diff compares stored events with those that were appended; the store's own timestamps only have to be there.
func diff(t *testing.T, got, want []es.Event) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(es.Event{}, "Timestamp"), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	for _, e := range got {
		if e.Timestamp.IsZero() || e.Timestamp.Location() != time.UTC {
			t.Errorf("event %s has timestamp %v, want a time in UTC", e.EventID, e.Timestamp)
		}
	}
}
