package publish

import (
	"encoding/json"
	"fmt"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// Translator makes messages of stored events. Make one with [New]; safe for concurrent use.
type Translator struct {
	codec  *es.Codec[payment.Event]
	schema string
}

// New returns a translator whose messages name their schemas under schemaBase, an absolute URL without a
// slash at its end; empty: they name none.
func New(schemaBase string) *Translator {
	return &Translator{codec: app.NewCodec(), schema: schemaBase}
}

// Translate makes one message of each event, in their order.
func (t *Translator) Translate(events []es.Recorded) ([]messaging.Message, error) {
	messages := make([]messaging.Message, len(events))
	for i, stored := range events {
		m, err := t.message(stored)
		if err != nil {
			return nil, fmt.Errorf("publish position %d: %w", stored.Position, err)
		}
		messages[i] = m
	}
	return messages, nil
}

func (t *Translator) message(stored es.Recorded) (messaging.Message, error) {
	if stored.AggregateType != app.StreamType {
		return messaging.Message{}, fmt.Errorf("stream type %s: %w", stored.AggregateType, es.ErrUnknownEvent)
	}
	fact, err := t.codec.Decode(stored.Event)
	if err != nil {
		return messaging.Message{}, err
	}
	about := payment.About(fact)
	typ, body := contract(paymentv1.Head{
		PaymentID: string(about.PaymentID), OrderID: string(about.OrderID), Version: stored.Version, OccurredAt: about.OccurredAt,
	}, fact)
	if typ == "" {
		return messaging.Message{}, fmt.Errorf("%s: %w", stored.EventType, es.ErrUnknownEvent)
	}
	data, err := json.Marshal(body)
	if err != nil {
		return messaging.Message{}, fmt.Errorf("encode %s: %w", typ, err)
	}
	return messaging.Message{
		Topic: paymentv1.Topic, Key: string(about.OrderID), ID: stored.EventID, Type: typ, Source: paymentv1.Source,
		Stream: stored.AggregateID, Version: stored.Version, Position: stored.Position, Time: about.OccurredAt,
		Data: data, Headers: t.headers(typ, stored.Metadata),
	}, nil
}

func (t *Translator) headers(typ string, meta es.Metadata) map[string]string {
	headers := map[string]string{}
	for name, value := range map[string]string{
		messaging.HeaderCorrelationID: meta.CorrelationID, messaging.HeaderCausationID: meta.CausationID,
		messaging.HeaderActor: meta.Actor, messaging.HeaderTraceParent: meta.TraceParent,
	} {
		if value != "" {
			headers[name] = value
		}
	}
	if t.schema != "" {
		headers[messaging.HeaderDataSchema] = t.schema + "/" + typ + ".json"
	}
	return headers
}
