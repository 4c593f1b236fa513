package publish_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/publish"
)

// stored are all events as they are stored, with every field set: the golden files of package app.
func stored(t *testing.T) []es.Recorded {
	t.Helper()
	files, err := filepath.Glob("../app/testdata/events/*.1.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stored events: %v", err)
	}
	events := make([]es.Recorded, len(files))
	for i, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		events[i] = es.Recorded{Position: int64(100 + i), Event: es.Event{
			EventID: "e" + path, EventType: strings.TrimSuffix(filepath.Base(path), ".1.json"), AggregateType: app.StreamType,
			AggregateID: "p1", Version: int64(i + 1), Data: data,
			Metadata: es.Metadata{CorrelationID: "corr", CausationID: "cause", Actor: "gateway", TraceParent: "00-x", SchemaVersion: 1},
		}}
	}
	return events
}

func TestEveryStoredEventIsOneMessageOfItsOwn(t *testing.T) {
	t.Parallel()
	events := stored(t)
	messages, err := publish.New("https://example.org/schemas").Translate(events)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, m := range messages {
		e := events[i]
		if m.ID != e.EventID || m.Stream != e.AggregateID || m.Version != e.Version || m.Position != e.Position || m.Type != e.EventType {
			t.Errorf("%s became message %+v", e.EventType, m)
		}
		if m.Topic != paymentv1.Topic || m.Source != paymentv1.Source || m.Time.IsZero() {
			t.Errorf("%s: topic %q, source %q, time %v", m.Type, m.Topic, m.Source, m.Time)
		}
		want := map[string]string{
			messaging.HeaderCorrelationID: "corr", messaging.HeaderCausationID: "cause", messaging.HeaderActor: "gateway",
			messaging.HeaderTraceParent: "00-x", messaging.HeaderDataSchema: "https://example.org/schemas/" + m.Type + ".json",
		}
		if diff := cmp.Diff(want, m.Headers); diff != "" {
			t.Errorf("%s headers (-want +got):\n%s", m.Type, diff)
		}
		if err := messaging.Validate(m); err != nil {
			t.Errorf("%s: %v", m.Type, err)
		}
		if strings.Contains(string(m.Data), "tok_") {
			t.Errorf("%s publishes the payment method token", m.Type)
		}
		seen[m.Type] = true
	}
	for typ := range paymentv1.Types {
		if !seen[typ] {
			t.Errorf("no event becomes %s", typ)
		}
	}
}

// TestNoFieldIsForgotten reads each body back as its contract: a field of it that is zero was not copied, as
// the stored events have every field set.
func TestNoFieldIsForgotten(t *testing.T) {
	t.Parallel()
	messages, err := publish.New("").Translate(stored(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		body := reflect.New(reflect.TypeOf(paymentv1.Types[m.Type]))
		if err := json.Unmarshal(m.Data, body.Interface()); err != nil {
			t.Fatal(err)
		}
		for _, field := range reflect.VisibleFields(body.Type().Elem()) {
			if body.Elem().FieldByIndex(field.Index).IsZero() {
				t.Errorf("%s: %s is empty", m.Type, field.Name)
			}
		}
		var event, contract map[string]any
		if json.Unmarshal(m.Data, &contract) != nil || json.Unmarshal(stored(t)[m.Version-1].Data, &event) != nil {
			t.Fatal("not JSON")
		}
		delete(contract, "version")
		delete(event, "payment_method_token")
		if diff := cmp.Diff(event, contract); diff != "" {
			t.Errorf("%s (-stored +published):\n%s", m.Type, diff)
		}
		if _, ok := m.Headers[messaging.HeaderDataSchema]; ok {
			t.Errorf("%s names a schema, and there is no base", m.Type)
		}
	}
}

func TestWhatIsUnknownStopsTheRelay(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]es.Event{
		"an unknown type":  {AggregateType: app.StreamType, EventType: "payment.exploded", Data: []byte(`{}`)},
		"a newer schema":   {AggregateType: app.StreamType, EventType: "payment.voided", Data: []byte(`{}`), Metadata: es.Metadata{SchemaVersion: 2}},
		"a foreign stream": {AggregateType: "order", EventType: "payment.voided", Data: []byte(`{}`)},
	} {
		messages, err := publish.New("").Translate([]es.Recorded{{Position: 7, Event: e}})
		if !errors.Is(err, es.ErrUnknownEvent) || messages != nil {
			t.Errorf("%s: got %v, %v; want an unknown event", name, messages, err)
		}
	}
}
