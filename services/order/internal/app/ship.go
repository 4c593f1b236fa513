package app

import (
	"context"

	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Tracking is how a parcel is followed.
type Tracking struct{ Carrier, Number string }

// Ship sends units off as one parcel: stock leaves and the capture is requested
// in the same append.
func (a *App) Ship(ctx context.Context, ask Ask, id order.ID, lines []order.LineQuantity, t Tracking) (Result, error) {
	return a.onOrder(ctx, ask, id, warehouse, given(func(cause order.Cause) order.Command {
		return order.Dispatch{Cause: cause, Lines: lines, Carrier: t.Carrier, TrackingNumber: t.Number}
	}))
}

// Deliver tells that a parcel arrived.
func (a *App) Deliver(ctx context.Context, ask Ask, id order.ID, parcel order.ShipmentID) (Result, error) {
	return a.onOrder(ctx, ask, id, warehouse, given(func(cause order.Cause) order.Command {
		return order.MarkDelivered{Cause: cause, ShipmentID: parcel}
	}))
}

// CorrectTracking tells how a parcel is really tracked.
func (a *App) CorrectTracking(ctx context.Context, ask Ask, id order.ID, parcel order.ShipmentID, t Tracking) (Result, error) {
	return a.onOrder(ctx, ask, id, warehouse, given(func(cause order.Cause) order.Command {
		return order.CorrectTracking{Cause: cause, ShipmentID: parcel, Carrier: t.Carrier, TrackingNumber: t.Number}
	}))
}

// Closing is why a parcel will not arrive, and what follows.
type Closing struct {
	Reason  order.CloseReason
	Restock *bool // nil: only what was returned to the sender
	Refund  *bool // nil: yes
}

// CloseShipment tells that a parcel will not arrive.
func (a *App) CloseShipment(ctx context.Context, ask Ask, id order.ID, parcel order.ShipmentID, c Closing) (Result, error) {
	return a.onOrder(ctx, ask, id, warehouse, given(func(cause order.Cause) order.Command {
		return order.CloseShipment{Cause: cause, ShipmentID: parcel, Reason: c.Reason, Restock: c.Restock, Refund: c.Refund}
	}))
}
