package consumer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// errMisfit is a message whose envelope and body name different things.
var errMisfit = errors.New("the body does not fit key, stream or version")

// record tells the order the fact of a message.
func (c *consumer) record(ctx context.Context, m messaging.Message, head paymentv1.Head, f app.Fact) error {
	if head.OrderID != m.Key || head.PaymentID != m.Stream || head.Version != m.Version {
		return messaging.Permanent(fmt.Errorf("%s %s: %w", m.Type, m.ID, errMisfit))
	}
	_, err := c.app.Record(ctx, ask(m), order.ID(head.OrderID), f)
	return verdict(m, err)
}

// ask makes the message the command: its id, and a fingerprint of its type and
// body.
func ask(m messaging.Message) app.Ask {
	sum := sha256.Sum256(append([]byte(m.Type+"\n"), m.Data...))
	return app.Ask{
		CommandID: m.ID, Fingerprint: hex.EncodeToString(sum[:]), CausationID: m.ID, Actor: cmp.Or(m.Headers[messaging.HeaderActor], "system"),
		CorrelationID: m.Headers[messaging.HeaderCorrelationID], TraceParent: m.Headers[messaging.HeaderTraceParent],
	}
}

// verdict says which errors no retry can cure: a refusal, an order that is not
// there, an id that is none, a known message with another body. All others are
// tried again.
func verdict(m messaging.Message, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s %s: %w", m.Type, m.ID, err)
	var refused order.Refusal
	if errors.As(err, &refused) || errors.Is(err, app.ErrNotFound) || errors.Is(err, es.ErrCommandReused) ||
		errors.Is(err, es.ErrInvalidAggregateID) {
		return messaging.Permanent(err)
	}
	return err
}
