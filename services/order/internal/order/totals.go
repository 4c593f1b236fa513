package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// cart is what a total is computed from.
type cart struct {
	lines     []DraftLine
	discounts []Discount
	shipping  ShippingRate
}

// price computes every line and the totals. Discounts of a line come first, then
// those of the order, each over what the ones before have left. Tax is rounded
// once per line, and shipping is a line of its own.
func (c cart) price() ([]PlacedLine, Totals, error) {
	left, err := c.bases()
	if err != nil {
		return nil, Totals{}, err
	}
	base := append([]money.Amount(nil), left...)
	for _, ofOrder := range []bool{false, true} {
		for _, d := range c.discounts {
			if (d.SKU == "") != ofOrder {
				continue
			}
			if err := c.take(d, left); err != nil {
				return nil, Totals{}, err
			}
		}
	}
	lines := make([]PlacedLine, len(c.lines))
	for i, l := range c.lines {
		split, err := money.Tax(left[i], l.TaxRateBP, l.TaxIncluded)
		if err != nil {
			return nil, Totals{}, ErrOutOfRange
		}
		lines[i] = PlacedLine{DraftLine: l, DiscountAllocated: base[i] - left[i], Net: split.Net, Tax: split.Tax, Gross: split.Gross}
	}
	totals, err := c.total(lines)
	return lines, totals, err
}

// bases is unit price × quantity of each line.
func (c cart) bases() ([]money.Amount, error) {
	bases := make([]money.Amount, len(c.lines))
	for i, l := range c.lines {
		base, err := l.UnitPrice.Mul(int64(l.Quantity))
		if err != nil || base < 0 {
			return nil, ErrOutOfRange
		}
		bases[i] = base
	}
	if _, err := money.Sum(bases...); err != nil {
		return nil, ErrOutOfRange
	}
	return bases, nil
}

// goods is Σ unit price × quantity, which the minimum of a discount looks at.
func (c cart) goods() (money.Amount, error) {
	bases, err := c.bases()
	if err != nil {
		return 0, err
	}
	return money.Sum(bases...)
}

// take takes one discount off what is left of the lines that it applies to.
func (c cart) take(d Discount, left []money.Amount) error {
	weights := make([]money.Amount, len(left))
	for i, l := range c.lines {
		if d.SKU == "" || d.SKU == l.SKU {
			weights[i] = left[i]
		}
	}
	over, err := money.Sum(weights...)
	if err != nil {
		return ErrOutOfRange
	}
	off := money.Amount(d.Value)
	if d.Kind == PercentOff {
		if off, err = money.Percent(over, int(d.Value)); err != nil {
			return ErrOutOfRange
		}
	}
	shares, err := money.Allocate(min(off, over), weights)
	if err != nil {
		return ErrOutOfRange
	}
	for i, share := range shares {
		left[i] -= share
	}
	return nil
}

// total adds the lines up and puts shipping on top.
func (c cart) total(lines []PlacedLine) (Totals, error) {
	var t Totals
	var goods money.Amount
	var err error
	for _, l := range lines {
		t.DiscountTotal += l.DiscountAllocated // part of Σ base, which is in range
		t.TaxTotal += l.Tax
		if goods, err = goods.Add(l.Gross); err != nil {
			return Totals{}, ErrOutOfRange
		}
	}
	if t.Shipping, err = c.shipping.fee(goods, len(lines) > 0); err != nil {
		return Totals{}, err
	}
	t.TaxTotal += t.Shipping.Tax
	if t.GrandTotal, err = goods.Add(t.Shipping.Gross); err != nil {
		return Totals{}, ErrOutOfRange
	}
	return t, nil
}

// fee is what shipping goods of that gross costs.
func (r ShippingRate) fee(goods money.Amount, any bool) (Shipping, error) {
	if !any || r.FreeFrom > 0 && goods >= r.FreeFrom {
		return Shipping{}, nil
	}
	split, err := money.Tax(r.Fee, r.TaxRateBP, r.TaxIncluded)
	if err != nil || r.Fee < 0 {
		return Shipping{}, ErrOutOfRange
	}
	return Shipping{Net: split.Net, Tax: split.Tax, Gross: split.Gross}, nil
}

// holds says whether the offer can be used at t on this cart. One of a product
// needs its line.
func (o Offer) holds(t time.Time, currency money.Currency, c cart) bool {
	within := !t.Before(o.ValidFrom) && (o.ValidTo.IsZero() || t.Before(o.ValidTo))
	if o.Code == "" || o.Kind == "" || o.Withdrawn || !within || o.Currency != "" && o.Currency != currency {
		return false
	}
	goods, err := c.goods()
	if err != nil || goods < o.MinTotal {
		return false
	}
	for _, l := range c.lines {
		if o.SKU == "" || o.SKU == l.SKU {
			return true
		}
	}
	return o.SKU == ""
}
