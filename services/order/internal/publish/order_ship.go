package publish

import (
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// parcelBody translates shipments; "" for anything else.
func parcelBody(head orderv1.Head, of order.Event) (string, any) {
	switch e := of.(type) {
	case order.ShipmentDispatched:
		return orderv1.TypeShipmentDispatched, orderv1.ShipmentDispatched{
			Head: head, ShipmentID: string(e.ShipmentID), Lines: each(e.Lines, lineQuantity), Carrier: e.Carrier,
			TrackingNumber: e.TrackingNumber, DispatchedAt: e.DispatchedAt,
		}
	case order.ShipmentDelivered:
		return orderv1.TypeShipmentDelivered, orderv1.ShipmentDelivered{Head: head, ShipmentID: string(e.ShipmentID), DeliveredAt: e.DeliveredAt}
	case order.TrackingCorrected:
		return orderv1.TypeTrackingCorrected, orderv1.TrackingCorrected{
			Head: head, ShipmentID: string(e.ShipmentID), OldCarrier: e.OldCarrier, OldTrackingNumber: e.OldTrackingNumber,
			Carrier: e.Carrier, TrackingNumber: e.TrackingNumber,
		}
	case order.ShipmentClosed:
		return orderv1.TypeShipmentClosed, orderv1.ShipmentClosed{
			Head: head, ShipmentID: string(e.ShipmentID), Reason: string(e.Reason), Refund: e.Refund, Lines: each(e.Lines, lineGross),
			Restocked: each(e.Restocked, skuQuantity), ClosedAt: e.ClosedAt,
		}
	}
	return "", nil
}
