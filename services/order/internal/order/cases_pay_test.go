package order_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

var hundred = item{"A", 10000, 1, 0, false}

func onConfirm() setting { return setting{policy: order.OnConfirm} }

func (s *shop) goodwill(a money.Amount) order.RequestRefund {
	return order.RequestRefund{Cause: s.cause(), Adjustment: a, ReasonCode: order.RefundGoodwill}
}

func (s *shop) cancel() order.Cancel {
	return order.Cancel{Cause: s.cause(), ReasonCode: order.ByCustomer}
}

// maximum is what the refusal says could be refunded.
func maximum(t *testing.T, err error) *order.ExceedsRefundableError {
	t.Helper()
	var exceeds *order.ExceedsRefundableError
	if !errors.As(err, &exceeds) {
		t.Fatalf("got %v", err)
	}
	return exceeds
}

func TestTheSecondOfTwoRefundsSeesTheFirst(t *testing.T) {
	s := confirmed(t, onConfirm(), hundred)
	s.do(s.goodwill(6000))
	equal(t, "maximum", maximum(t, s.refuse(s.goodwill(6000), "exceeds_refundable")).Adjustment, 4000)
}

func TestAReturnAfterGoodwillGivesBackTheRest(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 2500, 4, 2000, false})
	s.shipAll()
	s.do(s.goodwill(1000))
	s.settle()
	e := of[order.RefundRequested](s.sendBack(units("A", 4)))
	if len(e) != 1 {
		t.Fatalf("got %d refunds", len(e))
	}
	equal(t, "amount and adjustment", []money.Amount{e[0].Amount, e[0].Adjustment}, []money.Amount{9000, -1000})
	equal(t, "lines", e[0].Lines, []order.RefundLine{{LineID: lineID("A"), Quantity: 4, Net: 8333, Tax: 1667}})
	s.settle()
	equal(t, "axes", s.state.Axes, order.Axes{
		Status: order.StatusCompleted, PaymentStatus: order.PayRefunded, FulfillmentStatus: order.GoodsReturned,
	})
	equal(t, "net of the ledger", s.bank.net(), 0)
}

func TestWhenTheGoodwillFailsTheReturnOwesWhatItHadShortened(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 2500, 4, 2000, false})
	s.shipAll()
	payment := s.state.Payments[0].ID
	s.do(s.goodwill(1000))
	s.sendBack(units("A", 4))
	s.answer(payment, false)
	s.settle()
	equal(t, "owed and payment", []any{s.state.Over(), s.state.PaymentStatus}, []any{money.Amount(1000), order.PayProblem})
	equal(t, "repeated", refunds(s.do(order.RequestRefund{Cause: s.cause()})), []money.Amount{1000})
	s.settle()
	equal(t, "payment", s.state.PaymentStatus, order.PayRefunded)
	equal(t, "net of the ledger", s.bank.net(), 0)
}

func TestCancellingAfterARefundGivesBackTheRest(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before func(*shop)
		refund []money.Amount
	}{
		{"after a refund", func(s *shop) { s.do(s.goodwill(3000)); s.settle() }, []money.Amount{7000}},
		{"while a refund is open", func(s *shop) { s.do(s.goodwill(3000)) }, []money.Amount{7000}},
		{"after a full refund", func(s *shop) { s.do(s.goodwill(10000)); s.settle() }, []money.Amount{}},
		{"after a refund that failed", func(s *shop) { s.do(s.goodwill(3000)); s.answer(s.state.Payments[0].ID, false) }, []money.Amount{10000}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := confirmed(t, onConfirm(), hundred)
			tt.before(s)
			events := s.do(s.cancel())
			equal(t, "refunds", refunds(events), tt.refund)
			equal(t, "released", of[order.Cancelled](events)[0].Released, []order.SKUQuantity{{SKU: "A", Quantity: 1}})
			s.settle()
			equal(t, "net of the ledger", s.bank.net(), 0)
			equal(t, "axes", s.state.Axes, order.Axes{
				Status: order.StatusCancelled, PaymentStatus: order.PayRefunded, FulfillmentStatus: order.GoodsUnfulfilled,
			})
		})
	}
}

func TestUnitsWhoseMoneyWasGivenBackCannotBeShipped(t *testing.T) {
	s := confirmed(t, onConfirm(), item{"A", 1000, 10, 0, false})
	s.ship(units("A", 1))
	err := s.refuse(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 4)}}, "exceeds_refundable")
	equal(t, "maximum", maximum(t, err).Lines, []order.LineMax{{LineID: lineID("A"), Maximum: 1}})
	events := s.do(order.CancelLines{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 4)}, ReasonCode: order.ByStaff})
	equal(t, "refund", refunds(events), []money.Amount{4000})
	s.settle()
	s.ship(units("A", 5))
	s.refuse(order.Dispatch{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}, Carrier: "x", TrackingNumber: "y"}, "exceeds_shippable")
}

func TestALostUnitDoesNotHideTheRefundOfAReturnedOne(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 1000, 2, 0, false})
	lost := s.ship(units("A", 1))
	s.deliver(s.ship(units("A", 1)))
	s.do(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}, ReasonCode: order.RefundLost})
	equal(t, "refund of the return", refunds(s.sendBack(units("A", 1))), []money.Amount{1000})
	s.settle()
	s.refuse(order.RequestRefund{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}}, "exceeds_refundable")
	s.deliver(lost)
	equal(t, "the lost parcel turns up and comes back", refunds(s.sendBack(units("A", 1))), []money.Amount{})
	equal(t, "net of the ledger", s.bank.net(), 0)
}

func TestACaptureThatSucceedsAfterTheCancelGoesBack(t *testing.T) {
	s := placed(t, onConfirm(), hundred)
	payment := s.state.Payments[0].ID
	s.answer(payment, true) // confirmed, the capture in flight
	equal(t, "cancelled", names(s.do(s.cancel())), []string{"Cancelled", "PaymentVoidRequested"})
	events := s.do(order.RecordCapture{
		Cause: s.cause(), PaymentID: payment, CaptureID: s.state.Captures[0].ID, Amount: 10000, GatewayRef: "c", CapturedAt: s.now,
	})
	equal(t, "captured", names(events), []string{"PaymentCaptured", "LatePaymentDetected", "RefundRequested"})
	equal(t, "refund", refunds(events), []money.Amount{10000})
	s.do(order.RecordVoid{Cause: s.cause(), PaymentID: payment, OpID: "v", VoidedAt: s.now})
	s.do(order.RecordRefund{Cause: s.cause(), PaymentID: payment, RefundID: s.state.Refunds[0].ID, Amount: 10000, SettledAt: s.now})
	equal(t, "axes", s.state.Axes, order.Axes{
		Status: order.StatusCancelled, PaymentStatus: order.PayRefunded, FulfillmentStatus: order.GoodsUnfulfilled,
	})
}

func TestGoodsThatWereNeverPaidAreTakenBackWithoutMoney(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 4000, 1, 0, false})
	payment := s.state.Payments[0].ID
	s.do(order.Dispatch{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}, Carrier: "x", TrackingNumber: "y"})
	s.answer(payment, false)
	equal(t, "payment", s.state.PaymentStatus, order.PayProblem)
	s.deliver(s.state.Shipments[0].ID)
	events := s.sendBack(units("A", 1))
	equal(t, "events", names(events), []string{"ReturnReceived", "ReturnClosed", "PaymentVoidRequested"})
	s.refuse(order.RequestCapture{Cause: s.cause()}, "nothing_to_capture")
	s.refuse(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"}, "invalid_transition")
	s.settle()
	equal(t, "payment", s.state.PaymentStatus, order.PayVoided)
	equal(t, "held", s.bank.held(), 0)
}

func TestTheRestOfAnAuthorizationIsLetGoOnce(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 7000, 1, 0, false}, item{"B", 2000, 1, 0, false}, item{"C", 1000, 1, 0, false})
	a, b := s.ship(units("A", 1)), s.ship(units("B", 1))
	events := s.do(order.CancelLines{Cause: s.cause(), Lines: []order.LineQuantity{units("C", 1)}, ReasonCode: order.ForInventory})
	equal(t, "events", names(events), []string{"LinesCancelled", "PaymentVoidRequested"})
	equal(t, "reason", of[order.PaymentVoidRequested](events)[0].Reason, order.VoidRemainder)
	s.settle()
	equal(t, "ledger", []money.Amount{s.bank.net(), s.bank.accounts[s.state.Payments[0].ID].voided}, []money.Amount{9000, 1000})
	s.deliver(a)
	s.deliver(b)
	equal(t, "axes", s.state.Axes, order.Axes{
		Status: order.StatusCompleted, PaymentStatus: order.PayCaptured, FulfillmentStatus: order.GoodsDelivered,
	})
}

func TestAnAuthorizationAfterTheDeadlineIsLate(t *testing.T) {
	s := placed(t, setting{}, hundred)
	s.now = s.now.Add(order.PaymentTime)
	equal(t, "expired", names(s.do(order.ExpirePayment{Cause: s.cause()})), []string{"Expired", "PaymentVoidRequested"})
	payment := s.state.Payments[0].ID
	events := s.do(s.authorization(payment, 10000))
	equal(t, "late", names(events), []string{"PaymentAuthorized", "LatePaymentDetected"}) // the void waits already
	s.do(order.RecordVoid{Cause: s.cause(), PaymentID: payment, OpID: "v", Amount: 10000, VoidedAt: s.now})
	equal(t, "axes", s.state.Axes, order.Axes{
		Status: order.StatusExpired, PaymentStatus: order.PayVoided, FulfillmentStatus: order.GoodsUnfulfilled,
	})
}

func TestARefundThatFailedAfterTheCancelCanBeAskedForAgain(t *testing.T) {
	s := confirmed(t, onConfirm(), hundred)
	s.do(s.cancel())
	s.answer(s.state.Payments[0].ID, false)
	equal(t, "payment and refundable", []any{s.state.PaymentStatus, s.state.Refundable()}, []any{order.PayProblem, money.Amount(10000)})
	equal(t, "again", refunds(s.do(order.RequestRefund{Cause: s.cause()})), []money.Amount{10000})
	equal(t, "payment", s.state.PaymentStatus, order.PayRefundPending)
	s.settle()
	equal(t, "payment", s.state.PaymentStatus, order.PayRefunded)
}

func TestAnUnansweredRefundKeepsItsMoney(t *testing.T) {
	s := confirmed(t, onConfirm(), hundred)
	s.do(s.goodwill(4000))
	s.now = s.now.Add(25 * time.Hour)
	s.do(order.RecordReview{
		Cause: s.cause(), PaymentID: s.state.Payments[0].ID, Op: order.OpRefund, OpID: order.OpID(s.state.Refunds[0].ID), Reason: "key_window",
	})
	equal(t, "payment", s.state.PaymentStatus, order.PayProblem)
	equal(t, "maximum", maximum(t, s.refuse(s.goodwill(7000), "exceeds_refundable")).Refundable, 6000)
}

func TestReturnsThatAreOpenCount(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 999, 5, 1900, false})
	s.shipAll()
	first := s.announce(units("A", 3))
	err := s.refuse(s.returning(units("A", 3)), "exceeds_returnable")
	var exceeds *order.ExceedsReturnableError
	if !errors.As(err, &exceeds) || exceeds.Lines[0].Maximum != 2 {
		t.Errorf("got %v", err)
	}
	second := s.announce(units("A", 2))
	s.do(order.RejectReturn{Cause: s.cause(), ReturnID: first})
	third := s.announce(units("A", 3))
	for id, n := range map[order.ReturnID]int{second: 2, third: 3} {
		s.do(order.ApproveReturn{Cause: s.cause(), ReturnID: id})
		s.receive(id, units("A", n))
	}
	s.settle()
	equal(t, "refunded", s.state.Refunded(), s.state.Lines[0].Gross)
}

func TestAReturnIsReceivedInParts(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 333, 4, 1900, false}, item{"B", 500, 1, 0, false})
	s.shipAll()
	id := s.announce(units("A", 4))
	s.refuse(s.receiving(id, units("A", 1)), "invalid_transition")
	s.do(order.ApproveReturn{Cause: s.cause(), ReturnID: id})
	equal(t, "first", refunds(s.receive(id, units("A", 1))), []money.Amount{333})
	equal(t, "second", refunds(s.receive(id, units("A", 2))), []money.Amount{666})
	err := s.refuse(s.receiving(id, units("A", 2)), "exceeds_returnable")
	var exceeds *order.ExceedsReturnableError
	if !errors.As(err, &exceeds) || exceeds.Lines[0].Maximum != 1 {
		t.Errorf("got %v", err)
	}
	s.refuse(s.receiving(id, units("B", 1)), "exceeds_returnable")
	events := s.do(order.CloseReturn{Cause: s.cause(), ReturnID: id})
	equal(t, "missing", of[order.ReturnClosed](events)[0].Missing, []order.LineQuantity{units("A", 1)})
	s.now = s.now.Add(order.ReturnWindow - time.Microsecond)
	s.announce(units("A", 1))
}

func TestADoubleScanMakesOneParcel(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 1000, 4, 0, false})
	scan := func() order.Dispatch {
		return order.Dispatch{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 2)}, Carrier: "DHL", TrackingNumber: "T1"}
	}
	events := s.do(scan())
	equal(t, "capture", of[order.CaptureRequested](events)[0].Amount, 2000)
	s.refuse(scan(), "duplicate_tracking")
	s.ship(units("A", 2))
}

func TestATrackingNumberIsCorrected(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 1000, 2, 0, false})
	id, other := s.ship(units("A", 1)), s.ship(units("A", 1))
	second, _ := s.state.Shipment(other)
	correct := func(carrier, number string) order.CorrectTracking {
		return order.CorrectTracking{Cause: s.cause(), ShipmentID: id, Carrier: carrier, TrackingNumber: number}
	}
	old := s.state.Shipments[0]
	events := s.do(correct("UPS", "T2"))
	want := order.TrackingCorrected{
		Head: events[0].About(), ShipmentID: id, OldCarrier: "DHL", OldTrackingNumber: old.TrackingNumber, Carrier: "UPS", TrackingNumber: "T2",
	}
	equal(t, "events", events, []order.Event{want})
	equal(t, "the same again", len(s.do(correct("UPS", "T2"))), 0)
	s.refuse(correct(second.Carrier, second.TrackingNumber), "duplicate_tracking")
	s.refuse(order.CorrectTracking{Cause: s.cause(), ShipmentID: "nobody's"}, "not_found")
}
