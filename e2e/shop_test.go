package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// user asks the shop under a name and a role.
type user struct {
	t     *testing.T
	front string
	token string
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// money is an amount as the API writes it.
type money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// order is what the journeys look at of an order.
type order struct {
	OrderID     string `json:"order_id"`
	Number      string `json:"order_number"`
	Version     int64  `json:"version"`
	Status      string `json:"status"`
	Payment     string `json:"payment_status"`
	Fulfillment string `json:"fulfillment_status"`
	GrandTotal  money  `json:"grand_total"`
	Captured    money  `json:"captured"`
	Refunded    money  `json:"refunded"`
	Lines       []struct {
		LineID  string `json:"line_id"`
		SKU     string `json:"sku"`
		Ordered int    `json:"ordered"`
		Shipped int    `json:"shipped"`
	} `json:"lines"`
	Shipments []struct {
		ShipmentID string `json:"shipment_id"`
	} `json:"shipments"`
}

// as signs in at the development issuer.
func (s *stack) as(role, subject string) user {
	s.t.Helper()
	u := user{t: s.t, front: s.front}
	a := u.do(http.MethodPost, "/dev/token", "", map[string]any{"subject": subject, "roles": []string{role}})
	var out struct {
		Token string `json:"access_token"`
	}
	a.decode(s.t, http.StatusOK, &out)
	u.token = out.Token
	return u
}

// do sends one request. An empty key sends no Idempotency-Key.
func (u user) do(method, path, key string, body any) answer {
	u.t.Helper()
	a, err := u.try(u.t.Context(), method, path, key, body)
	if err != nil {
		u.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// try is do for a shop that may be down.
func (u user) try(ctx context.Context, method, path, key string, body any) (answer, error) {
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		in = bytes.NewReader(data)
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, u.front+path, in)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	if u.token != "" {
		req.Header.Set("Authorization", "Bearer "+u.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, data}, err
}

// decode wants a status and reads the body.
func (a answer) decode(t *testing.T, status int, out any) {
	t.Helper()
	if a.status != status {
		t.Fatalf("got status %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		t.Fatalf("read %s: %v", a.body, err)
	}
}

// code is the code of a problem document.
func (a answer) code() string {
	var p struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(a.body, &p)
	return p.Code
}

// stock lists a product with a price and puts units of it on the shelf.
func (s *stack) stock(sku string, price int64, units int) {
	s.t.Helper()
	admin := s.as("admin", "clerk")
	admin.do(http.MethodPut, "/v1/products/"+sku, es.NewID(), map[string]any{"name": "Product " + sku, "tax_rate_bp": 1900, "tax_included": true}).
		decode(s.t, http.StatusCreated, &struct{}{})
	a, err := admin.tryIf(s.t.Context(), http.MethodPut, "/v1/products/"+sku+"/price", `"1"`,
		map[string]any{"price": money{price, "EUR"}, "reason": "initial"})
	if err != nil || a.status/100 != 2 {
		s.t.Fatalf("price of %s: %v, %d %s", sku, err, a.status, a.body)
	}
	admin.do(http.MethodPost, "/v1/stock/"+sku+"/receipts", es.NewID(), map[string]any{"quantity": units}).
		decode(s.t, http.StatusCreated, &struct{}{})
}

// tryIf sends a request with If-Match.
func (u user) tryIf(ctx context.Context, method, path, match string, body any) (answer, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, method, u.front+path, bytes.NewReader(data))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("If-Match", match)
	req.Header.Set("Idempotency-Key", es.NewID())
	req.Header.Set("Authorization", "Bearer "+u.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, out}, err
}

// cart is the body of a placement.
func cart(sku string, quantity int, token string) map[string]any {
	return map[string]any{
		"currency": "EUR", "submit": true, "payment_method_token": token,
		"lines": []map[string]any{{"sku": sku, "quantity": quantity}},
		"shipping_address": map[string]any{
			"name": "A Customer", "line1": "1 Sample Street", "postal_code": "10115", "city": "Berlin", "country": "DE", "email": "customer@example.com",
		},
	}
}

// place places an order and wants it accepted.
func (u user) place(sku string, quantity int, token string) order {
	u.t.Helper()
	var o order
	u.do(http.MethodPost, "/v1/orders", es.NewID(), cart(sku, quantity, token)).decode(u.t, http.StatusCreated, &o)
	return o
}

// await reads the view until it is as want says.
func (u user) await(id, what string, want func(order) bool) order {
	u.t.Helper()
	var o order
	eventually(u.t, 30*time.Second, "order "+id+" is "+what, func() error {
		a := u.do(http.MethodGet, "/v1/orders/"+id, "", nil)
		if a.status != http.StatusOK {
			return fmt.Errorf("status %d: %s", a.status, a.body)
		}
		if err := json.Unmarshal(a.body, &o); err != nil {
			return err
		}
		if !want(o) {
			return fmt.Errorf("it is %s, payment %s, fulfillment %s at version %d", o.Status, o.Payment, o.Fulfillment, o.Version)
		}
		return nil
	})
	return o
}

func status(want string) func(order) bool { return func(o order) bool { return o.Status == want } }

func payment(want string) func(order) bool { return func(o order) bool { return o.Payment == want } }

// ledgerRow is a request the gateway received.
type ledgerRow struct {
	Op      string `json:"op"`
	Key     string `json:"key"`
	OrderID string `json:"order_id"`
	Amount  int64  `json:"amount"`
	Outcome string `json:"outcome"`
	Repeat  bool   `json:"repeat"`
}

// ledger returns what the gateway did for an order, repeats and look-ups left out.
func (s *stack) ledger(orderID string) []ledgerRow {
	s.t.Helper()
	var page struct {
		Items []ledgerRow `json:"items"`
	}
	user{t: s.t, front: s.gateway}.do(http.MethodGet, "/ledger?order_id="+orderID, "", nil).decode(s.t, http.StatusOK, &page)
	rows := []ledgerRow{}
	for _, r := range page.Items {
		if !r.Repeat && r.Op != "lookup" {
			rows = append(rows, r)
		}
	}
	return rows
}

// did are the successful effects in a ledger, as "op amount".
func did(rows []ledgerRow) []string {
	out := []string{}
	for _, r := range rows {
		if r.Outcome == "ok" {
			out = append(out, fmt.Sprintf("%s %d", r.Op, r.Amount))
		}
	}
	return out
}
