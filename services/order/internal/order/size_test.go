package order_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/services/order/internal/order"
)

func TestTheLargestOrderFitsItsEvents(t *testing.T) {
	s := newShop(t)
	c := s.drafting(setting{}, &order.Submit{PaymentMethodToken: "tok_ok"})
	for i := range order.MaxLines {
		sku := order.SKU(fmt.Sprintf("%s%04d", strings.Repeat("S", 60), i))
		l := item{sku, 1999, order.MaxQuantity, 1900, false}.line()
		l.Name, l.PriceID = strings.Repeat("𝄞", 120), order.PriceID(strings.Repeat("p", 36))
		c.Lines = append(c.Lines, l)
	}
	for i := range 5 {
		c.Offers = append(c.Offers, order.Offer{Code: fmt.Sprintf("%032d", i), Kind: order.PercentOff, Value: 1000})
	}
	s.do(c)
	s.settle()
	for _, l := range s.state.Lines[:20] {
		s.ship(order.LineQuantity{LineID: l.LineID, Quantity: l.Quantity})
	}
	var rest []order.LineQuantity
	for _, l := range s.state.Lines[20:] {
		rest = append(rest, order.LineQuantity{LineID: l.LineID, Quantity: l.Quantity})
	}
	s.do(order.CancelLines{Cause: s.cause(), Lines: rest, ReasonCode: order.ByStaff})
	for _, e := range s.events {
		data, err := json.Marshal(e)
		if err != nil || len(data) > 256<<10 {
			t.Errorf("%T has %d bytes, %v", e, len(data), err)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	s := placed(b, setting{}, mug, lamp)
	events := s.events
	for len(events) < 10_001 {
		events = append(events, order.NoteAdded{Head: s.head(), Note: "called"})
	}
	for b.Loop() {
		state := order.Initial()
		for _, e := range events {
			state = order.Evolve(state, e)
		}
	}
}

func BenchmarkPlace(b *testing.B) {
	s := newShop(b)
	c := s.drafting(setting{shipping: flat}, &order.Submit{CapturePolicy: order.OnShipment, PaymentMethodToken: "tok_ok"}, mug)
	for b.Loop() {
		if _, err := order.Decide(c, order.Initial()); err != nil {
			b.Fatal(err)
		}
	}
}
