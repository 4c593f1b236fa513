package gateway_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kontor-dev/kontor/internal/fakegateway"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/gateway"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

var ref = app.MerchantRef{OrderID: "o1", PaymentID: "p1"}

// open starts a fake gateway and a client of it whose calls end after 300 ms.
func open(t *testing.T) (*gateway.Client, *fakegateway.Server) {
	t.Helper()
	fake, err := fakegateway.New(fakegateway.Options{Slow: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(fake)
	c, err := gateway.New(gateway.Config{URL: srv.URL, CallTimeout: 300 * time.Millisecond, LookupTimeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		srv.CloseClientConnections()
		srv.Close()
		if err := fake.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, fake
}

func authorize(token string) app.AuthorizeRequest {
	return app.AuthorizeRequest{Key: "p1:authorize:a1", Ref: ref, Amount: 10000, Currency: "EUR", PaymentMethodToken: token}
}

func TestMoneyGoesThereAndBack(t *testing.T) {
	t.Parallel()
	c, fake := open(t)
	a, err := c.Authorize(t.Context(), authorize("tok_ok"))
	if err != nil {
		t.Fatal(err)
	}
	if a.Amount != 10000 || a.Currency != "EUR" || !a.ExpiresAt.After(a.At) || a.Card.Last4 != "4242" {
		t.Errorf("got authorization %+v", a)
	}
	taken, err := c.Capture(t.Context(), app.CaptureRequest{Key: "c", Ref: ref, AuthRef: a.GatewayRef, Amount: 6000, Currency: "EUR"})
	if err != nil || taken.Amount != 6000 || taken.GatewayRef == a.GatewayRef {
		t.Errorf("capture: got %+v, %v", taken, err)
	}
	back, err := c.Refund(t.Context(), app.RefundRequest{Key: "r", Ref: ref, AuthRef: a.GatewayRef, Amount: 1000, Currency: "EUR"})
	if err != nil || back.Amount != 1000 {
		t.Errorf("refund: got %+v, %v", back, err)
	}
	gone, err := c.Void(t.Context(), app.VoidRequest{Key: "v", Ref: ref, AuthRef: a.GatewayRef, Currency: "EUR"})
	if err != nil || gone.Amount != 4000 {
		t.Errorf("void: got %+v, %v", gone, err)
	}
	want := []fakegateway.Summary{{OrderID: "o1", Currency: "EUR", Authorized: 10000, Captured: 6000, Voided: 4000, Refunded: 1000, Net: 5000}}
	if diff := cmp.Diff(want, fake.Summary("o1")); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	found, err := c.Lookup(t.Context(), "p1:authorize:a1", ref)
	wantFound := payment.Outcome{Result: payment.Succeeded, Amount: 10000, Currency: "EUR", GatewayRef: a.GatewayRef, At: a.At, ExpiresAt: a.ExpiresAt, Card: a.Card}
	if diff := cmp.Diff(wantFound, found); diff != "" || err != nil {
		t.Errorf("lookup (-want +got): %v\n%s", err, diff)
	}
	if _, err := c.Lookup(t.Context(), "nobody", ref); !errors.Is(err, app.ErrNotFound) {
		t.Errorf("lookup of an unknown key: got %v", err)
	}
}

func TestErrorsAreOfOneOfFourKinds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		script string
		want   error
	}{
		{"decline", &app.Declined{Code: "do_not_honor", Class: payment.Soft, Message: "refused: do_not_honor"}},
		{"fail", &app.Failed{Code: "refused"}},
		{"429", &app.NotSent{RetryAfter: time.Second}},
		{"503", &app.Unknown{Class: "http_5xx", RetryAfter: time.Second}},
		{"500", &app.Unknown{Class: "http_5xx"}},
		{"execute_then_500", &app.Unknown{Class: "http_5xx"}},
		{"hang", &app.Unknown{Class: "timeout"}},
		{"execute_then_hang", &app.Unknown{Class: "timeout"}},
		{"drip", &app.Unknown{Class: "timeout"}},
		{"reset", &app.Unknown{Class: "reset"}},
		{"execute_then_reset", &app.Unknown{Class: "reset"}},
		{"malformed", &app.Unknown{Class: "bad_reply"}},
		{"huge", &app.Unknown{Class: "bad_reply"}},
		{"redirect", &app.Unknown{Class: "bad_reply"}},
		{"in_progress", &app.Unknown{Class: "bad_reply"}},
	} {
		t.Run(tt.script, func(t *testing.T) {
			t.Parallel()
			c, fake := open(t)
			var reply fakegateway.Reply
			if err := reply.UnmarshalJSON(fmt.Appendf(nil, "%q", tt.script)); err != nil {
				t.Fatal(err)
			}
			fake.Script("o1", "authorize", reply)
			_, err := c.Authorize(t.Context(), authorize("tok_ok"))
			ignoreCause := cmp.Options{cmpopts.IgnoreFields(app.NotSent{}, "Err"), cmpopts.IgnoreFields(app.Unknown{}, "Err")}
			if diff := cmp.Diff(tt.want, err, ignoreCause); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if rows := fake.Ledger("o1"); len(rows) != 1 {
				t.Errorf("the gateway received %d requests, want 1: nothing repeats by itself", len(rows))
			}
		})
	}
}

func TestAnotherAmountIsPassedOnAsNamed(t *testing.T) {
	t.Parallel()
	c, _ := open(t)
	a, err := c.Authorize(t.Context(), authorize("tok_wrong_amount"))
	if err != nil || a.Amount != money.Amount(10100) {
		t.Errorf("got %d, %v; want 10100: the core decides", a.Amount, err)
	}
}

func TestAGatewayThatIsAwayGetsNothing(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(nil)
	url := srv.URL
	srv.Close()
	c, err := gateway.New(gateway.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Authorize(t.Context(), authorize("tok_ok")); !errors.Is(err, app.ErrNotSent) {
		t.Errorf("got %v, want not sent", err)
	}
}

func TestTheBreakerOpensAfterHalfOfTwentyCallsFailed(t *testing.T) {
	t.Parallel()
	c, fake := open(t)
	replies := make([]fakegateway.Reply, 20)
	for i := range replies {
		replies[i] = fakegateway.Reply{Effect: fakegateway.EffectNone, Status: 500}
	}
	fake.Script("o1", "authorize", replies...)
	for i := range 20 {
		var unknown *app.Unknown
		if _, err := c.Authorize(t.Context(), authorize("tok_ok")); !errors.As(err, &unknown) {
			t.Fatalf("call %d: got %v, want unknown", i+1, err)
		}
	}
	_, err := c.Authorize(t.Context(), authorize("tok_ok"))
	var notSent *app.NotSent
	if !errors.As(err, &notSent) || notSent.RetryAfter != 2*time.Second {
		t.Errorf("got %v, want not sent for 2s", err)
	}
	if rows := fake.Ledger("o1"); len(rows) != 20 {
		t.Errorf("the gateway received %d requests, want 20", len(rows))
	}
}

func TestDeclinesDoNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	c, _ := open(t)
	for i := range 40 {
		var declined *app.Declined
		if _, err := c.Authorize(t.Context(), authorize("tok_declined_funds")); !errors.As(err, &declined) {
			t.Fatalf("call %d: got %v, want a decline", i+1, err)
		}
	}
}

func TestCapabilitiesAreAskedFor(t *testing.T) {
	t.Parallel()
	c, _ := open(t)
	got, err := c.Refresh(t.Context())
	want := app.Capabilities{MultiCapture: true, KeyWindow: 24 * time.Hour}
	if err != nil || got != want || c.Capabilities() != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := gateway.New(gateway.Config{URL: "ftp://x"}); err == nil {
		t.Error("an ftp URL was accepted")
	}
}
