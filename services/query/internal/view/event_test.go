package view_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

func isImpossible(err error) bool { return errors.Is(err, view.ErrImpossible) }

func TestUndecodableEventsAreToldApart(t *testing.T) {
	const head = `"order_id":"6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01","version":1,"occurred_at":"2026-03-14T10:00:00Z","after":{"status":"draft","payment_status":"none","fulfillment_status":"unfulfilled"}`
	decodeOrder := func(typ, data string) error { _, err := view.DecodeOrder(typ, []byte(data)); return err }
	decodePayment := func(typ, data string) error { _, err := view.DecodePayment(typ, []byte(data)); return err }
	decodeCatalog := func(typ, data string) error { _, err := view.DecodeCatalog(typ, []byte(data)); return err }
	for _, tc := range []struct {
		name      string
		decode    func(typ, data string) error
		typ, data string
		want      error
	}{
		{"a good one", decodeOrder, orderv1.TypeConfirmed, "{" + head + "}", nil},
		{"an unknown field is ignored", decodeOrder, orderv1.TypeConfirmed, "{" + head + `,"new":1}`, nil},
		{"an unknown type", decodeOrder, "order.exploded", "{" + head + "}", view.ErrUnknownType},
		{"not JSON", decodeOrder, orderv1.TypeConfirmed, "{", view.ErrUndecodable},
		{"a field of another type", decodeOrder, orderv1.TypeConfirmed, "{" + head + `,"confirmed_at":5}`, view.ErrUndecodable},
		{"no order id", decodeOrder, orderv1.TypeConfirmed, strings.Replace("{"+head+"}", "6f2b", "____", 1), view.ErrUndecodable},
		{"no axes", decodeOrder, orderv1.TypeConfirmed, strings.Replace("{"+head+"}", "unfulfilled", "", 1), view.ErrUndecodable},
		{"no version", decodeOrder, orderv1.TypeConfirmed, strings.Replace("{"+head+"}", `"version":1`, `"version":0`, 1), view.ErrUndecodable},
		{"a payment without ids", decodePayment, "payment.requested", `{"version":1,"occurred_at":"2026-03-14T10:00:00Z"}`, view.ErrUndecodable},
		{"a product without a SKU", decodeCatalog, "product.listed", `{"version":1,"occurred_at":"2026-03-14T10:00:00Z"}`, view.ErrUndecodable},
		{"a SKU in lower case", decodeCatalog, "product.listed", `{"sku":"tea","version":1,"occurred_at":"2026-03-14T10:00:00Z"}`, view.ErrUndecodable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := tc.decode(tc.typ, tc.data); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestStripTakesTheTokenOutWhereverItStands(t *testing.T) {
	for _, data := range []string{
		`{"payment_method_token":"tok_1","amount":9007199254740993,"lines":[]}`,
		`{"Payment_Method_Token":"tok_1","amount":9007199254740993}`,
		`{"payment\u005fmethod_token":"tok_1","amount":9007199254740993}`,
		`{"deep":[{"payment_method_token":"tok_1"}],"amount":9007199254740993}`,
	} {
		got, err := view.Strip(orderv1.TypePlaced, []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(got), "tok_1") || !strings.Contains(string(got), "9007199254740993") || !json.Valid(got) {
			t.Errorf("%s became %s", data, got)
		}
	}
	const clean = `{"b": 1, "a": 2}`
	if got, err := view.Strip(orderv1.TypeConfirmed, []byte(clean)); err != nil || string(got) != clean {
		t.Errorf("a body without a token became %s, %v", got, err)
	}
}
