package payment_test

import (
	"testing"

	m "github.com/kontor-dev/kontor/internal/money"
	. "github.com/kontor-dev/kontor/services/payment/internal/payment"
)

func money(n int64) m.Amount { return m.Amount(n) }

func TestRequestPayment(t *testing.T) {
	ask := RequestPayment{
		PaymentID: pid, OrderID: oid, Attempt: 1, Gateway: "fake", CustomerID: "c1", Amount: 10000, Currency: "EUR",
		PaymentMethodToken: "tok_ok", At: t0,
	}
	free := ask
	free.Amount = 0
	run(t, []row{
		{Name: "a payment begins with the key of its authorization", When: ask, Then: given(requested())},
		{Name: "a payment for nothing is refused", When: free, Err: ErrAmount},
		{Name: "asked again nothing happens", Given: given(requested()), When: ask},
		{Name: "asked again after the authorization nothing happens", Given: given(requested(), started(), authorized()), When: ask},
		{Name: "asked again after a decline nothing happens", Given: given(requested(), started(), declined()), When: ask},
		{Name: "asked after a void it is recorded", Given: given(voided(void1, 0)), When: ask, Then: given(requested())},
		{
			Name:  "asked after a failed capture it begins",
			Given: given(CaptureFailed{Head: head(t0), CaptureID: cap1, Amount: 1, Code: "payment_unknown"}),
			When:  ask, Then: given(requested()),
		},
	})
}

func TestAPaymentVoidedBeforeItWasRequestedMakesNoCall(t *testing.T) {
	s := fold(given(voided(void1, 0), requested()))
	if _, open := s.Current(); open || s.Status() != StatusVoided {
		t.Errorf("got status %q, open operation %v; want voided and none", s.Status(), open)
	}
	got, err := Decide(Begin{OpID: auth, At: t1}, s)
	if err != nil || got != nil {
		t.Errorf("begin: got %v, %v; want nothing", got, err)
	}
}

func TestRequestCapture(t *testing.T) {
	ask := func(id OpID, amount int64) RequestCapture {
		return RequestCapture{PaymentID: pid, OrderID: oid, CaptureID: id, ShipmentID: ship, Amount: money(amount), At: t1}
	}
	fail := func(amount int64, code string) []Event {
		return given(CaptureFailed{Head: head(t1), CaptureID: cap2, ShipmentID: ship, Amount: money(amount), Code: code})
	}
	held := given(requested(), started(), authorized())
	with := func(more ...Event) []Event { return append(append([]Event{}, held...), more...) }
	run(t, []row{
		{
			Name: "a part of what is held is asked for", Given: held, When: ask(cap1, 6000),
			Then: given(at1(captureOp(cap1, 6000), func(e *OperationRequested) { e.OccurredAt = t1 })),
		},
		{
			Name: "all that is left is asked for", Given: with(captureOp(cap1, 6000), captured(cap1, 6000)), When: ask(cap2, 4000),
			Then: given(at1(captureOp(cap2, 4000), func(e *OperationRequested) { e.OccurredAt = t1 })),
		},
		{Name: "the same capture again changes nothing", Given: with(captureOp(cap1, 6000)), When: ask(cap1, 6000)},
		{Name: "nothing cannot be captured", Given: held, When: ask(cap2, 0), Err: ErrAmount},
		{Name: "an unknown payment answers", When: ask(cap2, 1), Then: fail(1, "payment_unknown")},
		{Name: "a payment not begun answers", Given: given(requested()), When: ask(cap2, 1), Then: fail(1, "not_authorized")},
		{Name: "a payment without answer answers", Given: given(requested(), started()), When: ask(cap2, 1), Then: fail(1, "not_authorized")},
		{Name: "a declined payment answers", Given: given(requested(), started(), declined()), When: ask(cap2, 1), Then: fail(1, "payment_declined")},
		{Name: "more than was authorized fails", Given: held, When: ask(cap2, 10001), Then: fail(10001, "exceeds_authorized")},
		{Name: "what another capture waits for is taken", Given: with(captureOp(cap1, 6000)), When: ask(cap2, 4001), Then: fail(4001, "exceeds_authorized")},
		{Name: "nothing is captured behind a void", Given: with(voidOp(void1, 10000)), When: ask(cap2, 1), Then: fail(1, "authorization_voided")},
		{Name: "nothing is captured after a void", Given: with(voidOp(void1, 10000), voided(void1, 10000)), When: ask(cap2, 1), Then: fail(1, "authorization_voided")},
		{Name: "nothing is captured after the expiry", Given: with(expired(10000)), When: ask(cap2, 1), Then: fail(1, "authorization_expired")},
		{
			Name: "the rest of a partial capture expires, too", Given: with(captureOp(cap1, 6000), captured(cap1, 6000), expired(4000)),
			When: ask(cap2, 1), Then: fail(1, "authorization_expired"),
		},
		{Name: "a payment captured in full answers", Given: with(captureOp(cap1, 10000), captured(cap1, 10000)), When: ask(cap2, 1), Then: fail(1, "exceeds_authorized")},
	})
}

func TestRequestVoid(t *testing.T) {
	ask := RequestVoid{PaymentID: pid, OrderID: oid, At: t1}
	atOnce := func(id OpID) []Event {
		return given(Voided{Head: head(t1), OpID: id, VoidedAt: t1, Source: SourceCall})
	}
	op := func(id OpID, amount int64) []Event {
		return given(at1(voidOp(id, amount), func(e *OperationRequested) { e.OccurredAt = t1 }))
	}
	held := given(requested(), started(), authorized())
	with := func(more ...Event) []Event { return append(append([]Event{}, held...), more...) }
	run(t, []row{
		{Name: "an unknown payment is voided for ever", When: ask, Then: atOnce(void1)},
		{Name: "a payment not begun is voided without a call", Given: given(requested()), When: ask, Then: atOnce(void1)},
		{Name: "a void waits for the answer to the authorization", Given: given(requested(), started()), When: ask, Then: op(void1, 10000)},
		{Name: "a void that waits is enough", Given: given(requested(), started(), voidOp(void1, 10000)), When: ask},
		{Name: "what is held is let go", Given: held, When: ask, Then: op(void1, 10000)},
		{Name: "only the uncaptured rest is let go", Given: with(captureOp(cap1, 6000), captured(cap1, 6000)), When: ask, Then: op(void1, 4000)},
		{Name: "nothing is left of a full capture", Given: with(captureOp(cap1, 10000), captured(cap1, 10000)), When: ask, Then: atOnce(void1)},
		{Name: "nothing is held after a decline", Given: given(requested(), started(), declined()), When: ask, Then: atOnce(void1)},
		{Name: "nothing is held after the expiry", Given: with(expired(10000)), When: ask, Then: atOnce(void1)},
		{Name: "a voided payment stays as it is", Given: with(voidOp(void1, 10000), voided(void1, 10000)), When: ask},
		{
			Name: "a void that was given up can be asked for again", When: ask, Then: op(void2, 10000),
			Given: with(voidOp(void1, 10000), VoidFailed{Head: head(t0), OpID: void1, Code: "refused"}),
		},
	})
}

func TestRequestRefund(t *testing.T) {
	ask := func(id OpID, amount int64) RequestRefund {
		return RequestRefund{PaymentID: pid, OrderID: oid, RefundID: id, Amount: money(amount), At: t1}
	}
	fail := func(amount int64, code string) []Event {
		return given(RefundFailed{Head: head(t1), RefundID: ref2, Amount: money(amount), Code: code})
	}
	taken := given(requested(), started(), authorized(), captureOp(cap1, 6000), captured(cap1, 6000))
	with := func(more ...Event) []Event { return append(append([]Event{}, taken...), more...) }
	run(t, []row{
		{
			Name: "what was captured can be given back", Given: taken, When: ask(ref1, 6000),
			Then: given(at1(refundOp(ref1, 6000), func(e *OperationRequested) { e.OccurredAt = t1 })),
		},
		{Name: "the same refund again changes nothing", Given: with(refundOp(ref1, 6000)), When: ask(ref1, 6000)},
		{Name: "nothing cannot be given back", Given: taken, When: ask(ref2, 0), Err: ErrAmount},
		{Name: "an unknown payment answers", When: ask(ref2, 1), Then: fail(1, "payment_unknown")},
		{Name: "a payment without capture answers", Given: given(requested(), started(), authorized()), When: ask(ref2, 1), Then: fail(1, "exceeds_captured")},
		{Name: "more than was captured fails", Given: taken, When: ask(ref2, 6001), Then: fail(6001, "exceeds_captured")},
		{Name: "what another refund waits for is given", Given: with(refundOp(ref1, 4000)), When: ask(ref2, 2001), Then: fail(2001, "exceeds_captured")},
		{
			Name: "a refund that failed is free again", When: ask(ref2, 6000),
			Given: with(refundOp(ref1, 4000), RefundFailed{Head: head(t0), RefundID: ref1, Amount: 4000, Code: "x"}),
			Then:  given(at1(refundOp(ref2, 6000), func(e *OperationRequested) { e.OccurredAt = t1 })),
		},
		{Name: "a refund in review is not free", Given: with(refundOp(ref1, 4000), review(OpRefund, ref1, ReasonKeyWindow)), When: ask(ref2, 2001), Then: fail(2001, "exceeds_captured")},
	})
}
