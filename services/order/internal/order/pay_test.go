package order_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

var three = item{"A", 1000, 3, 0, false}

// dispatch sends units off and leaves what follows unanswered.
func (s *shop) dispatch(lines ...order.LineQuantity) ([]order.Event, error) {
	c := order.Dispatch{Cause: s.cause(), Lines: lines, Carrier: "DHL"}
	c.TrackingNumber = string(c.CommandID)
	return s.try(c)
}

func TestCancellingLetsGoOfTheMoney(t *testing.T) {
	for _, tt := range []struct {
		name  string
		given func(*testing.T) *shop
		want  []string
		end   order.PaymentStatus
	}{
		{"while it is being authorized", func(t *testing.T) *shop { return placed(t, setting{}, hundred) }, []string{"Cancelled", "PaymentVoidRequested"}, order.PayVoided},
		{"when it is authorized", func(t *testing.T) *shop { return confirmed(t, setting{}, hundred) }, []string{"Cancelled", "PaymentVoidRequested"}, order.PayVoided},
		{"when it is captured", func(t *testing.T) *shop { return confirmed(t, onConfirm(), hundred) }, []string{"Cancelled", "RefundRequested"}, order.PayRefunded},
		{"when it was declined", func(t *testing.T) *shop { return inStatus(t, order.StatusPaymentFailed) }, []string{"Cancelled"}, order.PayDeclined},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.given(t)
			events := s.do(s.cancel())
			equal(t, "events", names(events), tt.want)
			for _, v := range of[order.PaymentVoidRequested](events) {
				equal(t, "reason", v.Reason, order.VoidCancelled)
			}
			s.settle()
			equal(t, "axes", s.state.Axes, axes(order.StatusCancelled, tt.end, order.GoodsUnfulfilled))
			equal(t, "ledger", []money.Amount{s.bank.net(), s.bank.held()}, []money.Amount{0, 0})
		})
	}
}

func TestAfterAShipmentOnlyTheRestIsCalledOff(t *testing.T) {
	s := confirmed(t, setting{}, item{"A", 1000, 5, 0, false})
	s.ship(units("A", 2))
	s.refuse(s.cancel(), "already_shipped")
	cancel := func(n int) order.Command {
		return order.CancelLines{Cause: s.cause(), Lines: []order.LineQuantity{units("A", n)}, ReasonCode: order.ByStaff}
	}
	s.refuse(cancel(4), "exceeds_shippable")
	e := of[order.LinesCancelled](s.do(cancel(3)))[0]
	equal(t, "released", e.Released, []order.SKUQuantity{{SKU: "A", Quantity: 3}})
	equal(t, "reserved", s.state.OpenReservations(), []order.SKUQuantity{})
	s.settle()
	equal(t, "ledger", []money.Amount{s.bank.net(), s.bank.held()}, []money.Amount{2000, 0})
}

func TestCallingOffTheLastUnitCancelsTheOrder(t *testing.T) {
	s := confirmed(t, setting{}, mug, lamp)
	cancel := func(lines ...order.LineQuantity) order.Command {
		return order.CancelLines{Cause: s.cause(), Lines: lines, ReasonCode: order.ForInventory, Note: "sold out"}
	}
	equal(t, "a line", names(s.do(cancel(units("MUG", 2)))), []string{"LinesCancelled"})
	events := s.do(cancel(units("LAMP", 1)))
	equal(t, "the rest", names(events), []string{"Cancelled", "PaymentVoidRequested"})
	equal(t, "what", events[0].(order.Cancelled).Lines, []order.LineGross{{LineID: lineID("LAMP"), Quantity: 1, Gross: 4000}})
	for _, lines := range [][]order.LineQuantity{nil, {units("A", 0)}, {units("MUG", 1), units("MUG", 1)}} {
		c := confirmed(t, setting{}, mug)
		c.refuse(order.CancelLines{Cause: c.cause(), Lines: lines}, "validation_failed")
	}
}

func TestTheLastDeliveryMayBeACancellation(t *testing.T) {
	s := confirmed(t, setting{}, three)
	s.deliver(s.ship(units("A", 2)))
	events := s.do(order.CancelLines{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}})
	equal(t, "events", names(events), []string{"LinesCancelled", "Completed", "PaymentVoidRequested"})
}

func TestACaptureThatFailedIsTakenAgain(t *testing.T) {
	s := confirmed(t, setting{}, three)
	payment := s.firstPayment()
	s.refuse(order.RequestCapture{Cause: s.cause()}, "nothing_to_capture")
	if _, err := s.dispatch(units("A", 2)); err != nil {
		t.Fatal(err)
	}
	s.answer(payment, false)
	equal(t, "axes", s.state.Axes, axes(order.StatusConfirmed, order.PayProblem, order.GoodsPartiallyShipped))
	s.refuse(order.Dispatch{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 1)}}, "payment_problem")
	e := of[order.CaptureRequested](s.do(order.RequestCapture{Cause: s.cause()}))[0]
	equal(t, "amount", e.Amount, 2000)
	s.refuse(order.RequestCapture{Cause: s.cause()}, "nothing_to_capture")
	s.settle()
	equal(t, "payment", s.state.PaymentStatus, order.PayPartiallyCaptured)
	s.deliver(s.firstParcel())
	s.shipAll()
	equal(t, "axes", s.state.Axes, axes(order.StatusCompleted, order.PayCaptured, order.GoodsDelivered))
}

func TestACaptureThatFailedIsPaidByAnotherAttempt(t *testing.T) {
	s := confirmed(t, setting{}, three)
	s.refuse(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"}, "invalid_transition") // an authorization lives
	if _, err := s.dispatch(units("A", 2)); err != nil {
		t.Fatal(err)
	}
	s.answer(s.firstPayment(), false)
	events := s.do(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"})
	equal(t, "events", names(events), []string{"PaymentVoidRequested", "PaymentRetryRequested"})
	equal(t, "reason", events[0].(order.PaymentVoidRequested).Reason, order.VoidSuperseded)
	retry := events[1].(order.PaymentRetryRequested)
	equal(t, "amount and deadline", []any{retry.Amount, retry.PaymentDueAt == nil}, []any{money.Amount(3000), true})
	s.refuse(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"}, "invalid_transition") // an attempt runs
	s.answer(s.firstPayment(), true)
	events = s.do(s.authorization(retry.PaymentID, 3000))
	equal(t, "what is shipped is captured at once", of[order.CaptureRequested](events)[0].Amount, 2000)
}

func TestAnAuthorizationThatExpired(t *testing.T) {
	s := confirmed(t, setting{}, three)
	s.now = s.state.Payments[0].AuthExpiresAt
	if _, err := s.dispatch(units("A", 1)); !errors.Is(err, order.ErrAuthExpired) {
		t.Fatalf("got %v", err)
	}
	s.do(order.RecordAuthExpired{Cause: s.cause(), PaymentID: s.firstPayment(), Amount: 3000, ExpiredAt: s.now})
	equal(t, "payment", s.state.PaymentStatus, order.PayAuthExpired)
	if _, err := s.dispatch(units("A", 1)); !errors.Is(err, order.ErrAuthExpired) {
		t.Fatalf("got %v", err)
	}
	s.do(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"})
	s.do(s.authorization(s.state.Payments[1].ID, 3000))
	if _, err := s.dispatch(units("A", 3)); err != nil {
		t.Fatal(err)
	}
}

func TestADeclineNeverUndoesASuccess(t *testing.T) {
	s := placed(t, setting{}, hundred)
	first := s.firstPayment()
	s.answer(first, false)
	s.do(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"})
	s.settle()
	for _, p := range s.state.Payments {
		equal(t, "events", len(s.do(order.RecordDecline{Cause: s.cause(), PaymentID: p.ID})), 0)
	}
	equal(t, "status", s.state.Status, order.StatusConfirmed)
}

func TestAnAuthorizationAfterItsDeclineIsGood(t *testing.T) {
	s := inStatus(t, order.StatusPaymentFailed)
	equal(t, "events", names(s.do(s.authorization(s.firstPayment(), 2000))), []string{"PaymentAuthorized", "Confirmed"})
}

func TestAVoidThatFailed(t *testing.T) {
	s := confirmed(t, setting{}, hundred)
	s.do(s.cancel())
	s.answer(s.firstPayment(), false)
	equal(t, "payment", s.state.PaymentStatus, order.PayProblem)
	equal(t, "a note asks for nothing", names(s.do(order.AddNote{Cause: s.cause(), Note: "called"})), []string{"NoteAdded"})
	events := s.do(order.RequestRefund{Cause: s.cause()})
	equal(t, "finance does", names(events), []string{"PaymentVoidRequested"})
	equal(t, "for the same reason", events[0].(order.PaymentVoidRequested).Reason, order.VoidCancelled)
	s.settle()
	equal(t, "payment", s.state.PaymentStatus, order.PayVoided)
}

func TestAVoidThatFailedDoesNotStopDispatch(t *testing.T) {
	s := confirmed(t, onConfirm(), three)
	s.do(order.RecordVoidFailed{Cause: s.cause(), PaymentID: s.firstPayment(), OpID: "v"})
	equal(t, "all is captured, nothing is held", s.state.PaymentStatus, order.PayCaptured)
	s = confirmed(t, setting{}, three)
	s.do(order.RecordVoidFailed{Cause: s.cause(), PaymentID: s.firstPayment(), OpID: "v"})
	equal(t, "payment", s.state.PaymentStatus, order.PayProblem)
	if _, err := s.dispatch(units("A", 1)); err != nil {
		t.Fatal(err)
	}
}

func TestAReviewIsAProblemUntilItIsClosed(t *testing.T) {
	s := confirmed(t, setting{}, three)
	review := order.RecordReview{Cause: s.cause(), PaymentID: s.firstPayment(), Op: order.OpAuthorize, OpID: "x", Reason: "conflicting_answers"}
	s.do(review)
	equal(t, "payment", s.state.PaymentStatus, order.PayProblem)
	if _, err := s.dispatch(units("A", 1)); !errors.Is(err, order.ErrPaymentProblem) {
		t.Errorf("got %v", err)
	}
	closed := order.RecordReviewClosed{Cause: s.cause(), PaymentID: s.firstPayment(), Op: order.OpAuthorize, OpID: "x"}
	s.do(closed)
	equal(t, "payment", s.state.PaymentStatus, order.PayAuthorized)
	equal(t, "told again", len(s.do(review))+len(s.do(closed)), 0)
}

func TestFactsThatCannotBeTrue(t *testing.T) {
	s := confirmed(t, onConfirm(), hundred)
	p := s.firstPayment()
	s.do(s.goodwill(100))
	refund := s.state.Refunds[0].ID
	for _, c := range []order.Command{
		order.RecordAuthorization{PaymentID: "nobody's"}, order.RecordDecline{PaymentID: "nobody's"},
		order.RecordCapture{PaymentID: p, CaptureID: "nobody's"}, order.RecordCaptureFailed{PaymentID: p, CaptureID: "nobody's"},
		order.RecordVoid{PaymentID: "nobody's"}, order.RecordVoidFailed{PaymentID: "nobody's"},
		order.RecordRefund{PaymentID: p, RefundID: "nobody's"}, order.RecordRefund{PaymentID: p, RefundID: refund, Amount: 99},
		order.RecordRefund{PaymentID: "nobody's", RefundID: refund, Amount: 100}, order.RecordRefundFailed{PaymentID: p, RefundID: "nobody's"},
		order.RecordAuthExpired{PaymentID: "nobody's"}, order.RecordReview{PaymentID: "nobody's"}, order.RecordReviewClosed{PaymentID: "nobody's"},
	} {
		s.refuse(c, "impossible_fact")
	}
	s = placed(t, onConfirm(), hundred)
	s.answer(s.firstPayment(), true)
	s.refuse(order.RecordCapture{PaymentID: p, CaptureID: s.state.Captures[0].ID, Amount: 1}, "impossible_fact")
	s.refuse(order.RecordAuthExpired{Cause: s.cause(), PaymentID: "nobody's"}, "impossible_fact")
}

func TestWaitingForGoods(t *testing.T) {
	s := confirmed(t, setting{}, three)
	mark := func(n int) order.Command { return order.MarkBackordered{Cause: s.cause(), SKU: "A", Quantity: n} }
	events := s.do(mark(2))
	equal(t, "events", events, []order.Event{order.LinesBackordered{Head: s.head(), Lines: []order.LineQuantity{units("A", 2)}}})
	equal(t, "goods", s.state.FulfillmentStatus, order.GoodsBackordered)
	equal(t, "the same again", len(s.do(mark(2))), 0)
	s.refuse(mark(-1), "validation_failed")
	s.refuse(order.MarkBackordered{Cause: s.cause(), SKU: "NONE"}, "not_found")
	s.do(order.CancelLines{Cause: s.cause(), Lines: []order.LineQuantity{units("A", 2)}})
	equal(t, "no more than is still to be shipped", s.state.Lines[0].Backordered(), 1)
	s.do(mark(0))
	equal(t, "goods", s.state.FulfillmentStatus, order.GoodsUnfulfilled)
	s.now = s.now.Add(time.Minute)
	s.refuse(order.AddNote{Cause: s.cause()}, "validation_failed")
}
