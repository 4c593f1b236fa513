package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

func found(amount int64) func(app.IdempotencyKey) (payment.Outcome, error) {
	return func(app.IdempotencyKey) (payment.Outcome, error) {
		return payment.Outcome{Result: payment.Succeeded, Amount: money(amount), Currency: "EUR", GatewayRef: "lost"}, nil
	}
}

// mismatch brings the authorization into review: the gateway names another amount.
func (f *fixture) mismatch() {
	f.Helper()
	f.fake.authorize = func(app.AuthorizeRequest) (app.Authorization, error) {
		return app.Authorization{Receipt: app.Receipt{GatewayRef: "lost", Amount: 10100, Currency: "EUR", At: f.now}, ExpiresAt: f.now}, nil
	}
	f.must(f.execute(auth1))
	f.expect("requested authorization_started manual_review")
	f.fake.lookup = found(10100)
	f.fake.calls = nil
}

func decision(op payment.OpID, succeeded bool) app.Decision {
	return app.Decision{PaymentID: pay, OpID: op, Succeeded: succeeded, Note: "seen", CommandID: "r1", Fingerprint: "f", Actor: "staff:f1"}
}

func TestGivingAnAuthorizationUpLetsItGoAtTheGatewayFirst(t *testing.T) {
	f := newFixture(t)
	f.mismatch()
	d := decision(auth1, false)
	if _, err := f.app.CheckReconcile(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	f.must(f.app.Reconcile(t.Context(), d))
	f.must(f.app.Reconcile(t.Context(), d))
	f.expect("requested authorization_started manual_review declined review_closed")
	voids := slices.DeleteFunc(slices.Clone(f.fake.calls), func(c string) bool { return !strings.HasPrefix(c, "void "+string(pay)+":void:") })
	if len(voids) != 1 {
		t.Errorf("got calls %v, want one void under a key of its own", f.fake.calls)
	}
	if actor := f.events()[4].Metadata.Actor; actor != "staff:f1" {
		t.Errorf("the decision is %s's, want staff:f1", actor)
	}
}

func TestAVoidThatIsLostKeepsTheReviewOpen(t *testing.T) {
	f := newFixture(t)
	f.mismatch()
	f.fake.move = func(payment.Op, int64) (app.Receipt, error) { return app.Receipt{}, errSilence }
	if err := f.app.Reconcile(t.Context(), decision(auth1, false)); !errors.Is(err, errSilence) {
		t.Errorf("got %v, want the lost answer", err)
	}
	f.expect("requested authorization_started manual_review")
}

func TestARefundThatTheGatewayDidIsNeverCalledFailed(t *testing.T) {
	f := newFixture(t)
	f.must(f.execute(auth1))
	f.capture(6000)
	f.must(f.execute(cap1))
	f.must(f.app.RequestRefund(t.Context(), es.Metadata{CommandID: "m4"}, payment.RequestRefund{PaymentID: pay, OrderID: order, RefundID: ref1, Amount: 1000}))
	f.fake.move = func(payment.Op, int64) (app.Receipt, error) {
		return app.Receipt{GatewayRef: "r", Amount: 999, Currency: "EUR", At: f.now}, nil
	}
	f.must(f.execute(ref1))
	f.fake.lookup = found(999)
	if _, err := f.app.CheckReconcile(t.Context(), decision(ref1, false)); !errors.Is(err, payment.ErrOperationClosed) {
		t.Errorf("got %v, want closed", err)
	}
	ok := decision(ref1, true)
	ok.GatewayRef = "r"
	if _, err := f.app.CheckReconcile(t.Context(), ok); err != nil {
		t.Fatal(err)
	}
	f.must(f.app.Reconcile(t.Context(), ok))
	f.expect("requested authorization_started authorized operation_requested captured operation_requested manual_review refunded review_closed")
}

func TestACaptureGivenUpIsGivenBack(t *testing.T) {
	f := newFixture(t)
	f.must(f.execute(auth1))
	f.capture(6000)
	f.fake.move = func(payment.Op, int64) (app.Receipt, error) {
		return app.Receipt{GatewayRef: "c", Amount: 6100, Currency: "EUR", At: f.now}, nil
	}
	f.must(f.execute(cap1))
	f.fake.lookup = found(6100)
	f.must(f.app.Reconcile(t.Context(), decision(cap1, false)))
	if last := f.fake.calls[len(f.fake.calls)-1]; !strings.HasPrefix(last, "refund "+string(pay)+":refund:") {
		t.Errorf("the last call is %s, want a refund", last)
	}
	f.expect("requested authorization_started authorized operation_requested manual_review capture_failed review_closed")
}

func TestAnAnswerThatComesBeforeTheDecisionStays(t *testing.T) {
	f := newFixture(t)
	f.mismatch()
	f.fake.lookup = func(app.IdempotencyKey) (payment.Outcome, error) {
		return payment.Outcome{Result: payment.Refused, Code: "fraud"}, nil
	}
	f.must(f.app.LookUp(t.Context(), work(auth1)))
	f.must(f.app.Reconcile(t.Context(), decision(auth1, true)))
	f.expect("requested authorization_started manual_review declined review_closed")
}
