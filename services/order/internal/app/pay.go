package app

import (
	"context"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// RetryPayment starts another attempt to pay what is outstanding.
func (a *App) RetryPayment(ctx context.Context, ask Ask, id order.ID, token string) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, given(func(cause order.Cause) order.Command {
		return order.RetryPayment{Cause: cause, PaymentMethodToken: token}
	}))
}

// RequestCapture takes what a failed capture has left behind.
func (a *App) RequestCapture(ctx context.Context, ask Ask, id order.ID) (Result, error) {
	return a.onOrder(ctx, ask, id, finance, given(func(cause order.Cause) order.Command {
		return order.RequestCapture{Cause: cause}
	}))
}

// Refund is money to be given back. Without any part it repeats what is owed.
type Refund struct {
	Lines      []order.LineQuantity
	Shipping   money.Amount
	Adjustment money.Amount
	Currency   money.Currency // of the two amounts; empty if there are none
	Reason     order.RefundReason
	Note       string
}

// RequestRefund gives money back.
func (a *App) RequestRefund(ctx context.Context, ask Ask, id order.ID, r Refund) (Result, error) {
	return a.onOrder(ctx, ask, id, finance, func(_ context.Context, cause order.Cause, s order.State) (order.Command, error) {
		if r.Currency != "" && r.Currency != s.Currency {
			return nil, ErrOtherCurrency
		}
		return order.RequestRefund{
			Cause: cause, Lines: r.Lines, Shipping: r.Shipping, Adjustment: r.Adjustment, ReasonCode: r.Reason, Note: r.Note,
		}, nil
	})
}
