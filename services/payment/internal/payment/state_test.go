package payment_test

import (
	"testing"

	. "github.com/kontor-dev/kontor/services/payment/internal/payment"
)

func TestStatusFollowsTheMoney(t *testing.T) {
	held := given(requested(), started(), authorized())
	with := func(more ...Event) []Event { return append(append([]Event{}, held...), more...) }
	full := with(captureOp(cap1, 10000), captured(cap1, 10000))
	part := with(captureOp(cap1, 6000), captured(cap1, 6000))
	for _, tt := range []struct {
		name   string
		events []Event
		status Status
		ops    OperationStatus
	}{
		{"nothing", nil, None, Idle},
		{"a failed capture alone", given(CaptureFailed{Head: head(t0), CaptureID: cap1, Amount: 1, Code: "x"}), None, Idle},
		{"requested", given(requested()), StatusRequested, InProgress},
		{"begun", given(requested(), started()), Authorizing, InProgress},
		{"no answer", given(requested(), started(), unknown(OpAuthorize, auth)), Authorizing, StatusUnknown},
		{"in review", given(requested(), started(), review(OpAuthorize, auth, ReasonKeyWindow)), Authorizing, OperationManualReview},
		{"authorized", held, StatusAuthorized, Idle},
		{"declined", given(requested(), started(), declined()), StatusDeclined, Idle},
		{"declined twice over", given(requested(), started(), declined(), voided(void1, 0)), StatusDeclined, Idle},
		{"declined, then contradicted", given(requested(), started(), declined(), review(OpAuthorize, auth, ReasonConflict)), StatusDeclined, OperationManualReview},
		{"voided before any call", given(requested(), voided(void1, 0)), StatusVoided, Idle},
		{"voided", with(voidOp(void1, 10000), voided(void1, 10000)), StatusVoided, Idle},
		{"voided when the gateway had let go", with(voidOp(void1, 10000), voided(void1, 0)), StatusVoided, Idle},
		{"expired", with(expired(10000)), Expired, Idle},
		{"a part captured", part, PartiallyCaptured, Idle},
		{"a part captured, the rest voided", append(part, voidOp(void1, 4000), voided(void1, 4000)), PartiallyCaptured, Idle},
		{"a part captured, a part of it given back", append(part, refundOp(ref1, 6000), refunded(ref1, 6000)), PartiallyCaptured, Idle},
		{"all captured", full, StatusCaptured, Idle},
		{"a refund under way", append(full, refundOp(ref1, 4000)), StatusCaptured, InProgress},
		{"a part given back", append(full, refundOp(ref1, 4000), refunded(ref1, 4000)), PartiallyRefunded, Idle},
		{"all given back", append(full, refundOp(ref1, 10000), refunded(ref1, 10000)), StatusRefunded, Idle},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := fold(tt.events)
			if s.Status() != tt.status || s.OperationStatus() != tt.ops {
				t.Errorf("got %q and %q, want %q and %q", s.Status(), s.OperationStatus(), tt.status, tt.ops)
			}
		})
	}
}

func TestOperationsTakeTurns(t *testing.T) {
	s := fold(given(requested(), started(), authorized(), captureOp(cap1, 6000), captureOp(cap2, 4000)))
	if o, _ := s.Current(); o.OpID != cap1 {
		t.Errorf("current is %s, want the first capture", o.OpID)
	}
	s = Evolve(s, review(OpCapture, cap1, ReasonKeyWindow))
	if o, _ := s.Current(); o.OpID != cap1 {
		t.Errorf("current is %s: a review is not overtaken", o.OpID)
	}
	s = Evolve(s, captured(cap1, 6000))
	if o, _ := s.Current(); o.OpID != cap2 {
		t.Errorf("current is %s, want the second capture", o.OpID)
	}
}
