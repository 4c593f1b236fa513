package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/query/internal/httpapi"
	"github.com/kontor-dev/kontor/services/query/internal/view"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

// views remember what they were asked and answer with what they hold. Nothing of them is shared between tests.
type views struct {
	order  view.Order
	err    error
	who    auth.Principal
	wish   view.Wait
	orders view.OrderQuery
	line   view.TimelineQuery
	pays   view.PaymentQuery
	at     time.Time
}

func (v *views) Order(_ context.Context, who auth.Principal, _ string, wish view.Wait) (view.Order, error) {
	v.who, v.wish = who, wish
	return v.order, v.err
}

func (v *views) Timeline(_ context.Context, who auth.Principal, _ string, ask view.TimelineQuery, wish view.Wait) (view.Page[view.Entry], int64, error) {
	v.who, v.line, v.wish = who, ask, wish
	return view.Page[view.Entry]{Items: []view.Entry{{Version: 7, Data: json.RawMessage(`{"a":1}`)}}, Next: "more"}, 7, v.err
}

func (v *views) Orders(_ context.Context, who auth.Principal, ask view.OrderQuery) (view.Page[view.OrderItem], error) {
	v.who, v.orders = who, ask
	return view.Page[view.OrderItem]{Items: []view.OrderItem{}, Next: "more"}, v.err
}

func (v *views) Payments(_ context.Context, _ auth.Principal, ask view.PaymentQuery) (view.Page[view.Payment], error) {
	v.pays = ask
	return view.Page[view.Payment]{Items: []view.Payment{}}, v.err
}

func (v *views) Products(_ context.Context, _ auth.Principal, ask view.ProductQuery) (view.Page[view.Product], error) {
	v.at = ask.At
	return view.Page[view.Product]{Items: []view.Product{}}, v.err
}

func (v *views) Stock(context.Context, auth.Principal, view.StockQuery) (view.Page[view.Stock], error) {
	return view.Page[view.Stock]{Items: []view.Stock{{SKU: "TEA"}}}, v.err
}

var now = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

func newAPI(v *views) http.Handler {
	verify := auth.VerifierFunc(func(_ context.Context, token string) (auth.Principal, error) {
		role, subject, _ := strings.Cut(token, ":")
		return auth.Principal{Issuer: "test", Subject: subject, Roles: []auth.Role{auth.Role(role)}}, nil
	})
	return httpapi.New(webapi.Config{Verifier: verify, Log: slog.New(slog.DiscardHandler)}, httpapi.Deps{
		Views: v, Lag: func() time.Duration { return 1500 * time.Millisecond }, Now: func() time.Time { return now },
	})
}

func get(t *testing.T, api http.Handler, path, token string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	api.ServeHTTP(rec, req)
	if rec.Code >= 400 && rec.Header().Get("Content-Type") != problem.MediaType {
		t.Errorf("%s: %d is no problem: %s", path, rec.Code, rec.Body)
	}
	return rec
}

var id = viewtest.NewOrder("c-1", 1).ID

func TestWhoMayAskWhat(t *testing.T) {
	all := map[string]int{"": 401, "customer:c-1": 200, "support:s": 200, "warehouse:s": 200, "finance:s": 200, "admin:s": 200, "nobody:c-1": 403}
	table := map[string]map[string]int{
		"/v1/orders": all, "/v1/orders/" + id: all, "/v1/orders/" + id + "/timeline": all, "/v1/products": all,
		"/v1/customers/c-1/orders": all,
		"/v1/customers/c-2/orders": {"": 401, "customer:c-1": 404, "support:s": 200},
		"/v1/payments":             {"": 401, "customer:c-1": 200, "support:s": 200, "warehouse:s": 403, "finance:s": 200, "admin:s": 200},
		"/v1/stock":                {"": 401, "customer:c-1": 403, "support:s": 200, "warehouse:s": 200, "finance:s": 200, "admin:s": 200},
	}
	for path, tokens := range table {
		for token, want := range tokens {
			if rec := get(t, newAPI(&views{}), path, token); rec.Code != want {
				t.Errorf("%s as %q: got %d, want %d: %s", path, token, rec.Code, want, rec.Body)
			}
		}
	}
}

func TestBadQueriesAreRefused(t *testing.T) {
	for path, want := range map[string]int{
		"/v1/orders?limit=0":                          400,
		"/v1/orders?limit=201":                        400,
		"/v1/orders?limit=-1":                         400,
		"/v1/orders?limit=abc":                        400,
		"/v1/orders?limit=200":                        200,
		"/v1/orders?sort=name":                        400,
		"/v1/orders?sort=-updated_at":                 200,
		"/v1/orders?sort=grand_total":                 400,
		"/v1/orders?currency=EUR&sort=grand_total":    200,
		"/v1/orders?currency=eur":                     400,
		"/v1/orders?currency=XXX":                     400,
		"/v1/orders?colour=red":                       400,
		"/v1/orders?status=draft&status=placed":       400,
		"/v1/orders?status=draft,placed":              200,
		"/v1/orders?status=draft,lost":                400,
		"/v1/orders?payment_status=captured":          200,
		"/v1/orders?payment_status=x":                 400,
		"/v1/orders?fulfillment_status=x":             400,
		"/v1/orders?placed_from=2026-02-30T00:00:00Z": 400,
		"/v1/orders?placed_from=2026-02-02T00:00:00Z&placed_to=2026-02-01T00:00:00Z": 400,
		"/v1/orders?placed_from=2026-02-01T00:00:00Z&placed_to=2026-02-02T00:00:00Z": 200,
		"/v1/orders/{" + id + "}":                            400,
		"/v1/orders/" + strings.ToUpper(id):                  400,
		"/v1/orders/1":                                       400,
		"/v1/orders/" + id + "?min_version=0":                400,
		"/v1/orders/" + id + "?min_version=x":                400,
		"/v1/orders/" + id + "?min_version=1&wait=6s":        400,
		"/v1/orders/" + id + "?min_version=1&wait=5s":        200,
		"/v1/orders/" + id + "?min_version=1&wait=-1s":       400,
		"/v1/orders/" + id + "?min_version=1&wait=soon":      400,
		"/v1/orders/" + id + "/timeline?type=order.exploded": 400,
		"/v1/orders/" + id + "/timeline?type=order.placed":   200,
		"/v1/orders/" + id + "/timeline?sort=-version":       200,
		"/v1/payments?order_id=1":                            400,
		"/v1/payments?status=paid":                           400,
		"/v1/payments?operation_status=manual_review":        200,
		"/v1/products?currency=usd":                          400,
		"/v1/stock?sort=-sku":                                200,
		"/v1/unknown":                                        404,
	} {
		if rec := get(t, newAPI(&views{}), path, "support:s"); rec.Code != want {
			t.Errorf("%s: got %d, want %d: %s", path, rec.Code, want, rec.Body)
		}
	}
}

func TestParametersReachTheViews(t *testing.T) {
	v := &views{}
	get(t, newAPI(v), "/v1/orders?status=draft,placed&customer_id=c-1&currency=EUR&placed_from=2026-02-01T00:00:00Z&sort=updated_at&limit=7&cursor=abc", "support:s")
	want := view.OrderQuery{
		Status: []string{"draft", "placed"}, CustomerID: "c-1", Currency: "EUR", PlacedFrom: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
		Paging: view.Paging{Sort: "updated_at", Limit: 7, Cursor: "abc"},
	}
	if diff := cmp.Diff(want, v.orders); diff != "" || v.who.Subject != "s" {
		t.Errorf("as %v (-want +got):\n%s", v.who, diff)
	}
	get(t, newAPI(v), "/v1/customers/c-1/orders", "customer:c-1")
	if diff := cmp.Diff(view.OrderQuery{CustomerID: "c-1", Paging: view.Paging{Sort: "-placed_at", Limit: 50}}, v.orders); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	get(t, newAPI(v), "/v1/orders/"+id+"/timeline?type=order.placed,order.confirmed&sort=-version", "customer:c-1")
	if diff := cmp.Diff(view.TimelineQuery{Types: []string{"order.placed", "order.confirmed"}, Paging: view.Paging{Sort: "-version", Limit: 50}}, v.line); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	get(t, newAPI(v), "/v1/payments?status=captured&order_id="+id, "finance:f")
	if diff := cmp.Diff(view.PaymentQuery{Status: []string{"captured"}, OrderID: id, Paging: view.Paging{Sort: "-requested_at", Limit: 50}}, v.pays); diff != "" {
		t.Errorf("payments (-want +got):\n%s", diff)
	}
	if get(t, newAPI(v), "/v1/products", "customer:c-1"); !v.at.Equal(now) {
		t.Errorf("prices as of %v", v.at)
	}
}

func TestHowLongAReadWaits(t *testing.T) {
	for _, tc := range []struct {
		query, prefer, applied string
		want                   view.Wait
		status                 int
	}{
		{"", "", "", view.Wait{}, 200},
		{"?min_version=7", "", "", view.Wait{Version: 7, For: 2 * time.Second}, 200},
		{"?min_version=7&wait=500ms", "", "", view.Wait{Version: 7, For: 500 * time.Millisecond}, 200},
		{"?min_version=7", "wait=3", "wait=3", view.Wait{Version: 7, For: 3 * time.Second}, 200},
		{"?min_version=7", `respond-async, Wait="1"`, "wait=1", view.Wait{Version: 7, For: time.Second}, 200},
		{"?min_version=7&wait=1s", "wait=3", "", view.Wait{Version: 7, For: time.Second}, 200},
		{"?min_version=7", "wait=soon", "", view.Wait{Version: 7, For: 2 * time.Second}, 200},
		{"", "wait=3", "", view.Wait{}, 200},
		{"?min_version=7", "wait=6", "", view.Wait{}, 400},
	} {
		v := &views{order: view.Order{Version: 7}}
		rec := get(t, newAPI(v), "/v1/orders/"+id+tc.query, "support:s", "Prefer", tc.prefer)
		if rec.Code != tc.status || v.wish != tc.want || rec.Header().Get("Preference-Applied") != tc.applied {
			t.Errorf("%s with %q: got %d, %+v, applied %q", tc.query, tc.prefer, rec.Code, v.wish, rec.Header().Get("Preference-Applied"))
		}
	}
}

func TestAnOrderComesWithItsVersion(t *testing.T) {
	v := &views{order: view.Order{OrderID: id, Version: 7}}
	rec := get(t, newAPI(v), "/v1/orders/"+id, "customer:c-1")
	for header, want := range map[string]string{
		"ETag": `"7"`, "X-Read-Model-Version": "7", "X-Read-Model-Lag-Ms": "1500", "Cache-Control": webapi.ReadCaching,
	} {
		if got := rec.Header().Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if rec := get(t, newAPI(v), "/v1/orders/"+id, "customer:c-1", "If-None-Match", `"6", "7"`); rec.Code != 304 || rec.Body.Len() > 0 {
		t.Errorf("with its ETag: got %d %s", rec.Code, rec.Body)
	}
	if rec := get(t, newAPI(v), "/v1/orders/"+id, "customer:c-1", "If-None-Match", `"6"`); rec.Code != 200 {
		t.Errorf("with an old ETag: got %d", rec.Code)
	}
	rec = get(t, newAPI(v), "/v1/orders/"+id+"/timeline", "customer:c-1")
	var body struct {
		Items []struct{ Data map[string]int }
		Next  string
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || rec.Header().Get("X-Read-Model-Version") != "7" || body.Next != "more" || body.Items[0].Data["a"] != 1 {
		t.Errorf("timeline: %v %s", rec.Header(), rec.Body)
	}
}

func TestAListIsNeverNull(t *testing.T) {
	for _, path := range []string{"/v1/orders", "/v1/payments", "/v1/products"} {
		if rec := get(t, newAPI(&views{}), path, "support:s"); !strings.Contains(rec.Body.String(), `"items":[]`) || rec.Header().Get("X-Read-Model-Lag-Ms") != "1500" {
			t.Errorf("%s: %v %s", path, rec.Header(), rec.Body)
		}
	}
}

func TestWhatAReadEndsIn(t *testing.T) {
	for _, tc := range []struct {
		err    error
		status int
		code   string
	}{
		{view.ErrNotFound, 404, "not_found"},
		{view.ErrCursor, 400, "cursor_invalid"},
		{view.ErrLagging, 503, "read_model_lagging"},
		{view.ErrTooManyWaiting, 503, "overloaded"},
		{view.ErrUnavailable, 503, "store_unavailable"},
		{errors.New("SELECT secret"), 500, "internal"},
	} {
		rec := get(t, newAPI(&views{err: fmt.Errorf("read: %w", tc.err)}), "/v1/orders/"+id, "support:s")
		var p struct{ Code, Outcome string }
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != tc.status || p.Code != tc.code {
			t.Errorf("%v: got %d %s", tc.err, rec.Code, rec.Body)
		}
		if tc.status == 503 && (p.Outcome != "not_executed" || rec.Header().Get("Retry-After") == "") {
			t.Errorf("%v: %v %s", tc.err, rec.Header(), rec.Body)
		}
		if strings.Contains(rec.Body.String(), "secret") {
			t.Errorf("an inner error shows: %s", rec.Body)
		}
	}
}

func TestNothingButReadsIsServed(t *testing.T) {
	api := httpapi.New(webapi.Config{Log: slog.New(slog.DiscardHandler)}, httpapi.Deps{Views: &views{}})
	for path, item := range api.OpenAPI().Paths {
		if item.Get == nil || item.Post != nil || item.Put != nil || item.Patch != nil || item.Delete != nil {
			t.Errorf("%s is not GET alone", path)
		}
	}
	if n := len(api.OpenAPI().Paths); n != 7 {
		t.Errorf("%d paths", n)
	}
}
