package publish

import (
	"encoding/json"
	"fmt"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/order/internal/app"
)

// Messages translates events in their order. Events of streams that are not
// published are left out.
func Messages(events []es.Recorded) ([]messaging.Message, error) {
	messages := make([]messaging.Message, 0, len(events))
	for _, e := range events {
		m, published, err := message(e)
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
func message(e es.Recorded) (m messaging.Message, published bool, err error) {
	var key, typ string
	var body any
	m = messaging.Message{
		ID: e.EventID, Stream: e.AggregateID, Version: e.Version, Position: e.Position, Time: e.Timestamp,
		Source: orderv1.Source, Topic: orderv1.Topic, Headers: headers(e.Metadata),
	}
	switch e.AggregateType {
	case app.StreamOrder:
		key = e.AggregateID
		typ, body, err = orderBody(e.Event)
	case app.StreamProduct:
		m.Source, m.Topic = catalogv1.Source, catalogv1.Topic
		key, typ, body, err = productBody(e.Event)
	case app.StreamStock:
		m.Source, m.Topic = catalogv1.Source, catalogv1.Topic
		key, typ, body, err = stockBody(e.Event)
	case app.StreamMovement, app.StreamDiscount:
		return m, false, nil
	default:
		err = es.ErrUnknownEvent
	}
	if err != nil {
		return m, false, err
	}
	m.Key, m.Type = key, typ
	if m.Data, err = json.Marshal(body); err != nil {
		return m, false, fmt.Errorf("encode %s: %w", typ, err)
	}
	return m, true, nil
}

func headers(md es.Metadata) map[string]string {
	h := map[string]string{}
	for key, value := range map[string]string{
		messaging.HeaderCorrelationID: md.CorrelationID, messaging.HeaderCausationID: md.CausationID,
		messaging.HeaderActor: md.Actor, messaging.HeaderTraceParent: md.TraceParent,
	} {
		if value != "" {
			h[key] = value
		}
	}
	return h
}
