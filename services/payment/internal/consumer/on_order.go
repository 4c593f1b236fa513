package consumer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// onPlaced begins the first attempt. An order that costs nothing has no payment.
func (c *consumer) onPlaced(ctx context.Context, m messaging.Message, e orderv1.Placed) error {
	if e.PaymentID == "" {
		return nil
	}
	return verdict(m, c.app.RequestPayment(ctx, metadata(m), app.PaymentRequest{
		PaymentID: payment.ID(e.PaymentID), OrderID: payment.OrderID(e.OrderID), Attempt: max(e.Attempt, 1),
		CustomerID: payment.CustomerID(e.CustomerID), Amount: money.Amount(e.GrandTotal), Currency: money.Currency(e.Currency),
		PaymentMethodToken: e.PaymentMethodToken,
	}), e.PaymentID, e.OrderID)
}

func (c *consumer) onRetryRequested(ctx context.Context, m messaging.Message, e orderv1.PaymentRetryRequested) error {
	return verdict(m, c.app.RequestPayment(ctx, metadata(m), app.PaymentRequest{
		PaymentID: payment.ID(e.PaymentID), OrderID: payment.OrderID(e.OrderID), Attempt: e.Attempt,
		CustomerID: payment.CustomerID(e.CustomerID), Amount: money.Amount(e.Amount), Currency: money.Currency(e.Currency),
		PaymentMethodToken: e.PaymentMethodToken,
	}), e.PaymentID, e.OrderID)
}

func (c *consumer) onCaptureRequested(ctx context.Context, m messaging.Message, e orderv1.CaptureRequested) error {
	return verdict(m, c.app.RequestCapture(ctx, metadata(m), payment.RequestCapture{
		PaymentID: payment.ID(e.PaymentID), OrderID: payment.OrderID(e.OrderID), CaptureID: payment.OpID(e.CaptureID),
		ShipmentID: payment.ShipmentID(e.ShipmentID), Amount: money.Amount(e.Amount),
	}), e.PaymentID, e.OrderID, e.CaptureID)
}

func (c *consumer) onVoidRequested(ctx context.Context, m messaging.Message, e orderv1.PaymentVoidRequested) error {
	return verdict(m, c.app.RequestVoid(ctx, metadata(m), payment.RequestVoid{
		PaymentID: payment.ID(e.PaymentID), OrderID: payment.OrderID(e.OrderID),
	}), e.PaymentID, e.OrderID)
}

func (c *consumer) onRefundRequested(ctx context.Context, m messaging.Message, e orderv1.RefundRequested) error {
	return verdict(m, c.app.RequestRefund(ctx, metadata(m), payment.RequestRefund{
		PaymentID: payment.ID(e.PaymentID), OrderID: payment.OrderID(e.OrderID), RefundID: payment.OpID(e.RefundID),
		Amount: money.Amount(e.Amount),
	}), e.PaymentID, e.OrderID, e.RefundID)
}

// metadata makes the message the command: its id, and a fingerprint of its type and body.
func metadata(m messaging.Message) es.Metadata {
	sum := sha256.Sum256(append([]byte(m.Type+"\n"), m.Data...))
	actor := m.Headers[messaging.HeaderActor]
	if actor == "" {
		actor = "system"
	}
	return es.Metadata{
		CommandID: m.ID, Fingerprint: hex.EncodeToString(sum[:]), CausationID: m.ID, Actor: actor,
		CorrelationID: m.Headers[messaging.HeaderCorrelationID], TraceParent: m.Headers[messaging.HeaderTraceParent],
	}
}

// verdict says which errors no retry can cure: an id that is none, a known message with another body, a
// refusal. All others are tried again.
func verdict(m messaging.Message, err error, uuids ...string) error {
	if err == nil {
		return nil
	}
	for _, id := range uuids {
		if !ids.Valid(id) {
			return messaging.Permanent(fmt.Errorf("%s %s: %w: %w", m.Type, m.ID, ids.ErrNotCanonical, err))
		}
	}
	err = fmt.Errorf("%s %s: %w", m.Type, m.ID, err)
	if errors.Is(err, es.ErrCommandReused) || errors.Is(err, es.ErrInvalidAggregateID) || errors.Is(err, payment.ErrAmount) {
		return messaging.Permanent(err)
	}
	return err
}
