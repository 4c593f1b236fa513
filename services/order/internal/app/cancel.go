package app

import (
	"context"

	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Cancel calls an order off; its stock is released in the same append, and what
// becomes of the money is requested in it.
func (a *App) Cancel(ctx context.Context, ask Ask, id order.ID, why order.CancelReason, note string) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, given(func(cause order.Cause) order.Command {
		return order.Cancel{Cause: cause, ReasonCode: why, Note: note}
	}))
}

// CancelLines calls unshipped units off.
func (a *App) CancelLines(ctx context.Context, ask Ask, id order.ID, lines []order.LineQuantity, why order.CancelReason, note string) (Result, error) {
	return a.onOrder(ctx, ask, id, support, given(func(cause order.Cause) order.Command {
		return order.CancelLines{Cause: cause, Lines: lines, ReasonCode: why, Note: note}
	}))
}
