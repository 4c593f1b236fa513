package app

import (
	"context"

	"github.com/kontor-dev/kontor/internal/money"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// PaymentRequest is an order's wish to be paid. The payment service names itself and the moment.
type PaymentRequest struct {
	PaymentID          payment.ID
	OrderID            payment.OrderID
	Attempt            int
	CustomerID         payment.CustomerID
	Amount             money.Amount
	Currency           money.Currency
	PaymentMethodToken string
}

// RequestPayment records that an order wants to be paid, with the key of the call to come.
func (a *App) RequestPayment(ctx context.Context, meta es.Metadata, r PaymentRequest) error {
	_, err := a.payments.Handle(ctx, stream(r.PaymentID, meta), payment.RequestPayment{
		PaymentID: r.PaymentID, OrderID: r.OrderID, Attempt: r.Attempt, Gateway: a.name, CustomerID: r.CustomerID,
		Amount: r.Amount, Currency: r.Currency, PaymentMethodToken: r.PaymentMethodToken, At: a.now(),
	})
	return err
}

// RequestCapture records that a part is to be taken, or why it cannot be. c.At is set here.
func (a *App) RequestCapture(ctx context.Context, meta es.Metadata, c payment.RequestCapture) error {
	c.At = a.now()
	_, err := a.payments.Handle(ctx, stream(c.PaymentID, meta), c)
	return err
}

// RequestVoid records that what is held is to be let go. c.At is set here.
func (a *App) RequestVoid(ctx context.Context, meta es.Metadata, c payment.RequestVoid) error {
	c.At = a.now()
	_, err := a.payments.Handle(ctx, stream(c.PaymentID, meta), c)
	return err
}

// RequestRefund records that money is to be given back, or why it cannot be. c.At is set here.
func (a *App) RequestRefund(ctx context.Context, meta es.Metadata, c payment.RequestRefund) error {
	c.At = a.now()
	_, err := a.payments.Handle(ctx, stream(c.PaymentID, meta), c)
	return err
}
