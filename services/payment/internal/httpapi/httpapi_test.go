package httpapi_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/webapi"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/httpapi"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

var (
	order = ids.Order("test", "1")
	pay   = ids.Payment(order, 1)
	op    = ids.Operation(pay, "authorize", 1)
)

// silent is a gateway that answers nothing, and never saw a key.
type silent struct{ app.Gateway }

func (silent) Authorize(context.Context, app.AuthorizeRequest) (app.Authorization, error) {
	return app.Authorization{}, errors.New("silence")
}

func (silent) Lookup(context.Context, app.IdempotencyKey, app.MerchantRef) (payment.Outcome, error) {
	return payment.Outcome{}, app.ErrNotFound
}

func (silent) Capabilities() app.Capabilities { return app.Capabilities{} }

// jobs remembers what was enqueued.
type jobs struct {
	lookups   []string
	decisions []app.Decision
	err       error
}

func (j *jobs) LookUp(_ context.Context, id payment.ID, op payment.OpID) error {
	j.lookups = append(j.lookups, string(id)+"/"+string(op))
	return j.err
}

func (j *jobs) Reconcile(_ context.Context, d app.Decision) error {
	j.decisions = append(j.decisions, d)
	return j.err
}

type fixture struct {
	*testing.T
	api  *webapi.API
	app  *app.App
	jobs *jobs
	now  time.Time
}

// newFixture has one payment of customer c1 over 100.00 EUR.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, jobs: &jobs{}, now: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return f.now }
	f.app = app.New(app.Deps{Store: memstore.New(clock), Gateway: silent{}, GatewayName: "fake", Now: clock})
	err := f.app.RequestPayment(t.Context(), es.Metadata{}, app.PaymentRequest{
		PaymentID: payment.ID(pay), OrderID: payment.OrderID(order), Attempt: 1, CustomerID: "c1", Amount: 10000, Currency: "EUR",
		PaymentMethodToken: "tok_secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	verifier := auth.VerifierFunc(func(_ context.Context, token string) (auth.Principal, error) {
		role, subject, _ := strings.Cut(token, ":")
		return auth.Principal{Issuer: "test", Subject: subject, Roles: []auth.Role{auth.Role(role)}}, nil
	})
	f.api = httpapi.New(webapi.Config{Verifier: verifier, Log: slog.New(slog.DiscardHandler)},
		httpapi.Deps{App: f.app, Jobs: f.jobs, WebhookSecret: "s3cret", Now: clock})
	return f
}

// review brings the authorization into manual review: nobody answers for a day.
func (f *fixture) review() {
	f.Helper()
	w := app.Work{PaymentID: payment.ID(pay), OpID: payment.OpID(op)}
	if err := f.app.Execute(f.Context(), w); err == nil {
		f.Fatal("silence is no error")
	}
	f.now = f.now.Add(25 * time.Hour)
	if err := f.app.Execute(f.Context(), w); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) do(method, path, token, body string, headers ...string) *httptest.ResponseRecorder {
	f.Helper()
	req := httptest.NewRequestWithContext(f.Context(), method, path, strings.NewReader(body))
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	f.api.ServeHTTP(rec, req)
	if strings.Contains(rec.Body.String(), "tok_") {
		f.Errorf("%s %s shows the payment method token: %s", method, path, rec.Body)
	}
	return rec
}

func TestAPaymentAsItsReadersSeeIt(t *testing.T) {
	f := newFixture(t)
	rec := f.do(http.MethodGet, "/v1/payments/"+pay, "customer:c1", "")
	var got any
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != http.StatusOK {
		t.Fatalf("got %d %s", rec.Code, rec.Body)
	}
	zero := map[string]any{"amount": 0.0, "currency": "EUR"}
	want := map[string]any{
		"payment_id": pay, "order_id": order, "attempt": 1.0, "status": "requested", "operation_status": "in_progress", "currency": "EUR",
		"amount": map[string]any{"amount": 10000.0, "currency": "EUR"}, "authorized": zero, "captured": zero, "refunded": zero, "voided": zero,
		"operations": []any{map[string]any{"op_id": op, "op": "authorize", "amount": map[string]any{"amount": 10000.0, "currency": "EUR"}, "state": "requested"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if tag := rec.Header().Get("ETag"); tag != `"1"` {
		t.Errorf("ETag %s, want \"1\"", tag)
	}
	if rec := f.do(http.MethodGet, "/v1/payments/"+pay, "customer:c1", "", "If-None-Match", `"1"`); rec.Code != http.StatusNotModified {
		t.Errorf("with its ETag: got %d, want 304", rec.Code)
	}
}

func TestWhoSeesPayments(t *testing.T) {
	f := newFixture(t)
	for _, tt := range []struct {
		token string
		want  int
	}{
		{"customer:c1", 200}, {"customer:c2", 404}, {"support:s", 200}, {"finance:f", 200}, {"admin:a", 200}, {"warehouse:w", 403}, {"", 401},
	} {
		for _, path := range []string{"/v1/payments/" + pay, "/v1/orders/" + order + "/payments"} {
			if rec := f.do(http.MethodGet, path, tt.token, ""); rec.Code != tt.want {
				t.Errorf("%s as %q: got %d, want %d", path, tt.token, rec.Code, tt.want)
			}
		}
	}
	for path, want := range map[string]int{
		"/v1/payments/" + order: 404, "/v1/payments/" + strings.ToUpper(pay): 400, "/v1/orders/" + pay + "/payments": 404,
	} {
		if rec := f.do(http.MethodGet, path, "finance:f", ""); rec.Code != want {
			t.Errorf("%s: got %d, want %d", path, rec.Code, want)
		}
	}
}

func TestReconcile(t *testing.T) {
	path := "/v1/payments/" + pay + "/operations/" + op + "/reconcile"
	decided := `{"outcome":"failed","note":"nobody knows"}`
	for _, tt := range []struct {
		name, path, token, body, key string
		review                       bool
		want                         int
		code                         string
		lookups, decisions           int
	}{
		{name: "without an outcome the gateway is asked", path: path, token: "finance:f", key: "k", want: 202, lookups: 1},
		{name: "an empty object is no outcome", path: path, token: "finance:f", body: "{}", key: "k", want: 202, lookups: 1},
		{name: "a review is decided", path: path, token: "finance:f", body: decided, key: "k", review: true, want: 202, decisions: 1},
		{name: "what waits for nobody is closed", path: path, token: "finance:f", body: decided, key: "k", want: 409, code: "operation_closed"},
		{name: "an authorization needs its reference", path: path, token: "finance:f", body: `{"outcome":"succeeded"}`, key: "k", review: true, want: 422, code: "validation_failed"},
		{name: "a key is needed", path: path, token: "finance:f", body: decided, review: true, want: 400, code: "idempotency_key_missing"},
		{name: "an unknown outcome is refused", path: path, token: "finance:f", body: `{"outcome":"perhaps"}`, key: "k", want: 422, code: "validation_failed"},
		{name: "an unknown field is refused", path: path, token: "finance:f", body: `{"amount":1}`, key: "k", want: 400, code: "bad_request"},
		{name: "the owner may not", path: path, token: "customer:c1", body: decided, key: "k", review: true, want: 403, code: "forbidden"},
		{name: "support may not", path: path, token: "support:s", body: decided, key: "k", review: true, want: 403, code: "forbidden"},
		{name: "for others it is not there", path: path, token: "customer:c2", body: decided, key: "k", review: true, want: 404, code: "not_found"},
		{name: "an unknown operation is not there", path: strings.Replace(path, op, order, 1), token: "finance:f", body: decided, key: "k", want: 404, code: "not_found"},
		{name: "an unknown payment is not there", path: strings.Replace(path, pay, order, 1), token: "finance:f", key: "k", want: 404, code: "not_found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			if tt.review {
				f.review()
			}
			var headers []string
			if tt.key != "" {
				headers = []string{"Idempotency-Key", tt.key}
			}
			rec := f.do(http.MethodPost, tt.path, tt.token, tt.body, headers...)
			if rec.Code != tt.want || !strings.Contains(rec.Body.String(), tt.code) {
				t.Errorf("got %d %s, want %d %s", rec.Code, rec.Body, tt.want, tt.code)
			}
			if len(f.jobs.lookups) != tt.lookups || len(f.jobs.decisions) != tt.decisions {
				t.Errorf("got %d look-ups and %d decisions, want %d and %d", len(f.jobs.lookups), len(f.jobs.decisions), tt.lookups, tt.decisions)
			}
		})
	}
}

func TestADecisionIsAnsweredAgainAfterItWasCarriedOut(t *testing.T) {
	f := newFixture(t)
	f.review()
	path := "/v1/payments/" + pay + "/operations/" + op + "/reconcile"
	first := f.do(http.MethodPost, path, "finance:f", `{"outcome":"failed"}`, "Idempotency-Key", "k")
	if first.Code != http.StatusAccepted || len(f.jobs.decisions) != 1 {
		t.Fatalf("got %d %s", first.Code, first.Body)
	}
	if err := f.app.Reconcile(t.Context(), f.jobs.decisions[0]); err != nil {
		t.Fatal(err)
	}
	again := f.do(http.MethodPost, path, "finance:f", `{"outcome":"failed"}`, "Idempotency-Key", "k")
	if again.Code != http.StatusAccepted || again.Header().Get("Idempotency-Replayed") != "true" || len(f.jobs.decisions) != 1 {
		t.Errorf("got %d, replayed %q, %d decisions", again.Code, again.Header().Get("Idempotency-Replayed"), len(f.jobs.decisions))
	}
	other := f.do(http.MethodPost, path, "finance:f", `{"outcome":"failed","note":"x"}`, "Idempotency-Key", "k")
	if other.Code != http.StatusUnprocessableEntity || !strings.Contains(other.Body.String(), "idempotency_key_reused") {
		t.Errorf("another body: got %d %s", other.Code, other.Body)
	}
}

func TestWebhooksAreHintsWithASignature(t *testing.T) {
	sign := func(secret, at, body string) string {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(at + "." + body))
		return hex.EncodeToString(mac.Sum(nil))
	}
	f := newFixture(t)
	at := func(d time.Duration) string { return strconv.FormatInt(f.now.Add(d).Unix(), 10) }
	hint := `{"type":"operation.settled","key":"` + pay + `:authorize:` + op + `","amount":1}`
	for _, tt := range []struct {
		name, body, secret, at string
		want, lookups          int
	}{
		{"a hint is looked up", hint, "s3cret", at(0), 202, 1},
		{"four minutes late is in time", hint, "s3cret", at(-4 * time.Minute), 202, 1},
		{"six minutes late is too late", hint, "s3cret", at(-6 * time.Minute), 401, 0},
		{"six minutes early is too early", hint, "s3cret", at(6 * time.Minute), 401, 0},
		{"another secret is forged", hint, "guess", at(0), 401, 0},
		{"no time is forged", hint, "s3cret", "", 401, 0},
		{"a key of others is forgotten", `{"key":"x"}`, "s3cret", at(0), 202, 0},
		{"what is no hint is refused", `[`, "s3cret", at(0), 400, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f.jobs.lookups = nil
			rec := f.do(http.MethodPost, "/v1/webhooks/gateway", "", tt.body,
				"Gateway-Timestamp", tt.at, "Gateway-Signature", sign(tt.secret, tt.at, tt.body))
			if rec.Code != tt.want || len(f.jobs.lookups) != tt.lookups {
				t.Errorf("got %d %s and %d look-ups, want %d and %d", rec.Code, rec.Body, len(f.jobs.lookups), tt.want, tt.lookups)
			}
			if tt.lookups > 0 && f.jobs.lookups[0] != pay+"/"+op {
				t.Errorf("looked up %s", f.jobs.lookups[0])
			}
		})
	}
}
