package consumer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/consumer"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

var (
	orderID   = ids.Order("anna", "k")
	paymentID = ids.Payment(orderID, 1)
	at        = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	head      = paymentv1.Head{PaymentID: paymentID, OrderID: orderID, Version: 3, OccurredAt: at}
)

// recorder is use cases that remember what they were told.
type recorder struct {
	ask     app.Ask
	id      order.ID
	command order.Command
	err     error
}

func (r *recorder) Record(_ context.Context, ask app.Ask, id order.ID, f app.Fact) (app.Result, error) {
	r.ask, r.id, r.command = ask, id, f(order.Cause{At: at})
	return app.Result{}, r.err
}

func message(t *testing.T, typ string, body any) messaging.Message {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return messaging.Message{
		Topic: paymentv1.Topic, Key: orderID, ID: "m-1", Type: typ, Stream: paymentID, Version: 3, Data: data,
		Headers: map[string]string{messaging.HeaderCorrelationID: "corr", messaging.HeaderActor: "gateway", messaging.HeaderTraceParent: "00-a-b-01"},
	}
}

func TestEachFactIsOneCommand(t *testing.T) {
	cause := order.Cause{At: at}
	pay := order.PaymentID(paymentID)
	for typ, c := range map[string]struct {
		body any
		want order.Command
	}{
		paymentv1.TypeAuthorized: {
			paymentv1.Authorized{Head: head, Attempt: 1, OpID: "o", Amount: 500, GatewayRef: "g", AuthorizedAt: at, ExpiresAt: at.Add(time.Hour), Card: &paymentv1.Card{Brand: "visa", Last4: "4242"}},
			order.RecordAuthorization{
				Cause: cause, PaymentID: pay, Amount: 500, AuthorizedAt: at, AuthExpiresAt: at.Add(time.Hour), GatewayRef: "g",
				Card: &order.Card{Brand: "visa", Last4: "4242"},
			},
		},
		paymentv1.TypeDeclined: {
			paymentv1.Declined{Head: head, DeclineCode: "insufficient_funds", DeclineClass: "soft"},
			order.RecordDecline{Cause: cause, PaymentID: pay, DeclineCode: "insufficient_funds", DeclineClass: order.Soft},
		},
		paymentv1.TypeCaptured: {
			paymentv1.Captured{Head: head, CaptureID: "c", Amount: 500, GatewayRef: "g", CapturedAt: at},
			order.RecordCapture{Cause: cause, PaymentID: pay, CaptureID: "c", Amount: 500, GatewayRef: "g", CapturedAt: at},
		},
		paymentv1.TypeCaptureFailed: {
			paymentv1.CaptureFailed{Head: head, CaptureID: "c", Code: "refused"},
			order.RecordCaptureFailed{Cause: cause, PaymentID: pay, CaptureID: "c", Code: "refused"},
		},
		paymentv1.TypeVoided: {
			paymentv1.Voided{Head: head, OpID: "o", Amount: 500, VoidedAt: at},
			order.RecordVoid{Cause: cause, PaymentID: pay, OpID: "o", Amount: 500, VoidedAt: at},
		},
		paymentv1.TypeVoidFailed: {
			paymentv1.VoidFailed{Head: head, OpID: "o", Code: "refused"},
			order.RecordVoidFailed{Cause: cause, PaymentID: pay, OpID: "o", Code: "refused"},
		},
		paymentv1.TypeRefunded: {
			paymentv1.Refunded{Head: head, RefundID: "r", Amount: 500, GatewayRef: "g", RefundedAt: at},
			order.RecordRefund{Cause: cause, PaymentID: pay, RefundID: "r", Amount: 500, GatewayRef: "g", SettledAt: at},
		},
		paymentv1.TypeRefundFailed: {
			paymentv1.RefundFailed{Head: head, RefundID: "r", Code: "refused"},
			order.RecordRefundFailed{Cause: cause, PaymentID: pay, RefundID: "r", Code: "refused"},
		},
		paymentv1.TypeAuthorizationExpired: {
			paymentv1.AuthorizationExpired{Head: head, Amount: 500, ExpiredAt: at},
			order.RecordAuthExpired{Cause: cause, PaymentID: pay, Amount: 500, ExpiredAt: at},
		},
		paymentv1.TypeManualReview: {
			paymentv1.ManualReview{Head: head, Op: "refund", OpID: "o", Reason: "key_window"},
			order.RecordReview{Cause: cause, PaymentID: pay, Op: order.OpRefund, OpID: "o", Reason: "key_window"},
		},
		paymentv1.TypeReviewClosed: {
			paymentv1.ReviewClosed{Head: head, Op: "refund", OpID: "o"},
			order.RecordReviewClosed{Cause: cause, PaymentID: pay, Op: order.OpRefund, OpID: "o"},
		},
	} {
		t.Run(typ, func(t *testing.T) {
			r := &recorder{}
			if err := consumer.Routes(r).Handle(t.Context(), message(t, typ, c.body)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r.command, c.want); diff != "" {
				t.Fatal(diff)
			}
			want := app.Ask{
				CommandID: "m-1", Fingerprint: r.ask.Fingerprint, CorrelationID: "corr", CausationID: "m-1", Actor: "gateway", TraceParent: "00-a-b-01",
			}
			if diff := cmp.Diff(r.ask, want); diff != "" || r.id != order.ID(orderID) || len(r.ask.Fingerprint) != 64 {
				t.Fatal(r.id, diff)
			}
		})
	}
}

func TestTheFingerprintCoversTypeAndBody(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range []messaging.Message{
		message(t, paymentv1.TypeVoided, paymentv1.Voided{Head: head, Amount: 1}),
		message(t, paymentv1.TypeVoided, paymentv1.Voided{Head: head, Amount: 2}),
		message(t, paymentv1.TypeCaptured, paymentv1.Voided{Head: head, Amount: 1}),
	} {
		r := &recorder{}
		if err := consumer.Routes(r).Handle(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		seen[r.ask.Fingerprint] = true
	}
	if len(seen) != 3 {
		t.Fatalf("got %d fingerprints, want 3", len(seen))
	}
}

func TestWhichErrorsParkTheKey(t *testing.T) {
	for _, c := range []struct {
		err  error
		park bool
	}{
		{order.ErrImpossible, true},
		{app.ErrNotFound, true},
		{es.ErrCommandReused, true},
		{es.ErrInvalidAggregateID, true},
		{es.ErrUnavailable, false},
		{&es.ConflictError{}, false},
		{context.DeadlineExceeded, false},
		{errors.New("a fault"), false},
	} {
		r := &recorder{err: fmt.Errorf("order: %w", c.err)}
		err := consumer.Routes(r).Handle(t.Context(), message(t, paymentv1.TypeVoided, paymentv1.Voided{Head: head}))
		if !errors.Is(err, c.err) || messaging.IsPermanent(err) != c.park {
			t.Errorf("%v: got %v, permanent %v", c.err, err, messaging.IsPermanent(err))
		}
	}
}

func TestAMessageThatDoesNotFitItsEnvelopeIsParked(t *testing.T) {
	for name, change := range map[string]func(*messaging.Message){
		"another order":       func(m *messaging.Message) { m.Key = ids.Order("bert", "k") },
		"another payment":     func(m *messaging.Message) { m.Stream = ids.Payment(orderID, 2) },
		"another version":     func(m *messaging.Message) { m.Version = 4 },
		"a body that is none": func(m *messaging.Message) { m.Data = []byte(`{"amount":"x"}`) },
	} {
		m := message(t, paymentv1.TypeVoided, paymentv1.Voided{Head: head})
		change(&m)
		r := &recorder{}
		if err := consumer.Routes(r).Handle(t.Context(), m); !messaging.IsPermanent(err) || r.command != nil {
			t.Errorf("%s: got %v, told %v", name, err, r.command)
		}
	}
}

func TestOtherTypesArePassedOver(t *testing.T) {
	r := &recorder{}
	routes := consumer.Routes(r)
	if err := routes.Handle(t.Context(), message(t, paymentv1.TypeRequested, paymentv1.Requested{Head: head})); err != nil || r.command != nil {
		t.Fatalf("got %v, told %v", err, r.command)
	}
	if routes.Skipped() != 1 || routes.Knows(paymentv1.TypeRequested) || !routes.Knows(paymentv1.TypeAuthorized) {
		t.Fatalf("skipped %d", routes.Skipped())
	}
}
