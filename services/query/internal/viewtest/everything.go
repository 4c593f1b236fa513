package viewtest

import (
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/ids"
)

// Everything tells an order that meets every event of orders.v1 at least once. No order would; every view must still take each of them.
func Everything(customer string, n int) *OrderStory {
	s := NewOrder(customer, n).Drafted()
	s.editDraft()
	s.Placed()
	s.payTwice()
	s.Shipped(1, 1, "partially_shipped", "partially_captured")
	s.Delivered(1, "", "partially_delivered")
	s.goBack()
	s.afterwards()
	return s
}

func (s *OrderStory) editDraft() {
	other := s.Line()
	other.LineID, other.SKU = ids.Line(s.ID, "EXTRA"), "EXTRA"
	totals := orderv1.Totals{GrandTotal: s.Gross() + 500, Shipping: orderv1.Shipping{Net: 420, Tax: 80, Gross: 500}}
	discount := orderv1.Discount{DiscountID: ids.Discount(s.ID, "c", 1), Code: "SPRING", Kind: "percent", Value: 1000}
	s.Tell(orderv1.TypeLineAdded, orderv1.LineAdded{Head: s.Head(), Totals: totals, Line: other})
	s.Tell(orderv1.TypeLineQuantityChanged, orderv1.LineQuantityChanged{Head: s.Head(), Totals: totals, LineID: other.LineID, OldQuantity: 2, Quantity: 5})
	s.Tell(orderv1.TypeLineRemoved, orderv1.LineRemoved{Head: s.Head(), Totals: totals, LineID: other.LineID})
	s.Tell(orderv1.TypeDiscountApplied, orderv1.DiscountApplied{Head: s.Head(), Totals: totals, Discount: discount})
	s.Tell(orderv1.TypeDiscountRemoved, orderv1.DiscountRemoved{Head: s.Head(), Totals: totals, DiscountID: discount.DiscountID})
	s.Tell(orderv1.TypeShippingAddressSet, orderv1.ShippingAddressSet{Head: s.Head(), Totals: totals, ShippingAddress: Address})
}

func (s *OrderStory) payTwice() {
	first, second := s.PaymentID(), ids.Payment(s.ID, 2)
	s.Tell(orderv1.TypePaymentReview, orderv1.PaymentReview{Head: s.Head(), PaymentID: first, Op: "authorize", OpID: first, Reason: "key_window"})
	s.Tell(orderv1.TypePaymentReviewClosed, orderv1.PaymentReviewClosed{Head: s.Head(), PaymentID: first, Op: "authorize", OpID: first})
	s.To("payment_failed", "declined", "")
	s.Tell(orderv1.TypePaymentDeclined, orderv1.PaymentDeclined{
		Head: s.Head(), PaymentID: second, Attempt: 2, DeclineCode: "insufficient_funds", DeclineClass: "soft",
	})
	s.To("placed", "pending", "")
	s.Tell(orderv1.TypePaymentRetryRequested, orderv1.PaymentRetryRequested{
		Head: s.Head(), PaymentID: ids.Payment(s.ID, 3), Attempt: 3, CustomerID: s.Customer, Amount: s.Gross(), Currency: s.Currency,
		PaymentMethodToken: Token,
	})
	s.Confirmed()
	s.Tell(orderv1.TypeLatePaymentDetected, orderv1.LatePaymentDetected{
		Head: s.Head(), PaymentID: second, Kind: "authorization", Amount: 5, Reason: "superseded", StatusAtArrival: "confirmed",
	})
	s.Tell(orderv1.TypePaymentVoidRequested, orderv1.PaymentVoidRequested{Head: s.Head(), PaymentID: second, Reason: "superseded"})
	s.Tell(orderv1.TypePaymentVoidFailed, orderv1.PaymentVoidFailed{Head: s.Head(), PaymentID: second, OpID: second, Code: "not_voidable"})
	s.Tell(orderv1.TypePaymentVoided, orderv1.PaymentVoided{Head: s.Head(), PaymentID: second, OpID: second, VoidedAt: Start})
	s.Tell(orderv1.TypeLinesBackordered, orderv1.LinesBackordered{Head: s.Head(), Lines: s.units(2)})
}

func (s *OrderStory) units(n int) []orderv1.LineQuantity {
	return []orderv1.LineQuantity{{LineID: s.LineID(), Quantity: n}}
}

func (s *OrderStory) goBack() {
	ret, refund, failed := ids.Return(s.ID, "c", 1), ids.Refund(s.ID, "c", 1), ids.Refund(s.ID, "c", 2)
	unit := s.Line().UnitPrice
	s.Tell(orderv1.TypeReturnRequested, orderv1.ReturnRequested{
		Head: s.Head(), ReturnID: ret, Lines: []orderv1.ReturnLine{{LineID: s.LineID(), Quantity: 1, ReasonCode: "unwanted"}},
	})
	s.Tell(orderv1.TypeReturnApproved, orderv1.ReturnApproved{Head: s.Head(), ReturnID: ret})
	s.To("", "refund_pending", "partially_returned")
	s.Tell(orderv1.TypeReturnReceived, orderv1.ReturnReceived{
		Head: s.Head(), ReturnID: ret, Refund: true, ReceivedAt: Start,
		Lines: []orderv1.ReceivedLine{{LineID: s.LineID(), Quantity: 1, Gross: unit, Disposition: "restock"}},
	})
	s.Tell(orderv1.TypeReturnClosed, orderv1.ReturnClosed{Head: s.Head(), ReturnID: ret, Missing: []orderv1.LineQuantity{}})
	for _, id := range []string{refund, failed} {
		s.Tell(orderv1.TypeRefundRequested, orderv1.RefundRequested{
			Head: s.Head(), RefundID: id, PaymentID: s.PaymentID(), Amount: unit, ReasonCode: "return", Credits: s.units(1),
			Lines: []orderv1.RefundLine{{LineID: s.LineID(), Quantity: 1, Net: unit - 160, Tax: 160}},
		})
	}
	s.Tell(orderv1.TypeRefundFailed, orderv1.RefundFailed{Head: s.Head(), RefundID: failed, PaymentID: s.PaymentID(), Amount: unit, Code: "account_closed"})
	s.To("", "refunded", "")
	s.Tell(orderv1.TypeRefundSettled, orderv1.RefundSettled{
		Head: s.Head(), RefundID: refund, PaymentID: s.PaymentID(), Amount: unit, GatewayRef: "gw_3", SettledAt: Start,
	})
	rejected := ids.Return(s.ID, "c", 2)
	s.Tell(orderv1.TypeReturnRequested, orderv1.ReturnRequested{Head: s.Head(), ReturnID: rejected, Lines: []orderv1.ReturnLine{}})
	s.Tell(orderv1.TypeReturnRejected, orderv1.ReturnRejected{Head: s.Head(), ReturnID: rejected})
}

func (s *OrderStory) afterwards() {
	worth := []orderv1.LineGross{{LineID: s.LineID(), Quantity: 1, Gross: s.Line().UnitPrice}}
	parcel, capture := ids.Shipment(s.ID, "c", 1), ids.Capture(s.ID, "c", 9)
	s.Tell(orderv1.TypePaymentCaptureFailed, orderv1.PaymentCaptureFailed{Head: s.Head(), PaymentID: s.PaymentID(), CaptureID: capture, Amount: 1, Code: "do_not_honor"})
	s.Tell(orderv1.TypeTrackingCorrected, orderv1.TrackingCorrected{
		Head: s.Head(), ShipmentID: parcel, OldCarrier: "DHL", OldTrackingNumber: "T", Carrier: "UPS", TrackingNumber: "1Z",
	})
	s.Tell(orderv1.TypeLinesCancelled, orderv1.LinesCancelled{Head: s.Head(), ReasonCode: "inventory", Lines: worth, Released: []orderv1.SKUQuantity{}})
	s.Tell(orderv1.TypeAuthorizationExpired, orderv1.AuthorizationExpired{Head: s.Head(), PaymentID: s.PaymentID(), Amount: s.Line().UnitPrice, ExpiredAt: Start})
	s.Tell(orderv1.TypeShipmentClosed, orderv1.ShipmentClosed{
		Head: s.Head(), ShipmentID: parcel, Reason: "lost", Lines: worth, Restocked: []orderv1.SKUQuantity{}, ClosedAt: Start,
	})
	s.To("completed", "", "")
	s.Tell(orderv1.TypeCompleted, orderv1.Completed{Head: s.Head(), CompletedAt: Start})
	s.Tell(orderv1.TypeNoteAdded, orderv1.NoteAdded{Head: s.Head(), Note: "called back"})
	s.Tell(orderv1.TypeExpired, orderv1.Expired{Head: s.Head(), Reason: "payment_timeout", Released: []orderv1.SKUQuantity{}})
	s.Tell(orderv1.TypeCancelled, orderv1.Cancelled{Head: s.Head(), ReasonCode: "staff", Lines: []orderv1.LineGross{}, Released: []orderv1.SKUQuantity{}})
}
