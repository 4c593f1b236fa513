package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestADraftIsEditedAndPlaced(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	s.sells("BOWL", 5)
	a := s.want(201, call{Path: "/v1/orders", Body: draft(`{"sku":"mug","quantity":1}`)})
	path := "/v1/orders/" + a.get("order_id")
	if a.Header.Get("Location") != path || a.Header.Get("ETag") != `"1"` || a.get("lines.0.sku") != "MUG" || a.get("status") != "draft" {
		t.Fatalf("got %v %s", a.Header, a.Raw)
	}
	a = s.want(200, call{Path: path + "/lines", Body: `{"sku":"BOWL","quantity":2}`, IfMatch: a.Header.Get("ETag")})
	bowl := path + "/lines/" + a.get("lines.1.line_id")
	a = s.want(200, call{Method: "PATCH", Path: bowl, Body: `{"quantity":3}`, IfMatch: a.Header.Get("ETag")})
	if a.get("lines.1.quantity") != "3" || a.get("grand_total.amount") != "4000" {
		t.Fatal(a.Raw)
	}
	a = s.want(200, call{Method: "DELETE", Path: bowl, IfMatch: a.Header.Get("ETag")})
	a = s.want(200, call{Method: "PUT", Path: path + "/shipping-address", Body: home, IfMatch: a.Header.Get("ETag")})
	a = s.want(202, call{Path: path + "/place", Body: `{"payment_method_token":"tok_ok","expected_total":{"amount":1000,"currency":"EUR"}}`})
	if a.get("status") != "placed" || a.get("payment_status") != "pending" || a.Header.Get("Location") != path || a.get("lines.0.gross.amount") != "1000" {
		t.Fatal(a.Raw)
	}
	if got := s.want(200, call{Token: ware, Method: "GET", Path: "/v1/stock/MUG"}); got.get("reserved") != "1" || got.get("available") != "4" {
		t.Fatal(got.Raw)
	}
	if s.want(409, call{Path: path + "/place", Body: `{"payment_method_token":"tok_ok"}`}).get("code") != "invalid_transition" {
		t.Fatal("placed twice")
	}
	if strings.Contains(s.want(200, call{Method: "GET", Path: path + "/state"}).Raw, "tok_ok") {
		t.Fatal("the token is shown")
	}
}

func TestAnOrderShipsInTwoPartsAndIsDelivered(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a := s.want(201, call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":3}`)})
	s.authorize(a)
	path, line := "/v1/orders/"+a.get("order_id"), a.get("lines.0.line_id")
	ship := func(n int, tracking string) call {
		return call{Token: ware, Path: path + "/shipments", Body: fmt.Sprintf(
			`{"lines":[{"line_id":"%s","quantity":%d}],"carrier":"dhl","tracking_number":"%s"}`, line, n, tracking)}
	}
	a = s.want(201, ship(2, "A"))
	if a.get("fulfillment_status") != "partially_shipped" {
		t.Fatal(a.Raw)
	}
	if p := s.want(409, ship(2, "B")); p.get("code") != "exceeds_shippable" || p.get("maximum.0.maximum") != "1" {
		t.Fatal(p.Raw)
	}
	if p := s.want(409, ship(1, "A")); p.get("code") != "duplicate_tracking" {
		t.Fatal(p.Raw)
	}
	if p := s.want(409, call{Path: path + "/cancel", Body: `{"reason_code":"customer"}`}); p.get("code") != "already_shipped" {
		t.Fatal(p.Raw)
	}
	a = s.want(201, ship(1, "B"))
	for i := range 2 {
		a = s.want(200, call{Token: ware, Path: path + "/shipments/" + a.get(fmt.Sprintf("shipments.%d.shipment_id", i)) + "/delivered"})
	}
	if a.get("status") != "completed" || a.get("fulfillment_status") != "delivered" || a.get("lines.0.delivered") != "3" {
		t.Fatal(a.Raw)
	}
	back := s.want(201, call{Path: path + "/returns", Body: `{"lines":[{"line_id":"` + line + `","quantity":1,"reason_code":"unwanted"}]}`})
	ret := path + "/returns/" + back.get("returns.0.return_id")
	s.want(200, call{Token: desk, Path: ret + "/approve"})
	s.want(200, call{Token: ware, Path: ret + "/receive", Body: `{"lines":[{"line_id":"` + line + `","quantity":1,"disposition":"restock"}]}`})
	if got := s.want(200, call{Token: ware, Method: "GET", Path: "/v1/stock/MUG"}); got.get("on_hand") != "3" {
		t.Fatal(got.Raw)
	}
}

func TestCancellingIs202WhileMoneyMoves(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	cancel := call{Body: `{"reason_code":"customer","note":"no"}`}
	a := s.want(201, call{Path: "/v1/orders", Body: draft("")})
	cancel.Path = "/v1/orders/" + a.get("order_id") + "/cancel"
	s.want(200, cancel)
	a = s.want(201, call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":3}`)})
	s.authorize(a)
	cancel.Path = "/v1/orders/" + a.get("order_id") + "/cancel"
	if a = s.want(202, cancel); a.get("status") != "cancelled" || a.get("payment_status") != "void_pending" || a.Header.Get("Location") == "" {
		t.Fatal(a.Raw)
	}
}

func TestEveryShortProductIsNamed(t *testing.T) {
	s := newShop(t)
	s.sells("A", 1)
	s.sells("B", 5)
	s.sells("C", 0)
	body := cart(`{"sku":"c","quantity":1},{"sku":"B","quantity":1},{"sku":"A","quantity":2}`)
	a := s.want(409, call{Path: "/v1/orders", Body: body})
	var p struct {
		Code    string
		Errors  []struct{ Location, Message string }
		Maximum []struct {
			SKU                  string
			Requested, Available int64
		}
	}
	if err := json.Unmarshal([]byte(a.Raw), &p); err != nil {
		t.Fatal(err)
	}
	if p.Code != "insufficient_stock" || len(p.Errors) != 2 || p.Errors[0].Location != "body.lines[0].sku" || p.Errors[1].Location != "body.lines[2].sku" {
		t.Fatal(a.Raw)
	}
	if len(p.Maximum) != 2 || p.Maximum[0].SKU != "A" || p.Maximum[0].Available != 1 || p.Maximum[1].SKU != "C" || p.Maximum[1].Requested != 1 {
		t.Fatal(a.Raw)
	}
}

func TestARepeatGetsTheFirstAnswer(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	first := s.want(201, call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":1}`), Key: "k"})
	path := "/v1/orders/" + first.get("order_id")
	s.authorize(first)
	s.now = s.now.Add(time.Hour)
	before := s.head()
	again := s.want(201, call{Path: "/v1/orders", Body: " " + cart(`{"quantity":1,"sku":"MUG"}`), Key: `"k"`})
	if again.Raw != first.Raw || again.Header.Get("ETag") != first.Header.Get("ETag") || again.Header.Get("Location") != path {
		t.Fatalf("got %s\nwant %s", again.Raw, first.Raw)
	}
	if again.Header.Get("Idempotency-Replayed") != "true" || first.Header.Get("Idempotency-Replayed") != "" {
		t.Fatalf("got %v", again.Header)
	}
	// The same key of another principal, or for another order, is another command.
	s.want(201, call{Token: "bert.customer", Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":1}`), Key: "k"})
	if s.head() != before+3 {
		t.Fatalf("got %d new events, want 3", s.head()-before)
	}
	if p := s.want(422, call{Path: path + "/cancel", Body: `{"reason_code":"customer"}`, Key: "k"}); p.get("code") != "idempotency_key_reused" {
		t.Fatal(p.Raw)
	}
	// Found before If-Match is looked at.
	edit := call{Path: path + "/cancel", Body: `{"reason_code":"customer"}`, Key: "cancel", IfMatch: `"4"`}
	s.want(202, edit)
	if a := s.want(202, edit); a.Header.Get("Idempotency-Replayed") != "true" || a.Header.Get("ETag") != `"6"` {
		t.Fatal(a.Header, a.Raw)
	}
	mug := call{Token: ware, Path: "/v1/stock/MUG/receipts", Body: `{"quantity":3}`, Key: "r"}
	one, two := s.want(201, mug), s.want(201, mug)
	if one.Raw != two.Raw || two.Header.Get("Idempotency-Replayed") != "true" || one.get("on_hand") != "8" {
		t.Fatal(one.Raw, two.Raw)
	}
}

func TestFiftyTwinsGetOneAnswer(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 100)
	before := s.head()
	var wg sync.WaitGroup
	raws := make([]string, 50)
	for i := range raws {
		wg.Go(func() {
			raws[i] = s.do(call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":1}`), Key: "k"}).Raw
		})
	}
	wg.Wait()
	if len(slices.Compact(raws)) != 1 || !strings.Contains(raws[0], `"placed"`) {
		t.Fatal(slices.Compact(raws))
	}
	if got := s.head() - before; got != 3 {
		t.Fatalf("got %d events, want 3", got)
	}
}

func TestOfManyEditsAtOneVersionOneWins(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a := s.want(201, call{Path: "/v1/orders", Body: draft(`{"sku":"MUG","quantity":1}`)})
	line := "/v1/orders/" + a.get("order_id") + "/lines/" + a.get("lines.0.line_id")
	var wg sync.WaitGroup
	statuses := make([]int, 40)
	for i := range statuses {
		wg.Go(func() {
			statuses[i] = s.do(call{Method: "PATCH", Path: line, Body: fmt.Sprintf(`{"quantity":%d}`, i+2), IfMatch: `"1"`}).Status
		})
	}
	wg.Wait()
	slices.Sort(statuses)
	if statuses[0] != 200 || statuses[1] != 412 || statuses[len(statuses)-1] != 412 {
		t.Fatal(statuses)
	}
}

func TestReadsOfTheStream(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a := s.want(201, call{Path: "/v1/orders", Body: draft(`{"sku":"MUG","quantity":1}`)})
	path := "/v1/orders/" + a.get("order_id")
	s.now = s.now.Add(time.Hour)
	s.want(200, call{Path: path + "/cancel", Body: `{"reason_code":"customer"}`})
	now := s.want(200, call{Token: desk, Method: "GET", Path: path + "/state"})
	if now.get("status") != "cancelled" || now.Header.Get("Cache-Control") != "private, no-cache" {
		t.Fatal(now.Header, now.Raw)
	}
	for _, query := range []string{"version=1", "at=2026-03-01T12:30:00Z"} {
		then := s.want(200, call{Method: "GET", Path: path + "/state?" + query})
		if diff := cmp.Diff(then.Raw, a.Raw); diff != "" {
			t.Error(query, diff)
		}
	}
	same := s.do(call{Method: "GET", Path: path + "/state", Header: http.Header{"If-None-Match": {`"2"`}}})
	if same.Status != 304 || same.Raw != "" || same.Header.Get("ETag") != `"2"` {
		t.Fatal(same)
	}
}

func TestACatalogRemembersItsPrices(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 0)
	s.now = s.now.Add(24 * time.Hour)
	a := s.want(200, call{
		Token: root, Method: "PUT", Path: "/v1/products/mug/price", IfMatch: `"2"`,
		Body: `{"price":{"amount":800,"currency":"EUR"},"reason":"promotion","note":"spring","valid_from":"2026-03-10T00:00:00Z"}`,
	})
	if a.get("prices.0.amount.amount") != "1000" || a.get("prices.1.amount.amount") != "800" || a.get("version") != "3" {
		t.Fatal(a.Raw)
	}
	s.now = time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC)
	a = s.want(200, call{Method: "GET", Path: "/v1/products/MUG"})
	if a.get("prices.0.amount.amount") != "800" || a.get("prices.0.lowest_30d.amount") != "1000" {
		t.Fatal(a.Raw)
	}
	a = s.want(200, call{Method: "GET", Path: "/v1/products/MUG/prices?currency=EUR"})
	if a.get("items.1.previous.amount") != "1000" || a.get("items.1.reason") != "promotion" || a.get("items.1.note") != "spring" || a.get("items.0.previous") != "" {
		t.Fatal(a.Raw)
	}
	a = s.want(200, call{Method: "GET", Path: "/v1/products/MUG/prices?to=2026-03-05T00:00:00Z"})
	if strings.Count(a.Raw, "price_id") != 1 {
		t.Fatal(a.Raw)
	}
	s.want(200, call{Token: root, Method: "PUT", Path: "/v1/products/MUG/tax", Body: `{"tax_rate_bp":700,"tax_included":true}`})
	a = s.want(200, call{Token: root, Method: "PUT", Path: "/v1/products/MUG", Body: `{"name":"Cup","tax_rate_bp":700,"tax_included":true}`})
	if a.get("name") != "Cup" || a.get("tax_rate_bp") != "700" {
		t.Fatal(a.Raw)
	}
}

func TestADiscountIsDefinedUsedAndWithdrawn(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	ten := call{Token: root, Method: "PUT", Path: "/v1/discounts/ten", Body: `{"kind":"percent","value":1000}`}
	if a := s.want(201, ten); a.get("code") != "TEN" || a.get("value") != "1000" {
		t.Fatal(a.Raw)
	}
	s.want(200, ten)
	body := strings.Replace(cart(`{"sku":"MUG","quantity":2}`), `"submit"`, `"discount_codes":["ten"],"submit"`, 1)
	a := s.want(201, call{Path: "/v1/orders", Body: body})
	if a.get("discount_total.amount") != "200" || a.get("grand_total.amount") != "1800" || a.get("discounts.0.value") != "1000" {
		t.Fatal(a.Raw)
	}
	s.want(200, call{Token: root, Method: "DELETE", Path: "/v1/discounts/TEN"})
	if p := s.want(409, call{Path: "/v1/orders", Body: body}); p.get("code") != "discount_not_applicable" || p.get("maximum.grand_total") != "2000" {
		t.Fatal(p.Raw)
	}
	if a := s.want(200, call{Token: root, Method: "GET", Path: "/v1/discounts/TEN"}); a.get("withdrawn") != "true" {
		t.Fatal(a.Raw)
	}
}

func TestAnOrderThatCostsNothingIsConfirmedAtOnce(t *testing.T) {
	s := newShop(t)
	s.want(201, call{Token: root, Method: "PUT", Path: "/v1/products/GIFT", Body: `{"name":"Gift","tax_rate_bp":0,"tax_included":true}`})
	s.want(200, call{Token: root, Method: "PUT", Path: "/v1/products/GIFT/price", IfMatch: `"1"`, Body: `{"price":{"amount":0,"currency":"EUR"},"reason":"initial"}`})
	s.want(201, call{Token: ware, Path: "/v1/stock/GIFT/receipts", Body: `{"quantity":1}`})
	a := s.want(201, call{Path: "/v1/orders", Body: strings.Replace(cart(`{"sku":"GIFT","quantity":1}`), `"payment_method_token":"tok_ok",`, "", 1)})
	if a.get("status") != "confirmed" || a.get("payment_status") != "not_required" || a.get("payments") != "[]" {
		t.Fatal(a.Raw)
	}
}

func TestTextsAreStoredInOneForm(t *testing.T) {
	s := newShop(t)
	body := `{"currency":"EUR","shipping_address":` + strings.Replace(home, "Anna", "Zoe\u0308 <script>'; drop table events;-- ${jndi:x} 🎈", 1) + `}`
	a := s.want(201, call{Path: "/v1/orders", Body: body})
	if got, want := a.get("shipping_address.name"), "Zoë <script>'; drop table events;-- ${jndi:x} 🎈"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestAConflictThatOutlivesItsRetriesSaysWhenToComeBack(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a := s.want(201, call{Path: "/v1/orders", Body: draft(`{"sku":"MUG","quantity":1}`)})
	p := s.want(412, call{Path: "/v1/orders/" + a.get("order_id") + "/cancel", Body: `{"reason_code":"customer"}`, IfMatch: `"7"`})
	if p.get("code") != "version_mismatch" {
		t.Fatal(p.Raw)
	}
}
