package fakegateway_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/fakegateway"
)

func TestAKeyWithAnotherBodyIsRefused(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK))
	other := auth(fakegateway.TokenOK)
	other.Amount = 1
	if status, _ := g.post(t, "/v1/authorizations", "k", other); status != http.StatusConflict {
		t.Errorf("got %d, want 409", status)
	}
	rows := g.Ledger("o1")
	if len(rows) != 2 || !rows[1].Repeat || rows[1].Code != "key_reused" {
		t.Errorf("got rows %+v, want the second marked key_reused", rows)
	}
	if s := sum(t, g); s.Authorized != 10000 {
		t.Errorf("authorized %d, want 10000", s.Authorized)
	}
}

func TestFiftyTwinsAreOneEffectAndFiftyEqualAnswers(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	g.client.Timeout = 10 * time.Second
	answers := make([]fakegateway.Operation, 50)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { _, answers[i] = g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK)) })
	}
	all.Wait()
	for i, a := range answers {
		if diff := cmp.Diff(answers[0], a); diff != "" || a.GatewayRef == "" {
			t.Fatalf("answer %d differs from the first: %s", i, diff)
		}
	}
	if n := effects(g, "authorize"); n != 1 {
		t.Errorf("got %d effects, want 1", n)
	}
}

func TestAfterTheKeyWindowTheKeyChargesAgain(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK))
	if _, err := g.Advance(24*time.Hour - time.Minute); err != nil {
		t.Fatal(err)
	}
	if g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK)); effects(g, "authorize") != 1 {
		t.Error("the key was forgotten within its window")
	}
	if _, err := g.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	if status, _ := g.lookup(t, "k"); status != http.StatusNotFound {
		t.Errorf("lookup after the window: got %d, want 404", status)
	}
	if g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK)); effects(g, "authorize") != 2 {
		t.Error("the key was remembered beyond its window")
	}
}

func TestAnAuthorizationExpires(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	_, a := g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenAuthExpires))
	if got := a.ExpiresAt.Sub(a.At); got != 2*time.Second {
		t.Errorf("expires after %v, want 2s", got)
	}
	if _, err := g.Advance(2 * time.Second); err != nil {
		t.Fatal(err)
	}
	if status, o := g.post(t, "/v1/captures", "c", onAuth(a.GatewayRef, 1)); status != 422 || o.Code != "authorization_expired" {
		t.Errorf("capture: got %d %q, want 422 authorization_expired", status, o.Code)
	}
	if status, o := g.post(t, "/v1/voids", "v", onAuth(a.GatewayRef, 0)); status != 200 || o.Amount != 0 {
		t.Errorf("void: got %d over %d, want 200 over 0", status, o.Amount)
	}
	if s := sum(t, g); s.Held != 0 || s.Authorized != 10000 {
		t.Errorf("got %+v, want nothing held of 10000", s)
	}
}

func TestAVoidReleasesTheUncapturedRest(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	_, a := g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK))
	g.post(t, "/v1/captures", "c", onAuth(a.GatewayRef, 3000))
	if _, o := g.post(t, "/v1/voids", "v", onAuth(a.GatewayRef, 0)); o.Amount != 7000 {
		t.Errorf("released %d, want 7000", o.Amount)
	}
	if status, o := g.post(t, "/v1/captures", "c2", onAuth(a.GatewayRef, 1)); status != 422 || o.Code != "exceeds_authorized" {
		t.Errorf("capture after void: got %d %q, want 422 exceeds_authorized", status, o.Code)
	}
}

func TestASingleCaptureGatewaySaysSoAndGivesUpTheRest(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{SingleCapture: true})
	resp, err := g.client.Get(g.url + "/v1/capabilities")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var caps fakegateway.Capabilities
	if err := json.NewDecoder(resp.Body).Decode(&caps); err != nil || caps.MultiCapture || caps.KeyWindowSeconds != 86400 {
		t.Errorf("got %+v (%v), want one capture and a day", caps, err)
	}
	_, a := g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK))
	g.post(t, "/v1/captures", "c", onAuth(a.GatewayRef, 3000))
	if status, _ := g.post(t, "/v1/captures", "c2", onAuth(a.GatewayRef, 1)); status != 422 {
		t.Errorf("second capture: got %d, want 422", status)
	}
	if s := sum(t, g); s.Held != 0 {
		t.Errorf("%d held, want 0", s.Held)
	}
}

func TestAScriptLaysDownTheNextReplies(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	script := `{"order_id":"o1","op":"authorize","replies":["503","execute_then_reset",{"effect":"declined","code":"fraud","class":"hard"},"malformed","redirect","in_progress"]}`
	resp, err := g.client.Post(g.url+"/script", "application/json", strings.NewReader(script))
	if err != nil || resp.StatusCode != http.StatusNoContent {
		t.Fatalf("script: %v %v", resp, err)
	}
	resp.Body.Close()
	want := []try{{503, "", ""}, {}, {402, "declined", "fraud"}, {200, "", ""}, {307, "", ""}, {409, "", ""}, {200, "ok", ""}}
	for i, want := range want {
		status, o := g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK))
		if got := (try{status, o.Outcome, o.Code}); got != want {
			t.Errorf("reply %d: got %+v, want %+v", i+1, got, want)
		}
	}
	if n := effects(g, "authorize"); n != 1 {
		t.Errorf("got %d effects, want 1: a contradiction changes nothing", n)
	}
}

func TestBadRequestsLeaveNoRow(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	for name, body := range map[string]string{
		"no json": `{`, "unknown field": `{"x":1}`, "no amount": `{"order_id":"o","payment_id":"p","currency":"EUR","token":"tok_ok"}`,
	} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+"/v1/authorizations", strings.NewReader(body))
		req.Header.Set("Idempotency-Key", "k")
		if status, _ := g.do(t, req); status != http.StatusBadRequest {
			t.Errorf("%s: got %d, want 400", name, status)
		}
	}
	for _, script := range []string{`{"order_id":"o","op":"dance","replies":["ok"]}`, `{"order_id":"o","op":"void","replies":["no_such"]}`} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+"/script", strings.NewReader(script))
		if status, _ := g.do(t, req); status != http.StatusBadRequest {
			t.Errorf("script %s: got %d, want 400", script, status)
		}
	}
	if rows := g.Ledger(""); len(rows) != 0 {
		t.Errorf("got rows %+v, want none", rows)
	}
}

func TestALedgerFileSurvivesARestartAndATornLine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	g := start(t, fakegateway.Options{Path: path, Fsync: true})
	_, a := g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK))
	if _, err := g.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	g.post(t, "/v1/captures", "c", onAuth(a.GatewayRef, 2500))
	before, beforeRows, now := sum(t, g), g.Ledger(""), g.Now()

	lines, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(lines, `{"seq":4,"op":"ca`...), 0o600); err != nil {
		t.Fatal(err)
	}
	again := start(t, fakegateway.Options{Path: path})
	if diff := cmp.Diff(before, sum(t, again)); diff != "" {
		t.Errorf("summary after restart (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(beforeRows, again.Ledger("")); diff != "" {
		t.Errorf("rows after restart (-before +after):\n%s", diff)
	}
	if again.Now().Before(now) {
		t.Error("the clock went back")
	}
	if _, o := again.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK)); o.GatewayRef != a.GatewayRef {
		t.Errorf("the key was answered with %q, want %q", o.GatewayRef, a.GatewayRef)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(after, lines) {
		t.Errorf("the torn line was not cut off: %v", err)
	}
}

func TestClockAndLedgerOverHTTP(t *testing.T) {
	t.Parallel()
	g := start(t, fakegateway.Options{})
	before := g.Now()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+"/clock", strings.NewReader(`{"advance":"25h"}`))
	if status, _ := g.do(t, req); status != 200 || g.Now().Sub(before) < 25*time.Hour {
		t.Errorf("clock: got %d, moved by %v", status, g.Now().Sub(before))
	}
	req, _ = http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+"/clock", strings.NewReader(`{"advance":"-1h"}`))
	if status, _ := g.do(t, req); status != 400 {
		t.Errorf("backwards: got %d, want 400", status)
	}
	g.post(t, "/v1/authorizations", "k", auth(fakegateway.TokenOK))
	for path, want := range map[string]int{"/ledger?order_id=o1": 1, "/ledger?order_id=o2": 0, "/ledger/summary": 1, "/ledger/summary?order_id=o2": 0} {
		resp, err := g.client.Get(g.url + path)
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Items []json.RawMessage `json:"items"`
		}
		if err := json.NewDecoder(resp.Body).Decode(&body); err != nil || len(body.Items) != want || body.Items == nil {
			t.Errorf("%s: got %d items (%v), want %d", path, len(body.Items), err, want)
		}
		resp.Body.Close()
	}
}

func TestWebhooksAreSignedAndComeAsTheTokenSays(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]int{
		fakegateway.TokenOK: 1, fakegateway.TokenDupWebhook: 3, fakegateway.TokenWebhookFirst: 1, fakegateway.TokenNever: 0,
		fakegateway.TokenTimeoutThenOK: 1,
	} {
		t.Run(token, func(t *testing.T) {
			t.Parallel()
			hints := make(chan fakegateway.Hint, 10)
			hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body := new(bytes.Buffer)
				_, _ = body.ReadFrom(r.Body)
				if r.Header.Get(fakegateway.HeaderSignature) != fakegateway.Sign("s3cret", r.Header.Get(fakegateway.HeaderTimestamp), body.Bytes()) {
					t.Error("the signature does not fit")
				}
				var h fakegateway.Hint
				_ = json.Unmarshal(body.Bytes(), &h)
				hints <- h
			}))
			defer hook.Close()
			g := start(t, fakegateway.Options{WebhookSecret: "s3cret"})
			g.SetWebhook(hook.URL)
			g.post(t, "/v1/authorizations", "k", auth(token))
			if token == fakegateway.TokenWebhookFirst && len(hints) != 1 {
				t.Error("the reply came before the webhook")
			}
			if err := g.Close(); err != nil { // waits for the webhooks under way
				t.Fatal(err)
			}
			if len(hints) != want {
				t.Fatalf("got %d webhooks, want %d", len(hints), want)
			}
			if want > 0 {
				if h := <-hints; h.Key != "k" || h.PaymentID != "p1" || h.Op != "authorize" {
					t.Errorf("got hint %+v", h)
				}
			}
		})
	}
}
