package view_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/services/query/internal/view"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

func foldPayment(t *testing.T, story *viewtest.PaymentStory) view.PaymentState {
	t.Helper()
	var s view.PaymentState
	for _, m := range story.Messages {
		e, err := view.DecodePayment(m.Type, m.Data)
		if err != nil {
			t.Fatal(err)
		}
		was := encode(t, s)
		after, err := view.ApplyPayment(s, e)
		if err != nil {
			t.Fatal(err)
		}
		if encode(t, s) != was {
			t.Fatalf("%s changed the view before it", m.Type)
		}
		s = after
	}
	return s
}

func TestPaymentIsFoldedFromItsEvents(t *testing.T) {
	begin := func() *viewtest.PaymentStory { return viewtest.NewPayment("c-1", 1).Requested(1000) }
	op := func(s *viewtest.PaymentStory, name string) string { return ids.Operation(s.ID, name, 1) }
	for _, tc := range []struct {
		name      string
		tell      func() *viewtest.PaymentStory
		status    string
		operation string
		ops       []string // op:state
		visible   bool
	}{
		{"requested", begin, "requested", "in_progress", []string{"authorize:requested"}, true},
		{"authorizing", func() *viewtest.PaymentStory {
			s := begin()
			return s.Tell(paymentv1.TypeAuthorizationStarted, paymentv1.AuthorizationStarted{Head: s.Head(), OpID: s.Auth()})
		}, "authorizing", "in_progress", []string{"authorize:requested"}, true},
		{"an unknown outcome is not a decline", func() *viewtest.PaymentStory {
			s := begin()
			s.Tell(paymentv1.TypeAuthorizationStarted, paymentv1.AuthorizationStarted{Head: s.Head(), OpID: s.Auth()})
			return s.Tell(paymentv1.TypeOutcomeUnknown, paymentv1.OutcomeUnknown{Head: s.Head(), Op: "authorize", OpID: s.Auth(), ErrorClass: "timeout"})
		}, "authorizing", "outcome_unknown", []string{"authorize:unknown"}, true},
		{"authorized", func() *viewtest.PaymentStory { return begin().Authorized(1000) }, "authorized", "idle", []string{"authorize:succeeded"}, true},
		{"declined", func() *viewtest.PaymentStory {
			s := begin()
			return s.Tell(paymentv1.TypeDeclined, paymentv1.Declined{Head: s.Head(), Attempt: 1, OpID: s.Auth(), DeclineCode: "funds", DeclineClass: "soft"})
		}, "declined", "idle", []string{"authorize:failed"}, true},
		{"captured in part, the rest voided", func() *viewtest.PaymentStory {
			s := begin().Authorized(1000)
			s.Tell(paymentv1.TypeOperationRequested, paymentv1.OperationRequested{Head: s.Head(), Op: "capture", OpID: op(s, "capture"), Amount: 600})
			s.Tell(paymentv1.TypeCaptured, paymentv1.Captured{Head: s.Head(), CaptureID: op(s, "capture"), Amount: 600})
			s.Tell(paymentv1.TypeOperationRequested, paymentv1.OperationRequested{Head: s.Head(), Op: "void", OpID: op(s, "void"), Amount: 400})
			return s.Tell(paymentv1.TypeVoided, paymentv1.Voided{Head: s.Head(), OpID: op(s, "void"), Amount: 400})
		}, "partially_captured", "idle", []string{"authorize:succeeded", "capture:succeeded", "void:succeeded"}, true},
		{"refunded", func() *viewtest.PaymentStory {
			s := begin().Authorized(1000)
			s.Tell(paymentv1.TypeCaptured, paymentv1.Captured{Head: s.Head(), CaptureID: op(s, "capture"), Amount: 1000})
			s.Tell(paymentv1.TypeRefunded, paymentv1.Refunded{Head: s.Head(), RefundID: op(s, "refund"), Amount: 1000})
			return s.Tell(paymentv1.TypeRefundFailed, paymentv1.RefundFailed{Head: s.Head(), RefundID: op(s, "more"), Amount: 1, Code: "too_much"})
		}, "refunded", "idle", []string{"authorize:succeeded", "capture:succeeded", "refund:succeeded", "refund:failed"}, true},
		{"failed captures and voids change no money", func() *viewtest.PaymentStory {
			s := begin().Authorized(1000)
			s.Tell(paymentv1.TypeCaptureFailed, paymentv1.CaptureFailed{Head: s.Head(), CaptureID: op(s, "capture"), Amount: 600, Code: "no"})
			return s.Tell(paymentv1.TypeVoidFailed, paymentv1.VoidFailed{Head: s.Head(), OpID: op(s, "void"), Code: "no"})
		}, "authorized", "idle", []string{"authorize:succeeded", "capture:failed", "void:failed"}, true},
		{"expired", func() *viewtest.PaymentStory {
			s := begin().Authorized(1000)
			return s.Tell(paymentv1.TypeAuthorizationExpired, paymentv1.AuthorizationExpired{Head: s.Head(), Amount: 1000})
		}, "expired", "idle", []string{"authorize:succeeded"}, true},
		{"in manual review until it is closed", func() *viewtest.PaymentStory {
			s := begin().Authorized(1000)
			return s.Tell(paymentv1.TypeManualReview, paymentv1.ManualReview{Head: s.Head(), Op: "authorize", OpID: s.Auth(), Reason: "conflicting_answers"})
		}, "authorized", "manual_review", []string{"authorize:succeeded"}, true},
		{"a closed review", func() *viewtest.PaymentStory {
			s := begin()
			s.Tell(paymentv1.TypeManualReview, paymentv1.ManualReview{Head: s.Head(), Op: "authorize", OpID: s.Auth(), Reason: "key_window"})
			s.Tell(paymentv1.TypeReviewClosed, paymentv1.ReviewClosed{Head: s.Head(), Op: "authorize", OpID: s.Auth()})
			return s.Authorized(1000)
		}, "authorized", "idle", []string{"authorize:succeeded"}, true},
		{"a void that came before its payment is not shown", func() *viewtest.PaymentStory {
			s := viewtest.NewPayment("c-1", 1)
			return s.Tell(paymentv1.TypeVoided, paymentv1.Voided{Head: s.Head(), OpID: op(s, "void")})
		}, "voided", "idle", []string{"void:succeeded"}, false},
		{"a payment requested after its void makes no call", func() *viewtest.PaymentStory {
			s := viewtest.NewPayment("c-1", 1)
			s.Tell(paymentv1.TypeVoided, paymentv1.Voided{Head: s.Head(), OpID: op(s, "void")})
			return s.Requested(1000)
		}, "voided", "idle", []string{"void:succeeded", "authorize:failed"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := foldPayment(t, tc.tell())
			var ops []string
			for _, o := range s.Operations {
				ops = append(ops, o.Op+":"+o.State)
			}
			if s.Status != tc.status || s.OperationStatus != tc.operation || s.Requested != tc.visible {
				t.Errorf("got %s, %s, shown %v", s.Status, s.OperationStatus, s.Requested)
			}
			if diff := cmp.Diff(tc.ops, ops); diff != "" {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPaymentTakesNoEventOfAnother(t *testing.T) {
	s := foldPayment(t, viewtest.NewPayment("c-1", 1).Requested(1000))
	other := viewtest.NewPayment("c-1", 2).Requested(5)
	e, err := view.DecodePayment(other.Messages[0].Type, other.Messages[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := view.ApplyPayment(s, e); !isImpossible(err) {
		t.Errorf("got %v", err)
	}
}
