package payment_test

import (
	"testing"

	. "github.com/kontor-dev/kontor/services/payment/internal/payment"
)

func TestBegin(t *testing.T) {
	begin := func(id OpID) Begin { return Begin{OpID: id, At: t0} }
	run(t, []row{
		{Name: "an unknown payment is refused", When: begin(auth), Err: ErrUnknownPayment},
		{Name: "an unknown operation is refused", Given: given(requested()), When: begin(cap1), Err: ErrUnknownOperation},
		{Name: "an authorization begins", Given: given(requested()), When: begin(auth), Then: given(started())},
		{Name: "begun again nothing happens: the call has the same key", Given: given(requested(), started()), When: begin(auth)},
		{Name: "after a void there is no call", Given: given(requested(), voided(void1, 0)), When: begin(auth)},
		{Name: "a void waits its turn", Given: given(requested(), started(), voidOp(void1, 10000)), When: begin(void1)},
		{
			Name:  "a void with nothing left to release is answered without a call",
			Given: given(requested(), started(), authorized(), captureOp(cap1, 10000), voidOp(void1, 10000), captured(cap1, 10000)),
			When:  begin(void1), Then: given(voided(void1, 0)),
		},
		{Name: "a capture needs no beginning", Given: given(requested(), started(), authorized(), captureOp(cap1, 1)), When: begin(cap1)},
	})
}

func ok(amount int64) Outcome {
	return Outcome{Result: Succeeded, Amount: money(amount), Currency: "EUR", GatewayRef: "g", At: t0}
}

func okAuth() Outcome {
	return Outcome{
		Result: Succeeded, Amount: 10000, Currency: "EUR", GatewayRef: "a1", At: t0, ExpiresAt: expires,
		Card: &Card{Brand: "visa", Last4: "4242"},
	}
}

var noFunds = Outcome{Result: Refused, Code: "insufficient_funds", Class: Soft}

func record(id OpID, o Outcome) RecordOutcome {
	return RecordOutcome{OpID: id, Outcome: o, Source: SourceCall, At: t0}
}

func TestRecordOutcomeOfAnAuthorization(t *testing.T) {
	begun := given(requested(), started())
	with := func(more ...Event) []Event { return append(append([]Event{}, begun...), more...) }
	wrong, foreign := okAuth(), okAuth()
	wrong.Amount, foreign.Currency = 10100, "USD"
	byLookup := record(auth, okAuth())
	byLookup.Source = SourceLookup
	foundLate := authorized()
	foundLate.Source = SourceLookup
	closed := ReviewClosed{Head: head(t0), Op: OpAuthorize, OpID: auth, Note: "answered by call"}
	run(t, []row{
		{Name: "it is authorized", Given: begun, When: record(auth, okAuth()), Then: given(authorized())},
		{Name: "it is declined", Given: begun, When: record(auth, noFunds), Then: given(declined())},
		{Name: "found by a look-up it says so", Given: with(unknown(OpAuthorize, auth)), When: byLookup, Then: given(foundLate)},
		{
			Name: "a failure is a hard decline", Given: begun, When: record(auth, Outcome{Result: Failed, Code: "currency_mismatch"}),
			Then: given(Declined{Head: head(t0), Attempt: 1, OpID: auth, DeclineCode: "currency_mismatch", DeclineClass: Hard, Source: SourceCall}),
		},
		{Name: "a decline answers the void that waits", Given: with(voidOp(void1, 10000)), When: record(auth, noFunds), Then: given(declined(), voided(void1, 0))},
		{Name: "another amount is for a person", Given: begun, When: record(auth, wrong), Then: given(review(OpAuthorize, auth, ReasonAmountMismatch))},
		{Name: "another currency is for a person", Given: begun, When: record(auth, foreign), Then: given(review(OpAuthorize, auth, ReasonAmountMismatch))},
		{Name: "another amount again changes nothing", Given: with(review(OpAuthorize, auth, ReasonAmountMismatch)), When: record(auth, wrong)},
		{Name: "an answer after all closes the review", Given: with(review(OpAuthorize, auth, ReasonKeyWindow)), When: record(auth, okAuth()), Then: given(authorized(), closed)},
		{Name: "the same answer again changes nothing", Given: with(authorized()), When: record(auth, okAuth())},
		{Name: "the same decline again changes nothing", Given: with(declined()), When: record(auth, noFunds)},
		{Name: "a success after a decline is for a person", Given: with(declined()), When: record(auth, okAuth()), Then: given(review(OpAuthorize, auth, ReasonConflict))},
		{Name: "a decline after a success is for a person", Given: with(authorized()), When: record(auth, noFunds), Then: given(review(OpAuthorize, auth, ReasonConflict))},
		{Name: "a conflict is reported once", Given: with(declined(), review(OpAuthorize, auth, ReasonConflict)), When: record(auth, okAuth())},
	})
}

func TestRecordOutcomeOfTheOthers(t *testing.T) {
	held := given(requested(), started(), authorized())
	with := func(more ...Event) []Event { return append(append([]Event{}, held...), more...) }
	failed := Outcome{Result: Failed, Code: "refused"}
	taken := with(captureOp(cap1, 6000), captured(cap1, 6000), refundOp(ref1, 1000))
	run(t, []row{
		{Name: "a capture succeeds", Given: with(captureOp(cap1, 6000)), When: record(cap1, ok(6000)), Then: given(captured(cap1, 6000))},
		{
			Name: "a capture fails", Given: with(captureOp(cap1, 6000)), When: record(cap1, failed),
			Then: given(CaptureFailed{Head: head(t0), CaptureID: cap1, ShipmentID: ship, Amount: 6000, Code: "refused"}),
		},
		{Name: "a capture of another amount is for a person", Given: with(captureOp(cap1, 6000)), When: record(cap1, ok(5999)), Then: given(review(OpCapture, cap1, ReasonAmountMismatch))},
		{Name: "a void releases the rest", Given: with(voidOp(void1, 10000)), When: record(void1, ok(10000)), Then: given(voided(void1, 10000))},
		{Name: "a void may find nothing", Given: with(voidOp(void1, 10000)), When: record(void1, ok(0)), Then: given(voided(void1, 0))},
		{Name: "a void of more than is held is for a person", Given: with(voidOp(void1, 10000)), When: record(void1, ok(10001)), Then: given(review(OpVoid, void1, ReasonAmountMismatch))},
		{Name: "a void fails", Given: with(voidOp(void1, 10000)), When: record(void1, failed), Then: given(VoidFailed{Head: head(t0), OpID: void1, Code: "refused"})},
		{Name: "a refund succeeds", Given: taken, When: record(ref1, ok(1000)), Then: given(refunded(ref1, 1000))},
		{Name: "a refund fails", Given: taken, When: record(ref1, failed), Then: given(RefundFailed{Head: head(t0), RefundID: ref1, Amount: 1000, Code: "refused"})},
		{Name: "a refund answered twice alike changes nothing", Given: append(taken, refunded(ref1, 1000)), When: record(ref1, ok(1000))},
		{Name: "a refund answered twice and differently is for a person", Given: append(taken, refunded(ref1, 1000)), When: record(ref1, failed), Then: given(review(OpRefund, ref1, ReasonConflict))},
	})
}

func TestRecordUnknown(t *testing.T) {
	lost := func(id OpID) RecordUnknown { return RecordUnknown{OpID: id, ErrorClass: "timeout", At: t0} }
	begun := given(requested(), started())
	run(t, []row{
		{Name: "it is said once", Given: begun, When: lost(auth), Then: given(unknown(OpAuthorize, auth))},
		{Name: "it is not said twice", Given: append(begun, unknown(OpAuthorize, auth)), When: lost(auth)},
		{Name: "before a call there is nothing unknown", Given: given(requested()), When: lost(auth)},
		{Name: "after an answer there is nothing unknown", Given: append(begun, authorized()), When: lost(auth)},
	})
}

func TestManualReview(t *testing.T) {
	begun := given(requested(), started())
	with := func(more ...Event) []Event { return append(append([]Event{}, begun...), more...) }
	lostAuth := with(unknown(OpAuthorize, auth), review(OpAuthorize, auth, ReasonKeyWindow))
	lostRefund := with(authorized(), captureOp(cap1, 6000), captured(cap1, 6000), refundOp(ref1, 1000), review(OpRefund, ref1, ReasonKeyWindow))
	closed := func(op Op, id OpID) ReviewClosed { return ReviewClosed{Head: head(t1), Op: op, OpID: id, Note: "seen"} }
	yes, no := Reconcile{OpID: auth, Succeeded: true, GatewayRef: "m1", ExpiresAt: expires, Note: "seen", At: t1}, Reconcile{OpID: auth, Note: "seen", At: t1}
	bare := yes
	bare.GatewayRef = ""
	yesRefund := Reconcile{OpID: ref1, Succeeded: true, GatewayRef: "m2", Note: "seen", At: t1}
	run(t, []row{
		{Name: "an open operation is given to a person", Given: begun, When: SendToReview{OpID: auth, Reason: ReasonKeyWindow, At: t0}, Then: given(review(OpAuthorize, auth, ReasonKeyWindow))},
		{Name: "only once", Given: lostAuth, When: SendToReview{OpID: auth, Reason: ReasonKeyWindow, At: t0}},
		{Name: "not after its answer", Given: with(authorized()), When: SendToReview{OpID: auth, Reason: ReasonKeyWindow, At: t0}},
		{Name: "what needs nobody cannot be decided", Given: begun, When: yes, Err: ErrOperationClosed},
		{Name: "an authorization needs its reference", Given: lostAuth, When: bare, Err: ErrReconcileIncomplete},
		{
			Name: "an authorization is found", Given: lostAuth, When: yes,
			Then: given(Authorized{Head: head(t1), Attempt: 1, OpID: auth, Amount: 10000, GatewayRef: "m1", AuthorizedAt: t1, ExpiresAt: expires, Source: SourceManual}, closed(OpAuthorize, auth)),
		},
		{
			Name: "an authorization is given up, and the void behind it answered", Given: append(lostAuth, voidOp(void1, 10000)), When: no,
			Then: given(
				Declined{Head: head(t1), Attempt: 1, OpID: auth, DeclineCode: "manual", DeclineClass: Hard, Message: "seen", Source: SourceManual},
				Voided{Head: head(t1), OpID: void1, VoidedAt: t1, Source: SourceManual}, closed(OpAuthorize, auth),
			),
		},
		{
			Name: "a refund is found", Given: lostRefund, When: yesRefund,
			Then: given(Refunded{Head: head(t1), RefundID: ref1, Amount: 1000, GatewayRef: "m2", RefundedAt: t1, Source: SourceManual}, closed(OpRefund, ref1)),
		},
		{
			Name: "of two answers the first one stays", Given: with(declined(), review(OpAuthorize, auth, ReasonConflict)), When: yes,
			Then: given(closed(OpAuthorize, auth)),
		},
	})
}

func TestExpireAuthorization(t *testing.T) {
	due := ExpireAuthorization{At: expires}
	held := given(requested(), started(), authorized())
	with := func(more ...Event) []Event { return append(append([]Event{}, held...), more...) }
	then := func(amount int64) []Event {
		return given(AuthorizationExpired{Head: head(expires), Amount: money(amount), ExpiredAt: expires})
	}
	run(t, []row{
		{Name: "what is held ends in time", Given: held, When: due, Then: then(10000)},
		{Name: "the rest of a partial capture ends", Given: with(captureOp(cap1, 6000), captured(cap1, 6000)), When: due, Then: then(4000)},
		{Name: "not a microsecond early", Given: held, When: ExpireAuthorization{At: expires.Add(-1000)}, Err: ErrNotDue},
		{Name: "not while an operation is open", Given: with(captureOp(cap1, 6000)), When: due, Err: ErrOperationOpen},
		{Name: "not what was voided", Given: with(voidOp(void1, 10000), voided(void1, 10000)), When: due},
		{Name: "not what was captured", Given: with(captureOp(cap1, 10000), captured(cap1, 10000)), When: due},
		{Name: "not what has no answer yet", Given: given(requested(), started()), When: due},
		{Name: "not twice", Given: with(expired(10000)), When: due},
	})
}
