package order

import (
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
)

// How long a customer has to pay: after placing or retrying, after a decline,
// and in all.
const (
	PaymentTime      = 15 * time.Minute
	DeclineTime      = 30 * time.Minute
	LongestToPayment = 24 * time.Hour
)

func decidePlace(c Place, r *recorder) error {
	if r.state.Status != StatusDraft {
		return ErrStatus
	}
	return place(c, r)
}

// place orders the draft: everything is priced anew, and must come to what the
// customer has seen.
func place(c Place, r *recorder) error {
	s := r.state
	if n := len(s.Lines); n < 1 || n > MaxLines || s.ShippingAddress == nil {
		return ErrIncomplete
	}
	bought, err := c.reprice(s)
	if err != nil {
		return err
	}
	lines, totals, err := bought.price()
	if err != nil {
		return err
	}
	expected := s.GrandTotal
	if c.ExpectedTotal != nil {
		expected = *c.ExpectedTotal
	}
	switch {
	case totals.GrandTotal != expected:
		return &PriceChangedError{Totals: totals}
	case totals.GrandTotal > 0 && c.PaymentMethodToken == "":
		return ErrIncomplete
	}
	e := Placed{
		Head: r.head(), OrderNumber: s.OrderNumber, CustomerID: s.CustomerID, Currency: s.Currency, Lines: lines,
		Shipping: totals.Shipping, Discounts: bought.discounts, DiscountTotal: totals.DiscountTotal, TaxTotal: totals.TaxTotal,
		GrandTotal: totals.GrandTotal, ShippingAddress: *s.ShippingAddress, CapturePolicy: c.CapturePolicy, PlacedAt: c.At,
	}
	if totals.GrandTotal == 0 {
		r.record(e)
		r.record(Confirmed{Head: r.head(), ConfirmedAt: c.At})
		return nil
	}
	due := c.At.Add(PaymentTime)
	e.PaymentID, e.Attempt = PaymentID(ids.Payment(string(s.ID), 1)), 1
	e.PaymentMethodToken, e.PaymentDueAt = c.PaymentMethodToken, &due
	r.record(e)
	return nil
}

// reprice is the draft at the prices and discounts of now. A discount that no
// longer holds refuses the placement; it is never dropped in silence.
func (c Place) reprice(s State) (cart, error) {
	bought := cart{lines: make([]DraftLine, len(s.Lines)), discounts: []Discount{}, shipping: c.Shipping}
	for i, l := range s.Lines {
		at := slices.IndexFunc(c.Prices, func(p Price) bool { return p.SKU == l.SKU })
		if at < 0 {
			return cart{}, ErrNoPrice
		}
		bought.lines[i] = NewLine{Price: c.Prices[at], Quantity: l.Quantity}.on(s.ID)
	}
	gone := ""
	for _, d := range s.Discounts {
		at := slices.IndexFunc(c.Offers, func(o Offer) bool { return o.Code == d.Code })
		switch {
		case at >= 0 && c.Offers[at].holds(c.At, s.Currency, bought):
			bought.discounts = append(bought.discounts, c.Offers[at].as(d.DiscountID))
		case gone == "":
			gone = d.Code
		}
	}
	if gone != "" {
		return cart{}, without(bought, gone, bought.discounts)
	}
	return bought, nil
}

func decideExpirePayment(c ExpirePayment, r *recorder) error {
	if r.state.Status != StatusPlaced && r.state.Status != StatusPaymentFailed {
		return nil
	}
	if due := r.state.PaymentDueAt; due != nil && c.At.Before(*due) {
		return &NotDueError{DueAt: *due}
	}
	r.record(Expired{Head: r.head(), Reason: PaymentTimeout, Released: r.state.OpenReservations()})
	return nil
}
