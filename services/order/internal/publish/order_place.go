package publish

import (
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// placedBody translates the lifecycle of an order; "" for anything else.
func placedBody(head orderv1.Head, of order.Event) (string, any) {
	switch e := of.(type) {
	case order.Placed:
		return orderv1.TypePlaced, orderv1.Placed{
			Head: head, OrderNumber: e.OrderNumber, CustomerID: string(e.CustomerID), Currency: string(e.Currency),
			Lines: each(e.Lines, placedLine), Shipping: shipping(e.Shipping), Discounts: each(e.Discounts, discount),
			DiscountTotal: int64(e.DiscountTotal), TaxTotal: int64(e.TaxTotal), GrandTotal: int64(e.GrandTotal),
			ShippingAddress: address(e.ShippingAddress), CapturePolicy: string(e.CapturePolicy), PaymentID: string(e.PaymentID),
			Attempt: e.Attempt, PaymentMethodToken: e.PaymentMethodToken, PaymentDueAt: e.PaymentDueAt, PlacedAt: e.PlacedAt,
		}
	case order.Confirmed:
		return orderv1.TypeConfirmed, orderv1.Confirmed{Head: head, ConfirmedAt: e.ConfirmedAt}
	case order.Expired:
		return orderv1.TypeExpired, orderv1.Expired{Head: head, Reason: string(e.Reason), Released: each(e.Released, skuQuantity)}
	case order.Cancelled:
		return orderv1.TypeCancelled, orderv1.Cancelled{
			Head: head, ReasonCode: string(e.ReasonCode), Note: e.Note, Lines: each(e.Lines, lineGross), Released: each(e.Released, skuQuantity),
		}
	case order.LinesCancelled:
		return orderv1.TypeLinesCancelled, orderv1.LinesCancelled{
			Head: head, ReasonCode: string(e.ReasonCode), Note: e.Note, Lines: each(e.Lines, lineGross), Released: each(e.Released, skuQuantity),
		}
	case order.LinesBackordered:
		return orderv1.TypeLinesBackordered, orderv1.LinesBackordered{Head: head, Lines: each(e.Lines, lineQuantity)}
	case order.Completed:
		return orderv1.TypeCompleted, orderv1.Completed{Head: head, CompletedAt: e.CompletedAt}
	case order.NoteAdded:
		return orderv1.TypeNoteAdded, orderv1.NoteAdded{Head: head, Note: e.Note}
	}
	return "", nil
}
