package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/internal/ids"
)

// bad is a request that is refused.
type bad struct {
	name string
	call
	status int
	code   string
}

// refused checks the answer of each: status, code, a problem without internals or
// what was sent, and no event.
func (s *shop) refused(rows []bad) {
	s.t.Helper()
	t := s.t
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			before := s.head()
			a := s.do(r.call)
			a.t = t
			if a.Status != r.status || a.get("code") != r.code {
				t.Fatalf("got %d %s, want %d %s: %s", a.Status, a.get("code"), r.status, r.code, a.Raw)
			}
			if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("got content type %q", got)
			}
			if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("got headers %v", a.Header)
			}
			for _, internal := range []string{"SECRET", "tok_", "order.", "app.", ".go:", "select", "panic", "eventsourcing"} {
				if strings.Contains(a.Raw, internal) {
					t.Errorf("the answer has %q: %s", internal, a.Raw)
				}
			}
			if s.head() != before {
				t.Error("something was stored")
			}
		})
	}
}

func key(values ...string) http.Header { return http.Header{"Idempotency-Key": values} }

func TestBadBodies(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	s.sells("OLD", 5)
	s.want(200, call{Token: root, Path: "/v1/products/OLD/discontinue", Body: `{"reason":"gone"}`})
	post := func(body string) call { return call{Path: "/v1/orders", Body: body} }
	mug := `{"sku":"MUG","quantity":1}`
	s.refused([]bad{
		{"malformed JSON", post(`{"currency":`), 400, "bad_request"},
		{"trailing data", post(draft(mug) + `{}`), 400, "bad_request"},
		{"a key twice", post(`{"currency":"EUR","currency":"EUR"}`), 400, "bad_request"},
		{"a key in other case", post(`{"Currency":"EUR"}`), 400, "bad_request"},
		{"an unknown field", post(`{"currency":"EUR","status":"paid"}`), 400, "bad_request"},
		{"a price from the client", post(draft(`{"sku":"MUG","quantity":1,"unit_price":1}`)), 400, "bad_request"},
		{"a total from the client", post(`{"currency":"EUR","grand_total":{"amount":1,"currency":"EUR"}}`), 400, "bad_request"},
		{"an array", post(`[]`), 422, "validation_failed"},
		{"null", post(`null`), 422, "validation_failed"},
		{"nothing in it", post(`{}`), 422, "validation_failed"},
		{"a wrong type", post(draft(`{"sku":"MUG","quantity":"1"}`)), 422, "validation_failed"},
		{"half a unit", post(draft(`{"sku":"MUG","quantity":1.5}`)), 422, "validation_failed"},
		{"no unit", post(draft(`{"sku":"MUG","quantity":0}`)), 422, "validation_failed"},
		{"a negative quantity", post(draft(`{"sku":"MUG","quantity":-1}`)), 422, "validation_failed"},
		{"a quantity too many", post(draft(`{"sku":"MUG","quantity":1000}`)), 422, "validation_failed"},
		{"a huge quantity", post(draft(`{"sku":"MUG","quantity":9223372036854775808}`)), 422, "validation_failed"},
		{"a product twice", post(draft(mug + `,{"sku":"mug","quantity":1}`)), 422, "validation_failed"},
		{"a SKU that is none", post(draft(`{"sku":"../../x SECRET","quantity":1}`)), 422, "validation_failed"},
		{"a product nobody knows", post(draft(`{"sku":"NONE","quantity":1}`)), 422, "unknown_sku"},
		{"a product that is no longer sold", post(draft(`{"sku":"OLD","quantity":1}`)), 409, "product_discontinued"},
		{"a product without a price", post(`{"currency":"JPY","lines":[` + mug + `]}`), 422, "no_price_in_currency"},
		{"a currency that is none", post(`{"currency":"ZZZ","lines":[` + mug + `]}`), 422, "validation_failed"},
		{"a currency in lower case", post(`{"currency":"eur","lines":[` + mug + `]}`), 422, "validation_failed"},
		{"a currency the shop does not place in", post(`{"currency":"USD","lines":[` + mug + `]}`), 422, "validation_failed"},
		{"a token that is a card number", post(`{"currency":"EUR","payment_method_token":"4242 4242 4242 4242"}`), 422, "validation_failed"},
		{"an address without a postal code", post(`{"currency":"EUR","shipping_address":` + strings.Replace(home, "10115", "", 1) + `}`), 422, "validation_failed"},
		{"a country that is none", post(`{"currency":"EUR","shipping_address":` + strings.Replace(home, `"DE"`, `"ZZ"`, 1) + `}`), 422, "validation_failed"},
		{"a mail that is none", post(`{"currency":"EUR","shipping_address":` + strings.Replace(home, "@", "", 1) + `}`), 422, "validation_failed"},
		{"a name too long", post(`{"currency":"EUR","shipping_address":` + strings.Replace(home, "Anna", strings.Repeat("ü", 121), 1) + `}`), 422, "validation_failed"},
		{"a control character", post(`{"currency":"EUR","shipping_address":` + strings.Replace(home, "Anna", `A\u0000`, 1) + `}`), 422, "validation_failed"},
		{"a lone surrogate", post(`{"currency":"EUR","customer_id":"\ud800"}`), 400, "bad_request"},
		{"a megabyte", post(`{"currency":"EUR","customer_id":"` + strings.Repeat("x", 1<<20) + `"}`), 413, "body_too_large"},
		{"placed without lines", post(`{"currency":"EUR","submit":true,"payment_method_token":"tok_ok"}`), 422, "order_incomplete"},
		{"placed without a token", post(strings.Replace(cart(mug), "tok_ok", "", 1)), 422, "order_incomplete"},
		{"placed at another total", post(strings.Replace(cart(mug), `"submit"`, `"expected_total":{"amount":1,"currency":"EUR"},"submit"`, 1)), 409, "price_changed"},
		{"a code that is not defined", post(`{"currency":"EUR","discount_codes":["NOPE"]}`), 409, "discount_not_applicable"},
		{"a code twice", post(`{"currency":"EUR","discount_codes":["NOPE","nope"]}`), 422, "validation_failed"},
		{"more than there is", post(cart(`{"sku":"MUG","quantity":6}`)), 409, "insufficient_stock"},
		{"another's order by a customer", post(`{"currency":"EUR","customer_id":"bert"}`), 403, "forbidden"},
		{"nobody's order by support", call{Token: desk, Path: "/v1/orders", Body: `{"currency":"EUR"}`}, 422, "validation_failed"},
		{"an order by the warehouse", call{Token: ware, Path: "/v1/orders", Body: `{"currency":"EUR"}`}, 403, "forbidden"},
	})
}

func TestBadRequests(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	body := draft(`{"sku":"MUG","quantity":1}`)
	mine := s.want(201, call{Path: "/v1/orders", Body: body, Key: "used"})
	path := "/v1/orders/" + mine.get("order_id")
	unknown := "/v1/orders/" + ids.Order("x", "y")
	create := func(h http.Header) call { return call{Path: "/v1/orders", Body: body, Header: h} }
	line := path + "/lines/" + mine.get("lines.0.line_id")
	s.refused([]bad{
		{"no key", create(http.Header{"Idempotency-Key": nil}), 400, "idempotency_key_missing"},
		{"a blank key", create(key(" ")), 400, "idempotency_key_missing"},
		{"a key too long", create(key(strings.Repeat("k", 256))), 400, "idempotency_key_invalid"},
		{"a key that is not ASCII", create(key("ü")), 400, "idempotency_key_invalid"},
		{"two keys", create(key("a", "b")), 400, "idempotency_key_invalid"},
		{"a key with another body", call{Path: "/v1/orders", Body: draft(`{"sku":"MUG","quantity":2}`), Key: "used"}, 422, "idempotency_key_reused"},
		{"no token", create(http.Header{"Authorization": nil}), 401, "unauthenticated"},
		{"an expired token", call{Token: "anna.expired", Path: "/v1/orders", Body: body}, 401, "unauthenticated"},
		{"a wrong content type", create(http.Header{"Content-Type": {"text/plain"}}), 415, "unsupported_media_type"},
		{"no content type", create(http.Header{"Content-Type": nil}), 415, "unsupported_media_type"},
		{"XML wanted", create(http.Header{"Accept": {"text/xml"}}), 406, "not_acceptable"},
		{"a wrong method", call{Method: "PUT", Path: "/v1/orders", Body: body}, 405, "method_not_allowed"},
		{"an unknown path", call{Path: "/v1/order", Body: body}, 404, "not_found"},
		{"an id that is none", call{Method: "GET", Path: "/v1/orders/42/state"}, 400, "bad_request"},
		{"an id in upper case", call{Method: "GET", Path: "/v1/orders/" + strings.ToUpper(mine.get("order_id")) + "/state"}, 400, "bad_request"},
		{"an unknown order", call{Method: "GET", Path: unknown + "/state"}, 404, "not_found"},
		{"another's order read", call{Token: "bert.customer", Method: "GET", Path: path + "/state"}, 404, "not_found"},
		{"another's order cancelled", call{Token: "bert.customer", Path: path + "/cancel", Body: `{"reason_code":"customer"}`}, 404, "not_found"},
		{"another's order shipped", call{Token: "bert.customer", Path: path + "/shipments", Body: `{"lines":[{"line_id":"` + mine.get("lines.0.line_id") + `","quantity":1}],"carrier":"a","tracking_number":"1"}`}, 404, "not_found"},
		{"an own order shipped by its customer", call{Path: path + "/shipments", Body: `{"lines":[{"line_id":"` + mine.get("lines.0.line_id") + `","quantity":1}],"carrier":"a","tracking_number":"1"}`}, 403, "forbidden"},
		{"an edit without If-Match", call{Path: path + "/lines", Body: `{"sku":"MUG","quantity":1}`}, 428, "if_match_missing"},
		{"a stale If-Match", call{Path: path + "/lines", Body: `{"sku":"MUG","quantity":1}`, IfMatch: `"9"`}, 412, "version_mismatch"},
		{"a weak If-Match", call{Path: path + "/lines", Body: `{"sku":"MUG","quantity":1}`, IfMatch: `W/"1"`}, 400, "bad_request"},
		{"any If-Match", call{Path: path + "/lines", Body: `{"sku":"MUG","quantity":1}`, IfMatch: `*`}, 400, "bad_request"},
		{"version 0", call{Path: path + "/lines", Body: `{"sku":"MUG","quantity":1}`, IfMatch: `"0"`}, 400, "bad_request"},
		{"a line that is not there", call{Method: "DELETE", Path: path + "/lines/" + ids.Line("a", "b"), IfMatch: `"1"`}, 404, "not_found"},
		{"a quantity of 0", call{Method: "PATCH", Path: line, Body: `{"quantity":0}`, IfMatch: `"1"`}, 422, "validation_failed"},
		{"a price without If-Match", call{Token: root, Method: "PUT", Path: "/v1/products/MUG/price", Body: `{"price":{"amount":1,"currency":"EUR"},"reason":"regular"}`}, 428, "if_match_missing"},
		{"a price by a customer", call{Method: "PUT", Path: "/v1/products/MUG/price", IfMatch: `"2"`, Body: `{"price":{"amount":1,"currency":"EUR"},"reason":"regular"}`}, 403, "forbidden"},
		{"a negative price", call{Token: root, Method: "PUT", Path: "/v1/products/MUG/price", IfMatch: `"2"`, Body: `{"price":{"amount":-1,"currency":"EUR"},"reason":"regular"}`}, 422, "validation_failed"},
		{"a price in the past", call{Token: root, Method: "PUT", Path: "/v1/products/MUG/price", IfMatch: `"2"`, Body: `{"price":{"amount":1,"currency":"EUR"},"reason":"regular","valid_from":"2020-01-01T00:00:00Z"}`}, 409, "valid_from_in_past"},
		{"a day that is none", call{Token: root, Method: "PUT", Path: "/v1/products/MUG/price", IfMatch: `"2"`, Body: `{"price":{"amount":1,"currency":"EUR"},"reason":"regular","valid_from":"2026-02-30T00:00:00Z"}`}, 422, "validation_failed"},
		{"another tax by PUT product", call{Token: root, Method: "PUT", Path: "/v1/products/MUG", Body: `{"name":"A thing","tax_rate_bp":700,"tax_included":true}`}, 409, "use_tax_change"},
		{"a price of a product nobody knows", call{Token: root, Method: "PUT", Path: "/v1/products/NONE/price", IfMatch: `"2"`, Body: `{"price":{"amount":1,"currency":"EUR"},"reason":"regular"}`}, 404, "not_found"},
		{"a blank note", call{Token: desk, Path: path + "/notes", Body: `{"note":" "}`}, 422, "validation_failed"},
		{"a note by a customer", call{Path: path + "/notes", Body: `{"note":"x"}`}, 403, "forbidden"},
		{"a payment of a draft", call{Path: path + "/payments", Body: `{"payment_method_token":"tok_ok"}`}, 409, "invalid_transition"},
		{"a refund of a draft", call{Token: "fin.finance", Path: path + "/refunds", Body: `{"reason_code":"other"}`}, 409, "invalid_transition"},
		{"a refund in another currency", call{Token: "fin.finance", Path: path + "/refunds", Body: `{"reason_code":"other","adjustment":{"amount":1,"currency":"JPY"}}`}, 422, "validation_failed"},
		{"a SKU that is none", call{Method: "GET", Path: "/v1/products/%20"}, 422, "validation_failed"},
		{"a product nobody knows", call{Method: "GET", Path: "/v1/products/NONE"}, 404, "not_found"},
		{"stock of a product nobody knows", call{Token: ware, Path: "/v1/stock/NONE/receipts", Body: `{"quantity":1}`}, 404, "not_found"},
		{"stock taken below zero", call{Token: ware, Path: "/v1/stock/MUG/adjustments", Body: `{"delta":-6,"reason_code":"loss"}`}, 409, "below_zero"},
		{"a correction by nothing", call{Token: ware, Path: "/v1/stock/MUG/adjustments", Body: `{"delta":0,"reason_code":"loss"}`}, 422, "validation_failed"},
		{"stock by a customer", call{Path: "/v1/stock/MUG/receipts", Body: `{"quantity":1}`}, 403, "forbidden"},
		{"a discount of 0", call{Token: root, Method: "PUT", Path: "/v1/discounts/TEN", Body: `{"kind":"percent","value":0}`}, 422, "validation_failed"},
		{"a discount above 100 %", call{Token: root, Method: "PUT", Path: "/v1/discounts/TEN", Body: `{"kind":"percent","value":10001}`}, 422, "validation_failed"},
		{"an unknown query", call{Method: "GET", Path: path + "/state?v=1"}, 400, "bad_request"},
		{"a version that is none", call{Method: "GET", Path: path + "/state?version=x"}, 400, "bad_request"},
		{"a version and a moment", call{Method: "GET", Path: path + "/state?version=1&at=2026-03-01T12:00:00Z"}, 400, "bad_request"},
		{"a version beyond the last", call{Method: "GET", Path: path + "/state?version=99"}, 404, "not_found"},
		{"a moment before it", call{Method: "GET", Path: path + "/state?at=2020-03-01T12:00:00Z"}, 404, "not_found"},
		{"a shipment of a draft", call{Token: ware, Path: path + "/shipments", Body: `{"lines":[{"line_id":"` + mine.get("lines.0.line_id") + `","quantity":1}],"carrier":"a","tracking_number":"1"}`}, 409, "invalid_transition"},
	})
}
