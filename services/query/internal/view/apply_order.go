package view

import (
	"fmt"
	"maps"
	"slices"
	"time"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/money"
)

// ApplyOrder returns the order after one event. Events must come in version order; [ErrImpossible] if this one cannot follow.
func ApplyOrder(s OrderState, e OrderEvent) (OrderState, error) {
	if s.OrderID != "" && s.OrderID != e.Head.OrderID {
		return s, fmt.Errorf("%w: %s of another order", ErrImpossible, e.Type)
	}
	if s.OrderID == "" {
		s = begin(e.Head)
	}
	o := editor{s: &s}
	switch {
	case o.draft(e.Body), o.lifecycle(e), o.payment(e.Body), o.parcel(e.Body), o.giveBack(e):
	default:
		o.fail("no rule for %s", e.Type)
	}
	if o.err != nil {
		return s, fmt.Errorf("apply %s version %d: %w", e.Type, e.Head.Version, o.err)
	}
	s.Version, s.UpdatedAt = e.Head.Version, e.Head.OccurredAt
	s.Axes = axes(e.Head.After)
	return s, nil
}

func begin(h orderv1.Head) OrderState {
	return OrderState{Order: Order{
		OrderID: h.OrderID, CreatedAt: h.OccurredAt,
		Lines: []Line{}, Discounts: []Discount{}, Payments: []Attempt{}, Shipments: []Shipment{}, Returns: []Return{}, Refunds: []Refund{},
	}}
}

func axes(a orderv1.Axes) Axes { return Axes(a) }

// editor changes a copy of an order; its slices are cloned before the first write to them. The methods that take an event return whether
// it was theirs.
type editor struct {
	s   *OrderState
	err error
}

func (o *editor) fail(format string, args ...any) {
	if o.err == nil {
		o.err = fmt.Errorf("%w: "+format, append([]any{ErrImpossible}, args...)...)
	}
}

func (o *editor) money(minor int64) money.Money {
	return money.Money{Amount: money.Amount(minor), Currency: o.s.Currency}
}

func (o *editor) moneyp(minor int64) *money.Money {
	m := o.money(minor)
	return &m
}

func (o *editor) owner(customer string) {
	if o.s.CustomerID != "" && o.s.CustomerID != customer {
		o.fail("another customer")
	}
	o.s.CustomerID = customer
}

// line changes one line.
func (o *editor) line(id string, change func(*Line)) {
	i := slices.IndexFunc(o.s.Lines, func(l Line) bool { return l.LineID == id })
	if i < 0 {
		o.fail("line %s is unknown", id)
		return
	}
	o.s.Lines = slices.Clone(o.s.Lines)
	change(&o.s.Lines[i])
	l := &o.s.Lines[i]
	// What is uncovered never exceeds what is still to be shipped, and that only shrinks.
	l.Backordered = max(0, min(l.Backordered, l.Ordered-l.Cancelled-l.Shipped))
}

func (o *editor) lines(units []Units, change func(l *Line, n int)) {
	for _, u := range units {
		o.line(u.LineID, func(l *Line) { change(l, u.Quantity) })
	}
}

// attempt changes a payment of the order. One that is not known yet is added: facts of payments are never refused.
func (o *editor) attempt(id string, number int, change func(*Attempt, *Book)) {
	o.s.Payments, o.s.Books = slices.Clone(o.s.Payments), maps.Clone(o.s.Books)
	i := slices.IndexFunc(o.s.Payments, func(p Attempt) bool { return p.PaymentID == id })
	if i < 0 {
		i = len(o.s.Payments)
		o.s.Payments = append(o.s.Payments, Attempt{PaymentID: id, Attempt: number, Status: "running", Amount: o.money(0)})
	}
	if o.s.Books == nil {
		o.s.Books = map[string]Book{}
	}
	book := o.s.Books[id]
	change(&o.s.Payments[i], &book)
	o.s.Books[id] = book
}

func (o *editor) shipment(id string, change func(*Shipment)) {
	i := slices.IndexFunc(o.s.Shipments, func(s Shipment) bool { return s.ShipmentID == id })
	if i < 0 {
		o.fail("shipment %s is unknown", id)
		return
	}
	o.s.Shipments = slices.Clone(o.s.Shipments)
	change(&o.s.Shipments[i])
}

func (o *editor) returned(id string, change func(*Return)) {
	i := slices.IndexFunc(o.s.Returns, func(r Return) bool { return r.ReturnID == id })
	if i < 0 {
		o.fail("return %s is unknown", id)
		return
	}
	o.s.Returns = slices.Clone(o.s.Returns)
	change(&o.s.Returns[i])
}

func (o *editor) refund(id string, change func(*Refund)) {
	i := slices.IndexFunc(o.s.Refunds, func(r Refund) bool { return r.RefundID == id })
	if i < 0 {
		o.fail("refund %s is unknown", id)
		return
	}
	o.s.Refunds = slices.Clone(o.s.Refunds)
	change(&o.s.Refunds[i])
}

func instant(t time.Time) *time.Time { return &t }

func unitsOf(lines []orderv1.LineQuantity) []Units {
	out := make([]Units, 0, len(lines))
	for _, l := range lines {
		out = append(out, Units(l))
	}
	return out
}

func unitsOfGross(lines []orderv1.LineGross) []Units {
	out := make([]Units, 0, len(lines))
	for _, l := range lines {
		out = append(out, Units{LineID: l.LineID, Quantity: l.Quantity})
	}
	return out
}
