package app

import (
	"context"

	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// ExpirePayment ends an order whose payment deadline has passed. A deadline that has moved is *order.NotDueError.
func (a *App) ExpirePayment(ctx context.Context, ask Ask, id order.ID) (Result, error) {
	return a.onOrder(ctx, ask, id, systemOnly, given(func(cause order.Cause) order.Command { return order.ExpirePayment{Cause: cause} }))
}

// ExpireDraft ends a draft that nobody has touched for long. One that was touched since is *order.NotDueError.
func (a *App) ExpireDraft(ctx context.Context, ask Ask, id order.ID) (Result, error) {
	return a.onOrder(ctx, ask, id, systemOnly, given(func(cause order.Cause) order.Command { return order.ExpireDraft{Cause: cause} }))
}
