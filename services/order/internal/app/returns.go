package app

import (
	"context"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// RequestReturn announces that units will be sent back. Support may go beyond
// the return window, with a note.
func (a *App) RequestReturn(ctx context.Context, ask Ask, id order.ID, lines []order.ReturnLine, note string) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, given(func(cause order.Cause) order.Command {
		return order.RequestReturn{Cause: cause, Lines: lines, Note: note, Override: ask.By.Has(auth.Support)}
	}))
}

// ApproveReturn lets the customer send the units.
func (a *App) ApproveReturn(ctx context.Context, ask Ask, id order.ID, ret order.ReturnID, note string) (Result, error) {
	return a.onOrder(ctx, ask, id, support, given(func(cause order.Cause) order.Command {
		return order.ApproveReturn{Cause: cause, ReturnID: ret, Note: note}
	}))
}

// RejectReturn leaves the units with the customer.
func (a *App) RejectReturn(ctx context.Context, ask Ask, id order.ID, ret order.ReturnID, note string) (Result, error) {
	return a.onOrder(ctx, ask, id, support, given(func(cause order.Cause) order.Command {
		return order.RejectReturn{Cause: cause, ReturnID: ret, Note: note}
	}))
}

// ReceiveReturn tells that units of a return arrived; what is fit for sale goes
// back into stock in the same append. refund nil: yes.
func (a *App) ReceiveReturn(ctx context.Context, ask Ask, id order.ID, ret order.ReturnID, lines []order.Received, refund *bool) (Result, error) {
	return a.onOrder(ctx, ask, id, warehouse, given(func(cause order.Cause) order.Command {
		return order.ReceiveReturn{Cause: cause, ReturnID: ret, Lines: lines, Refund: refund}
	}))
}

// CloseReturn ends a return of which nothing more will arrive.
func (a *App) CloseReturn(ctx context.Context, ask Ask, id order.ID, ret order.ReturnID) (Result, error) {
	return a.onOrder(ctx, ask, id, support, given(func(cause order.Cause) order.Command {
		return order.CloseReturn{Cause: cause, ReturnID: ret}
	}))
}
