package order_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const orderID = order.ID("0f5a1c6e-3a0e-5b7e-9a55-1d2b8f6f0001")

// fataler is a testing.T or a rapid.T.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// shop drives one order with commands and holds it to its invariants after every
// append. Its bank answers what the order asks of the payment service.
type shop struct {
	t        fataler
	state    order.State
	events   []order.Event
	now      time.Time
	commands int
	reserved map[order.SKU]int
	bank     *bank
}

func newShop(t fataler) *shop {
	return &shop{t: t, state: order.Initial(), now: noon, reserved: map[order.SKU]int{}, bank: newBank()}
}

// cause is the cause of the next command.
func (s *shop) cause() order.Cause {
	s.commands++
	return order.Cause{CommandID: order.CommandID(fmt.Sprintf("command-%d", s.commands)), At: s.now}
}

// try decides a command and folds what follows.
func (s *shop) try(c order.Command) ([]order.Event, error) {
	s.t.Helper()
	before := s.snapshot()
	events, err := order.Decide(c, s.state)
	again, errAgain := order.Decide(c, s.state)
	if d := cmp.Diff(events, again); d != "" || fmt.Sprint(err) != fmt.Sprint(errAgain) {
		s.t.Fatalf("%T decides otherwise when it is asked again:\n%s %v %v", c, d, err, errAgain)
	}
	if err != nil {
		var r order.Refusal
		if len(events) > 0 || !errors.As(err, &r) || r.Code() == "" {
			s.t.Fatalf("%T: got %v and %v, want a refusal alone", c, events, err)
		}
		return nil, err
	}
	after := s.state
	for _, e := range events {
		after = order.Evolve(after, e)
	}
	if d := cmp.Diff(before, s.snapshot()); d != "" {
		s.t.Fatalf("%T changed the state that it was given:\n%s", c, d)
	}
	s.check(c, s.state, after, events)
	s.state = after
	s.events = append(s.events, events...)
	s.bank.hear(events)
	return events, nil
}

// do is try for a command that must not be refused.
func (s *shop) do(c order.Command) []order.Event {
	s.t.Helper()
	events, err := s.try(c)
	if err != nil {
		s.t.Fatalf("%T: %v in %+v", c, err, s.state.Axes)
	}
	return events
}

// refuse is try for a command that must be refused with this code.
func (s *shop) refuse(c order.Command, code string) error {
	s.t.Helper()
	_, err := s.try(c)
	var r order.Refusal
	if !errors.As(err, &r) || r.Code() != code {
		s.t.Fatalf("%T: got %v, want %s, in %+v", c, err, code, s.state.Axes)
	}
	return err
}

func (s *shop) snapshot() string {
	b, err := json.Marshal(s.state)
	if err != nil {
		s.t.Fatalf("state: %v", err)
	}
	return string(b)
}

// item is one line of a cart.
type item struct {
	sku      order.SKU
	price    money.Amount
	quantity int
	rateBP   int
	onTop    bool
}

func (i item) line() order.NewLine {
	return order.NewLine{Quantity: i.quantity, Price: order.Price{
		SKU: i.sku, Name: "a " + string(i.sku), UnitPrice: i.price, PriceID: order.PriceID("price-" + i.sku), TaxRateBP: i.rateBP,
		TaxIncluded: !i.onTop,
	}}
}

func lineID(sku order.SKU) order.LineID { return order.LineID(ids.Line(string(orderID), string(sku))) }

func units(sku order.SKU, n int) order.LineQuantity {
	return order.LineQuantity{LineID: lineID(sku), Quantity: n}
}

var home = order.Address{Name: "A. Kaya", Line1: "1 High Street", City: "Leeds", PostalCode: "LS1 1AA", Country: "GB", Email: "a@example.org"}

// setting is what an order is placed with.
type setting struct {
	policy   order.CapturePolicy
	currency money.Currency
	shipping order.ShippingRate
	offers   []order.Offer
}

// placed is an order that was placed in one go, nothing of it answered.
func placed(t fataler, with setting, items ...item) *shop {
	t.Helper()
	s := newShop(t)
	s.do(s.drafting(with, &order.Submit{CapturePolicy: with.policy, PaymentMethodToken: "tok_ok"}, items...))
	return s
}

func (s *shop) drafting(with setting, submit *order.Submit, items ...item) order.Draft {
	if with.currency == "" {
		with.currency = "EUR"
	}
	c := order.Draft{
		Cause: s.cause(), OrderID: orderID, OrderNumber: ids.OrderNumber(string(orderID)), CustomerID: "customer-1",
		Currency: with.currency, Channel: order.API, Address: &home, Shipping: with.shipping, Offers: with.offers, Submit: submit,
	}
	if submit != nil && submit.CapturePolicy == "" {
		submit.CapturePolicy = order.OnShipment
	}
	for _, i := range items {
		c.Lines = append(c.Lines, i.line())
	}
	return c
}

// confirmed is an order whose payment was answered, and its captures as well.
func confirmed(t fataler, with setting, items ...item) *shop {
	t.Helper()
	s := placed(t, with, items...)
	s.settle()
	if s.state.Status != order.StatusConfirmed {
		t.Fatalf("got %+v, want a confirmed order", s.state.Axes)
	}
	return s
}

// ship sends units off as a parcel of their own and answers what follows.
func (s *shop) ship(lines ...order.LineQuantity) order.ShipmentID {
	s.t.Helper()
	c := order.Dispatch{Cause: s.cause(), Lines: lines, Carrier: "DHL"}
	c.TrackingNumber = fmt.Sprintf("T%d", s.commands)
	s.do(c)
	s.settle()
	return s.state.Shipments[len(s.state.Shipments)-1].ID
}

func (s *shop) deliver(id order.ShipmentID) {
	s.do(order.MarkDelivered{Cause: s.cause(), ShipmentID: id})
}

// shipAll ships and delivers everything in one parcel.
func (s *shop) shipAll() {
	s.t.Helper()
	var lines []order.LineQuantity
	for _, l := range s.state.Lines {
		if n := l.Shippable(); n > 0 {
			lines = append(lines, order.LineQuantity{LineID: l.LineID, Quantity: n})
		}
	}
	s.deliver(s.ship(lines...))
}

// sendBack announces units and lets them be received, each line to be restocked.
func (s *shop) sendBack(lines ...order.LineQuantity) []order.Event {
	s.t.Helper()
	id := s.announce(lines...)
	s.do(order.ApproveReturn{Cause: s.cause(), ReturnID: id})
	return s.receive(id, lines...)
}

func (s *shop) announce(lines ...order.LineQuantity) order.ReturnID {
	s.t.Helper()
	s.do(s.returning(lines...))
	return s.state.Returns[len(s.state.Returns)-1].ID
}

func (s *shop) returning(lines ...order.LineQuantity) order.RequestReturn {
	c := order.RequestReturn{Cause: s.cause()}
	for _, l := range lines {
		c.Lines = append(c.Lines, order.ReturnLine{LineID: l.LineID, Quantity: l.Quantity, ReasonCode: order.Unwanted})
	}
	return c
}

func (s *shop) receive(id order.ReturnID, lines ...order.LineQuantity) []order.Event {
	s.t.Helper()
	return s.do(s.receiving(id, lines...))
}

func (s *shop) receiving(id order.ReturnID, lines ...order.LineQuantity) order.ReceiveReturn {
	c := order.ReceiveReturn{Cause: s.cause(), ReturnID: id}
	for _, l := range lines {
		c.Lines = append(c.Lines, order.Received{LineID: l.LineID, Quantity: l.Quantity, Disposition: order.Restock})
	}
	return c
}

// refunds are the amounts of the refunds in events.
func refunds(events []order.Event) []money.Amount {
	amounts := []money.Amount{}
	for _, e := range of[order.RefundRequested](events) {
		amounts = append(amounts, e.Amount)
	}
	return amounts
}

// of is the events of one kind.
func of[E order.Event](events []order.Event) []E {
	some := []E{}
	for _, e := range events {
		if e, ok := e.(E); ok {
			some = append(some, e)
		}
	}
	return some
}

// names are the Go names of events.
func names(events []order.Event) []string {
	all := []string{}
	for _, e := range events {
		all = append(all, fmt.Sprintf("%T", e)[len("order."):])
	}
	return all
}

// settle lets the bank answer everything that was asked for, with success.
func (s *shop) settle() {
	s.t.Helper()
	for id := s.bank.next(); id != ""; id = s.bank.next() {
		s.answer(id, true)
	}
}

// answer lets the bank answer the first open operation of a payment.
func (s *shop) answer(id order.PaymentID, ok bool) {
	s.t.Helper()
	for _, fact := range s.bank.answer(s, id, ok) {
		s.do(fact)
	}
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}
