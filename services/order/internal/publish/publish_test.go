package publish_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/publish"
)

var streamOf = map[string]string{
	"order": app.StreamOrder, "product": app.StreamProduct, "stock": app.StreamStock, "discount": app.StreamDiscount, "stockmove": app.StreamMovement,
}

// stored are the golden files of app as events: every shape ever stored.
func stored(t *testing.T) []es.Recorded {
	t.Helper()
	files, err := filepath.Glob("../app/testdata/events/*.json")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	var events []es.Recorded
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		typ, rest, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".json"), ".")
		name, schema, _ := strings.Cut(rest, ".")
		number, err := strconv.Atoi(schema[:1])
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, es.Recorded{Position: int64(i + 1), Event: es.Event{
			EventID: "e" + strconv.Itoa(i), EventType: typ + "." + name, AggregateType: streamOf[typ], AggregateID: "stream", Version: 7,
			Timestamp: time.Now(), Data: data, Metadata: es.Metadata{
				SchemaVersion: number, CorrelationID: "corr", CausationID: "cause", Actor: "staff:x", TraceParent: "00-1-2-01",
			},
		}})
	}
	return events
}

// TestEveryStoredShapeIsPublishedWhole: a contract has the names and values of the stored event, and the version.
func TestEveryStoredShapeIsPublishedWhole(t *testing.T) {
	published := map[string]bool{}
	for _, e := range stored(t) {
		messages, err := publish.New("http://x/schemas").Translate([]es.Recorded{e})
		if err != nil {
			t.Errorf("%s: %v", e.EventType, err)
			continue
		}
		if e.AggregateType == app.StreamDiscount || e.AggregateType == app.StreamMovement {
			if len(messages) != 0 {
				t.Errorf("%s is published", e.EventType)
			}
			continue
		}
		m := messages[0]
		published[m.Type] = true
		var want, got map[string]any
		if json.Unmarshal(e.Data, &want) != nil || json.Unmarshal(m.Data, &got) != nil {
			t.Fatalf("%s: %s", e.EventType, m.Data)
		}
		want["version"] = 7.0
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s (-published +stored):\n%s", e.EventType, diff)
		}
		topic, key := orderv1.Topic, want["order_id"]
		if e.AggregateType != app.StreamOrder {
			topic, key = catalogv1.Topic, want["sku"]
		}
		if m.Key != key || m.Topic != topic || m.ID != e.EventID || m.Type != e.EventType || m.Stream != "stream" || m.Version != 7 || m.Position != e.Position {
			t.Errorf("%s: got %+v", e.EventType, m)
		}
		if err := messaging.Validate(m); err != nil {
			t.Errorf("%s: %v", e.EventType, err)
		}
		wantHeaders := map[string]string{
			messaging.HeaderCorrelationID: "corr", messaging.HeaderCausationID: "cause", messaging.HeaderActor: "staff:x",
			messaging.HeaderTraceParent: "00-1-2-01", messaging.HeaderDataSchema: "http://x/schemas/" + m.Type + ".json",
		}
		if diff := cmp.Diff(m.Headers, wantHeaders); diff != "" {
			t.Error(diff)
		}
	}
	for _, types := range []map[string]any{orderv1.Types, catalogv1.Types} {
		for typ := range types {
			if !published[typ] {
				t.Errorf("nothing is published as %s", typ)
			}
		}
	}
}

func TestAnUnknownEventStopsTheRelay(t *testing.T) {
	known := stored(t)[0]
	for _, e := range []es.Event{
		{AggregateType: app.StreamOrder, EventType: "order.teleported", Data: json.RawMessage(`{}`)},
		{AggregateType: app.StreamProduct, EventType: "product.painted", Data: json.RawMessage(`{}`)},
		{AggregateType: app.StreamStock, EventType: "stock.lent", Data: json.RawMessage(`{}`)},
		{AggregateType: "wish", EventType: "wish.made", Data: json.RawMessage(`{}`)},
	} {
		if _, err := publish.New("").Translate([]es.Recorded{known, {Position: 2, Event: e}}); !errors.Is(err, es.ErrUnknownEvent) {
			t.Errorf("%s: got %v, want %v", e.EventType, err, es.ErrUnknownEvent)
		}
	}
}

func TestTheSameEventGivesTheSameBytes(t *testing.T) {
	events := stored(t)
	one, err := publish.New("").Translate(events)
	if err != nil {
		t.Fatal(err)
	}
	two, err := publish.New("").Translate(events)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one, two); diff != "" {
		t.Fatal(diff)
	}
}
