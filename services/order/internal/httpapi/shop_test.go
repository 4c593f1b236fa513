package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/httpapi"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

const issuer = "https://issuer.example"

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// shop is the API over a memory store. A bearer token is "name role".
type shop struct {
	t      *testing.T
	app    *app.App
	store  *memstore.Store
	server *httptest.Server
	now    time.Time
	keys   int
}

func newShop(t *testing.T) *shop {
	s := &shop{t: t, now: noon}
	clock := func() time.Time { return s.now }
	s.store = memstore.New(clock)
	s.app = app.New(app.Deps{Store: s.store, Snapshots: s.store, Clock: clock, Config: app.Config{Currencies: []money.Currency{"EUR", "JPY"}}})
	s.server = httptest.NewServer(httpapi.New(s.app, webapi.Config{Verifier: auth.VerifierFunc(verify), Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(s.server.Close)
	return s
}

func verify(_ context.Context, token string) (auth.Principal, error) {
	name, role, ok := strings.Cut(token, ".")
	if !ok || role == "expired" {
		return auth.Principal{}, auth.ErrUnauthenticated
	}
	return auth.Principal{Issuer: issuer, Subject: name, Roles: []auth.Role{auth.Role(role)}}, nil
}

// call is a request. The zero Token is anna's; a POST gets a fresh key unless it
// has one; Header wins over everything.
type call struct {
	Token, Method, Path, Body, Key, IfMatch string
	Header                                  http.Header
}

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Raw    string
	t      *testing.T
}

// get is a value of the body by its path, such as lines.0.line_id.
func (a answer) get(path string) string {
	a.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(a.Raw), &v); err != nil {
		a.t.Fatalf("%v: %s", err, a.Raw)
	}
	for part := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[part]
		case []any:
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(at) {
				a.t.Fatalf("no %s in %s", path, a.Raw)
			}
			v = at[i]
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func (s *shop) do(c call) answer {
	s.t.Helper()
	if c.Method == "" {
		c.Method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(s.t.Context(), c.Method, s.server.URL+c.Path, strings.NewReader(c.Body))
	if err != nil {
		s.t.Fatal(err)
	}
	if c.Token == "" {
		c.Token = "anna.customer"
	}
	req.Header.Set("Authorization", "Bearer "+c.Token)
	if c.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Key == "" && c.Method == http.MethodPost {
		s.keys++
		c.Key = fmt.Sprint("fresh-", s.keys)
	}
	if c.Key != "" {
		req.Header.Set("Idempotency-Key", c.Key)
	}
	if c.IfMatch != "" {
		req.Header.Set("If-Match", c.IfMatch)
	}
	for name, values := range c.Header {
		req.Header[name] = values
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(raw), s.t}
}

// want is do, for an answer with this status.
func (s *shop) want(status int, c call) answer {
	s.t.Helper()
	a := s.do(c)
	if a.Status != status {
		s.t.Fatalf("%s %s %s: got %d, want %d: %s", c.Method, c.Path, c.Body, a.Status, status, a.Raw)
	}
	return a
}

const (
	root = "root.admin"
	ware = "ware.warehouse"
	desk = "desk.support"
)

// sells lists a product at 10.00 EUR with units on hand.
func (s *shop) sells(sku string, units int) {
	s.t.Helper()
	s.want(201, call{Token: root, Method: "PUT", Path: "/v1/products/" + sku, Body: `{"name":"A thing","tax_rate_bp":1900,"tax_included":true}`})
	s.want(200, call{
		Token: root, Method: "PUT", Path: "/v1/products/" + sku + "/price", IfMatch: `"1"`,
		Body: `{"price":{"amount":1000,"currency":"EUR"},"reason":"initial"}`,
	})
	if units > 0 {
		s.want(201, call{Token: ware, Path: "/v1/stock/" + sku + "/receipts", Body: fmt.Sprintf(`{"quantity":%d,"reference":"PO-1"}`, units)})
	}
}

const home = `{"name":"Anna","line1":"Road 1","postal_code":"10115","city":"Berlin","country":"DE","email":"anna@example.com"}`

// cart is the body of an order that is placed at once.
func cart(lines string) string {
	return `{"currency":"EUR","lines":[` + lines + `],"submit":true,"payment_method_token":"tok_ok","shipping_address":` + home + `}`
}

func draft(lines string) string { return `{"currency":"EUR","lines":[` + lines + `]}` }

// authorize tells the order that its payment was authorized.
func (s *shop) authorize(a answer) {
	s.t.Helper()
	s.keys++
	_, err := s.app.Record(s.t.Context(), app.Ask{CommandID: ids.CommandFor("message", fmt.Sprint(s.keys)), Fingerprint: "f"}, order.ID(a.get("order_id")),
		func(c order.Cause) order.Command {
			res, err := s.app.State(s.t.Context(), auth.Principal{Subject: "x", Roles: []auth.Role{auth.Admin}}, order.ID(a.get("order_id")))
			if err != nil {
				s.t.Error(err)
			}
			return order.RecordAuthorization{
				Cause: c, PaymentID: order.PaymentID(a.get("payments.0.payment_id")), Amount: res.State.GrandTotal, AuthorizedAt: s.now,
				AuthExpiresAt: s.now.Add(time.Hour), GatewayRef: "a",
			}
		})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) head() int {
	s.t.Helper()
	events, err := s.store.ReadAll(s.t.Context(), 0, 10_000)
	if err != nil {
		s.t.Fatal(err)
	}
	return len(events)
}
