package publish

import (
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// draftBody translates what happens to a draft; "" for anything else.
func draftBody(head orderv1.Head, of order.Event) (string, any) {
	switch e := of.(type) {
	case order.Drafted:
		body := orderv1.Drafted{
			Head: head, Totals: totals(e.Totals), OrderNumber: e.OrderNumber, CustomerID: string(e.CustomerID),
			Currency: string(e.Currency), Channel: string(e.Channel), Lines: each(e.Lines, draftLine), Discounts: each(e.Discounts, discount),
		}
		if e.ShippingAddress != nil {
			to := address(*e.ShippingAddress)
			body.ShippingAddress = &to
		}
		return orderv1.TypeDrafted, body
	case order.LineAdded:
		return orderv1.TypeLineAdded, orderv1.LineAdded{Head: head, Totals: totals(e.Totals), Line: draftLine(e.Line)}
	case order.LineRemoved:
		return orderv1.TypeLineRemoved, orderv1.LineRemoved{Head: head, Totals: totals(e.Totals), LineID: string(e.LineID)}
	case order.LineQuantityChanged:
		return orderv1.TypeLineQuantityChanged, orderv1.LineQuantityChanged{
			Head: head, Totals: totals(e.Totals), LineID: string(e.LineID), OldQuantity: e.OldQuantity, Quantity: e.Quantity,
		}
	case order.DiscountApplied:
		return orderv1.TypeDiscountApplied, orderv1.DiscountApplied{Head: head, Totals: totals(e.Totals), Discount: discount(e.Discount)}
	case order.DiscountRemoved:
		return orderv1.TypeDiscountRemoved, orderv1.DiscountRemoved{Head: head, Totals: totals(e.Totals), DiscountID: string(e.DiscountID)}
	case order.ShippingAddressSet:
		return orderv1.TypeShippingAddressSet, orderv1.ShippingAddressSet{
			Head: head, Totals: totals(e.Totals), ShippingAddress: address(e.ShippingAddress),
		}
	}
	return "", nil
}
