package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/kontor-dev/kontor/internal/money"
)

// demo is what the shelves hold on the first day.
var demo = []struct {
	sku, name string
	price     money.Amount
	units     int
}{
	{"MUG-BLUE", "Mug, blue", 1290, 500},
	{"TEA-EARL", "Earl Grey, 100 g", 690, 800},
	{"POT-GLASS", "Teapot, glass", 3490, 120},
	{"TRAY-OAK", "Tray, oak", 4500, 60},
	{"LAST-ONE", "The last one of its kind", 9900, 1},
}

// seed lists the demo products that are missing. It goes through the API as anybody would, and its keys make it safe to run again.
func seed(ctx context.Context, front string) error {
	c := &client{base: front, http: httpClient()}
	token, err := c.devToken(ctx, "admin", "demo")
	if err != nil {
		return err
	}
	c.token = token
	for _, p := range demo {
		if err := c.seedProduct(ctx, p.sku, p.name, p.price); err != nil {
			return err
		}
		err := c.do(ctx, http.MethodPost, "/v1/stock/"+p.sku+"/receipts", http.Header{"Idempotency-Key": {"demo-stock-" + p.sku}},
			map[string]any{"quantity": p.units, "reference": "demo"}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *client) seedProduct(ctx context.Context, sku, name string, price money.Amount) error {
	path := "/v1/products/" + sku
	var product struct {
		Version int64 `json:"version"`
		Prices  []any `json:"prices"`
	}
	err := c.do(ctx, http.MethodGet, path, nil, nil, &product)
	var r *refusal
	if errors.As(err, &r) && r.Status == http.StatusNotFound {
		err = c.do(ctx, http.MethodPut, path, nil, map[string]any{"name": name, "tax_rate_bp": 1900, "tax_included": true}, &product)
	}
	if err != nil || len(product.Prices) > 0 {
		return err
	}
	err = c.do(ctx, http.MethodPut, path+"/price", http.Header{"If-Match": {fmt.Sprintf("%q", fmt.Sprint(product.Version))}},
		map[string]any{"price": money.Money{Amount: price, Currency: "EUR"}, "reason": "initial"}, nil)
	return err
}

// welcome says what to try. The README shows the same lines.
func (s *shop) welcome(out io.Writer) {
	front := s.issuer()
	fmt.Fprintf(out, `
Kontor is running on %[1]s. Ctrl-C ends it; the data stays.

  TOKEN=$(curl -s -H 'Accept: text/plain' %[1]s/dev/token -d subject=alice -d roles=customer)

Place an order:

  curl -s %[1]s/v1/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Idempotency-Key: my-first-order' -d '{
    "currency": "EUR", "submit": true, "payment_method_token": "tok_ok", "lines": [{"sku": "MUG-BLUE", "quantity": 2}],
    "shipping_address": {"name": "Alice", "line1": "1 Sample Street", "postal_code": "10115", "city": "Berlin", "country": "DE", "email": "alice@example.com"}}'

Read it back, confirmed, with its timeline:

  curl -s %[1]s/v1/orders -H "Authorization: Bearer $TOKEN"
  curl -s %[1]s/v1/orders/ORDER_ID/timeline -H "Authorization: Bearer $TOKEN"

  docs %[1]s/docs · sign in %[1]s/dev · the gateway's ledger %[2]s/ledger · logs %[3]s
`, front, s.url("gateway"), s.logs)
}
