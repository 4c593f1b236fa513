package publish

import (
	"encoding/json"
	"fmt"
	"time"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/order/internal/app"
)

// Translator makes messages of stored events. Make one with [New]; safe for concurrent use.
type Translator struct{ schemas string }

// New returns a translator whose messages name their schemas under schemaBase, an absolute URL without a slash at its end; empty: they
// name none.
func New(schemaBase string) *Translator { return &Translator{schemas: schemaBase} }

// Translate makes one message of each event, in their order. Events of streams
// that are not published are left out.
func (t *Translator) Translate(events []es.Recorded) ([]messaging.Message, error) {
	messages := make([]messaging.Message, 0, len(events))
	for _, e := range events {
		m, published, err := t.message(e)
		if err != nil {
			return nil, fmt.Errorf("publish %s version %d at %d: %w", e.Stream(), e.Version, e.Position, err)
		}
		if published {
			messages = append(messages, m)
		}
	}
	return messages, nil
}

// message translates one event; false for a stream that is not published.
func (t *Translator) message(e es.Recorded) (m messaging.Message, published bool, err error) {
	var f fact
	m = messaging.Message{
		ID: e.EventID, Stream: e.AggregateID, Version: e.Version, Position: e.Position,
		Source: orderv1.Source, Topic: orderv1.Topic,
	}
	switch e.AggregateType {
	case app.StreamOrder:
		f, err = orderFact(e.Event)
	case app.StreamProduct:
		m.Source, m.Topic = catalogv1.Source, catalogv1.Topic
		f, err = productFact(e.Event)
	case app.StreamStock:
		m.Source, m.Topic = catalogv1.Source, catalogv1.Topic
		f, err = stockFact(e.Event)
	case app.StreamMovement, app.StreamDiscount:
		return m, false, nil
	default:
		err = es.ErrUnknownEvent
	}
	if err != nil {
		return m, false, err
	}
	m.Key, m.Type, m.Time = f.key, f.typ, f.at
	m.Headers = t.headers(f.typ, e.Metadata)
	if m.Data, err = json.Marshal(f.body); err != nil {
		return m, false, fmt.Errorf("encode %s: %w", f.typ, err)
	}
	return m, true, nil
}

func (t *Translator) headers(typ string, md es.Metadata) map[string]string {
	h := map[string]string{}
	for key, value := range map[string]string{
		messaging.HeaderCorrelationID: md.CorrelationID, messaging.HeaderCausationID: md.CausationID,
		messaging.HeaderActor: md.Actor, messaging.HeaderTraceParent: md.TraceParent,
	} {
		if value != "" {
			h[key] = value
		}
	}
	if t.schemas != "" {
		h[messaging.HeaderDataSchema] = t.schemas + "/" + typ + ".json"
	}
	return h
}

// fact is a stored event in the words of a contract.
type fact struct {
	key, typ string
	at       time.Time // when it happened
	body     any
}
