package fakegateway_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/fakegateway"
)

// try is what one request with the same key gets: status 0 is no answer at all.
type try struct {
	Status  int
	Outcome string
	Code    string
}

func TestEveryAuthorizationTokenBehavesAsItsNameSays(t *testing.T) {
	t.Parallel()
	ok := try{Status: 200, Outcome: "ok"}
	for _, tt := range []struct {
		token   string
		tries   []try
		found   int // status of a lookup afterwards
		effects int
	}{
		{fakegateway.TokenOK, []try{ok, ok}, 200, 1},
		{fakegateway.TokenDeclinedFunds, []try{{402, "declined", "insufficient_funds"}, {402, "declined", "insufficient_funds"}}, 200, 0},
		{fakegateway.TokenDeclinedStolen, []try{{402, "declined", "stolen_card"}}, 200, 0},
		{"tok_nobody_knows", []try{{402, "declined", "unknown_token"}}, 200, 0},
		{fakegateway.TokenSlow, []try{ok, ok}, 200, 1},
		{fakegateway.TokenAuthExpires, []try{ok}, 200, 1},
		{fakegateway.TokenWrongAmount, []try{ok, ok}, 200, 1},
		{fakegateway.TokenTimeoutThenOK, []try{{}, ok, ok}, 200, 1},
		{fakegateway.TokenTimeoutThenDeclined, []try{{}, {402, "declined", "do_not_honor"}}, 200, 0},
		{fakegateway.TokenResetAfterCharge, []try{{}, ok}, 200, 1},
		{fakegateway.Token500ThenOK, []try{{500, "", ""}, ok}, 200, 1},
		{fakegateway.TokenNever, []try{{}, {}}, 404, 0},
		{fakegateway.TokenDupWebhook, []try{ok}, 200, 1},
		{fakegateway.TokenWebhookFirst, []try{ok}, 200, 1},
		{fakegateway.TokenCaptureFails, []try{ok}, 200, 1},
		{fakegateway.TokenRefundNever, []try{ok}, 200, 1},
	} {
		t.Run(tt.token, func(t *testing.T) {
			t.Parallel()
			g := start(t, fakegateway.Options{})
			for i, want := range tt.tries {
				status, o := g.post(t, "/v1/authorizations", "k", auth(tt.token))
				if got := (try{Status: status, Outcome: o.Outcome, Code: o.Code}); got != want {
					t.Errorf("try %d: got %+v, want %+v", i+1, got, want)
				}
			}
			if status, _ := g.lookup(t, "k"); status != tt.found {
				t.Errorf("lookup: got %d, want %d", status, tt.found)
			}
			if n := effects(g, "authorize"); n != tt.effects {
				t.Errorf("got %d effects, want %d", n, tt.effects)
			}
			if n := len(g.Ledger("o1")); n < len(tt.tries) {
				t.Errorf("ledger has %d rows for %d requests", n, len(tt.tries))
			}
		})
	}
}

func TestEveryCaptureAndRefundTokenBehavesAsItsNameSays(t *testing.T) {
	t.Parallel()
	ok := try{Status: 200, Outcome: "ok"}
	for _, tt := range []struct {
		token            string
		captures, refund []try
		captured, back   int64
	}{
		{fakegateway.TokenOK, []try{ok, ok}, []try{ok, ok}, 6000, 1000},
		{fakegateway.TokenCaptureSlow, []try{ok}, []try{ok}, 6000, 1000},
		{fakegateway.TokenRefundSlow, []try{ok}, []try{ok}, 6000, 1000},
		{fakegateway.TokenCaptureFails, []try{{422, "failed", "capture_refused"}, {422, "failed", "capture_refused"}}, []try{{422, "failed", "exceeds_captured"}}, 0, 0},
		{fakegateway.TokenCapture500ThenOK, []try{{500, "", ""}, ok}, []try{ok}, 6000, 1000},
		{fakegateway.TokenRefundFails, []try{ok}, []try{{422, "failed", "refund_refused"}}, 6000, 0},
		{fakegateway.TokenRefundNever, []try{ok}, []try{{}, {}}, 6000, 0},
	} {
		t.Run(tt.token, func(t *testing.T) {
			t.Parallel()
			g := start(t, fakegateway.Options{})
			_, a := g.post(t, "/v1/authorizations", "a", auth(tt.token))
			for i, want := range tt.captures {
				status, o := g.post(t, "/v1/captures", "c", onAuth(a.GatewayRef, 6000))
				if got := (try{status, o.Outcome, o.Code}); got != want {
					t.Errorf("capture %d: got %+v, want %+v", i+1, got, want)
				}
			}
			for i, want := range tt.refund {
				status, o := g.post(t, "/v1/refunds", "r", onAuth(a.GatewayRef, 1000))
				if got := (try{status, o.Outcome, o.Code}); got != want {
					t.Errorf("refund %d: got %+v, want %+v", i+1, got, want)
				}
			}
			want := fakegateway.Summary{
				OrderID: "o1", Currency: "EUR", Authorized: 10000, Held: 10000 - tt.captured,
				Captured: tt.captured, Refunded: tt.back, Net: tt.captured - tt.back,
			}
			if diff := cmp.Diff(want, sum(t, g)); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSlowTokensAnswerLate(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{Slow: 80 * time.Millisecond})
	began := time.Now()
	if status, _ := g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenSlow)); status != 200 {
		t.Fatalf("got status %d, want 200", status)
	}
	if took := time.Since(began); took < 80*time.Millisecond {
		t.Errorf("answered after %v, want at least 80ms", took)
	}
}

func TestTheWrongAmountIsNamedAndNotCharged(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	_, first := g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenWrongAmount))
	_, again := g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenWrongAmount))
	_, found := g.lookup(t, "k")
	if first.Amount != 10100 || again.Amount != 10100 || found.Amount != 10100 {
		t.Errorf("named %d, %d and %d, want 10100 each time", first.Amount, again.Amount, found.Amount)
	}
	if s := sum(t, g); s.Authorized != 10000 {
		t.Errorf("authorized %d, want 10000", s.Authorized)
	}
}
