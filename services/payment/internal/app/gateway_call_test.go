package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	m "github.com/kontor-dev/kontor/internal/money"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

func money(n int64) m.Amount { return m.Amount(n) }

// expect compares the stream, without the prefix that all names have.
func (f *fixture) expect(want string) {
	f.Helper()
	got := strings.ReplaceAll(strings.Join(f.types(), " "), "payment.", "")
	if got != want {
		f.Errorf("stream: got %s, want %s", got, want)
	}
}

func TestAnAuthorizationIsBegunCalledAndRecorded(t *testing.T) {
	f := newFixture(t)
	f.must(f.execute(auth1))
	f.expect("requested authorization_started authorized")
	f.must(f.execute(auth1))
	f.expect("requested authorization_started authorized")
	want := []string{"authorize " + payment.Key(pay, payment.OpAuthorize, auth1)}
	if diff := cmp.Diff(want, f.fake.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	last := f.events()[2].Metadata
	if last.CorrelationID != "corr" || last.CausationID != "e1" || last.Actor != "gateway" || last.CommandID == "" || last.Fingerprint == "" {
		t.Errorf("metadata of the outcome: %+v", last)
	}
}

func TestADefiniteNoIsRecordedAndNotTriedAgain(t *testing.T) {
	f := newFixture(t)
	f.fake.authorize = func(app.AuthorizeRequest) (app.Authorization, error) {
		return app.Authorization{}, &app.Declined{Code: "insufficient_funds", Class: payment.Soft}
	}
	f.must(f.execute(auth1))
	f.must(f.execute(auth1))
	f.expect("requested authorization_started declined")
	if len(f.fake.calls) != 1 {
		t.Errorf("got calls %v, want one", f.fake.calls)
	}
}

func TestALostAnswerIsUnknownOnceLookedUpAndCalledAgainWithItsKey(t *testing.T) {
	f := newFixture(t)
	yes := f.fake.authorize
	f.fake.authorize = func(app.AuthorizeRequest) (app.Authorization, error) { return app.Authorization{}, errSilence }
	for range 2 {
		if err := f.execute(auth1); !errors.Is(err, errSilence) {
			t.Fatalf("got %v, want the lost answer", err)
		}
	}
	f.expect("requested authorization_started outcome_unknown")
	f.fake.authorize = yes
	f.must(f.execute(auth1))
	f.expect("requested authorization_started outcome_unknown authorized")
	key := payment.Key(pay, payment.OpAuthorize, auth1)
	want := []string{"authorize " + key, "lookup " + key, "authorize " + key, "lookup " + key, "authorize " + key}
	if diff := cmp.Diff(want, f.fake.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestALookUpFindsWhatWasLost(t *testing.T) {
	f := newFixture(t)
	f.fake.authorize = func(app.AuthorizeRequest) (app.Authorization, error) { return app.Authorization{}, errSilence }
	if f.execute(auth1) == nil {
		t.Fatal("silence is no error")
	}
	f.fake.lookup = func(app.IdempotencyKey) (payment.Outcome, error) {
		return payment.Outcome{Result: payment.Succeeded, Amount: 10000, Currency: "EUR", GatewayRef: "a1", At: f.now, ExpiresAt: f.now.Add(time.Hour)}, nil
	}
	f.must(f.execute(auth1))
	f.expect("requested authorization_started outcome_unknown authorized")
	if data := string(f.events()[3].Data); !strings.Contains(data, `"source":"lookup"`) {
		t.Errorf("the outcome does not say that it was looked up: %s", data)
	}
	if n := len(f.fake.calls); n != 2 {
		t.Errorf("got calls %v, want one call and one look-up", f.fake.calls)
	}
}

func TestWhatWasNotSentLeavesNoTraceAndComesLater(t *testing.T) {
	f := newFixture(t)
	f.fake.authorize = func(app.AuthorizeRequest) (app.Authorization, error) {
		return app.Authorization{}, &app.NotSent{RetryAfter: 7 * time.Second, Err: errors.New("breaker")}
	}
	var later *app.Later
	if err := f.execute(auth1); !errors.As(err, &later) || later.After != 7*time.Second {
		t.Errorf("got %v, want again in 7s", err)
	}
	f.expect("requested authorization_started")
}

func TestRetryAfterIsHonoured(t *testing.T) {
	f := newFixture(t)
	f.fake.authorize = func(app.AuthorizeRequest) (app.Authorization, error) {
		return app.Authorization{}, &app.Unknown{Class: "http_5xx", RetryAfter: 9 * time.Second, Err: errors.New("503")}
	}
	var later *app.Later
	if err := f.execute(auth1); !errors.As(err, &later) || later.After != 9*time.Second {
		t.Errorf("got %v, want again in 9s", err)
	}
	f.expect("requested authorization_started outcome_unknown")
}

func TestTheKeyWindowEndsCallsAtHalfAndGivesUpAtItsEnd(t *testing.T) {
	f := newFixture(t)
	f.fake.authorize = func(app.AuthorizeRequest) (app.Authorization, error) { return app.Authorization{}, errSilence }
	if f.execute(auth1) == nil {
		t.Fatal("silence is no error")
	}
	f.now = f.now.Add(12 * time.Hour)
	if f.execute(auth1) == nil {
		t.Fatal("an unknown outcome is no error")
	}
	f.now = f.now.Add(12*time.Hour - time.Microsecond)
	if f.execute(auth1) == nil {
		t.Fatal("an unknown outcome is no error")
	}
	f.expect("requested authorization_started outcome_unknown")
	f.now = f.now.Add(time.Microsecond)
	f.must(f.execute(auth1))
	f.expect("requested authorization_started outcome_unknown manual_review")
	f.must(f.execute(auth1))
	calls := slices.DeleteFunc(slices.Clone(f.fake.calls), func(c string) bool { return strings.HasPrefix(c, "lookup") })
	if len(calls) != 1 || len(f.fake.calls) != 4 {
		t.Errorf("got %v, want one call and three look-ups", f.fake.calls)
	}
}

func TestOperationsWaitTheirTurn(t *testing.T) {
	f := newFixture(t)
	f.must(f.execute(auth1))
	f.capture(6000)
	f.must(f.app.RequestVoid(t.Context(), es.Metadata{CommandID: "m3"}, payment.RequestVoid{PaymentID: pay, OrderID: order}))
	var later *app.Later
	if err := f.execute(void1); !errors.As(err, &later) {
		t.Errorf("got %v, want later: the capture comes first", err)
	}
	f.must(f.execute(cap1))
	f.fake.move = func(payment.Op, int64) (app.Receipt, error) {
		return app.Receipt{GatewayRef: "v", Amount: 4000, Currency: "EUR", At: f.now}, nil
	}
	f.must(f.execute(void1))
	f.expect("requested authorization_started authorized operation_requested operation_requested captured voided")
}

func TestASecondDifferentAnswerIsForAPerson(t *testing.T) {
	f := newFixture(t)
	f.must(f.execute(auth1))
	f.fake.lookup = func(app.IdempotencyKey) (payment.Outcome, error) {
		return payment.Outcome{Result: payment.Refused, Code: "fraud", Class: payment.Hard}, nil
	}
	for range 2 {
		f.must(f.app.LookUp(t.Context(), work(auth1)))
	}
	f.expect("requested authorization_started authorized manual_review")
}

func TestAHintAboutWhatWasNeverCalledAsksNobody(t *testing.T) {
	f := newFixture(t)
	f.must(f.app.LookUp(t.Context(), work(auth1)))
	f.must(f.app.LookUp(t.Context(), work(cap1)))
	if len(f.fake.calls) != 0 {
		t.Errorf("got calls %v, want none", f.fake.calls)
	}
}

func TestAnUnknownOperationIsRefused(t *testing.T) {
	f := newFixture(t)
	if err := f.execute(cap1); !errors.Is(err, payment.ErrUnknownOperation) {
		t.Errorf("got %v, want an unknown operation", err)
	}
}

func TestAMessageThatComesTwiceIsOneRequest(t *testing.T) {
	f := newFixture(t)
	f.must(f.execute(auth1))
	f.capture(6000)
	f.capture(6000)
	f.expect("requested authorization_started authorized operation_requested")
	err := f.app.RequestCapture(t.Context(), es.Metadata{CommandID: "m2", Fingerprint: "other"}, payment.RequestCapture{
		PaymentID: pay, OrderID: order, CaptureID: cap1, Amount: 1,
	})
	if !errors.Is(err, es.ErrCommandReused) {
		t.Errorf("another body: got %v", err)
	}
}

func TestAnAuthorizationExpiresInTimeAndNotBefore(t *testing.T) {
	f := newFixture(t)
	f.must(f.execute(auth1))
	armed := app.Cause{EventID: "e3", CorrelationID: "corr"}
	var later *app.Later
	if err := f.app.Expire(t.Context(), pay, armed); !errors.As(err, &later) || later.After != 7*24*time.Hour {
		t.Errorf("got %v, want again in a week", err)
	}
	f.now = f.now.Add(7 * 24 * time.Hour)
	f.capture(1000)
	if err := f.app.Expire(t.Context(), pay, armed); !errors.As(err, &later) || later.After != time.Minute {
		t.Errorf("got %v, want again in a minute: a capture is open", err)
	}
	f.fake.move = func(payment.Op, int64) (app.Receipt, error) {
		return app.Receipt{}, &app.Failed{Code: "authorization_expired"}
	}
	f.must(f.execute(cap1))
	f.must(f.app.Expire(t.Context(), pay, armed))
	f.must(f.app.Expire(t.Context(), pay, armed))
	f.expect("requested authorization_started authorized operation_requested capture_failed authorization_expired")
}
