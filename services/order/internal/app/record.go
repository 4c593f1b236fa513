package app

import (
	"context"

	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Fact makes the command that tells an order what the payment service reports.
type Fact func(order.Cause) order.Command

// Record tells an order a fact of the payment service. Only the system may; the ask's
// CommandID is the id of the message, so a redelivery finds itself in the stream.
func (a *App) Record(ctx context.Context, ask Ask, id order.ID, f Fact) (Result, error) {
	return a.onOrder(ctx, ask, id, systemOnly, given(f))
}
