package view

import (
	"slices"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/money"
)

// draft folds what happens to an order before it is placed.
func (o *editor) draft(body any) bool {
	switch e := body.(type) {
	case orderv1.Drafted:
		o.drafted(e)
	case orderv1.LineAdded:
		o.s.Lines = append(slices.Clone(o.s.Lines), o.draftLine(e.Line))
		o.totals(e.Totals)
	case orderv1.LineRemoved:
		o.line(e.LineID, func(*Line) {})
		o.s.Lines = slices.DeleteFunc(slices.Clone(o.s.Lines), func(l Line) bool { return l.LineID == e.LineID })
		o.totals(e.Totals)
	case orderv1.LineQuantityChanged:
		o.line(e.LineID, func(l *Line) { l.Quantity, l.Ordered = e.Quantity, e.Quantity })
		o.totals(e.Totals)
	case orderv1.DiscountApplied:
		o.s.Discounts = append(slices.Clone(o.s.Discounts), o.discount(e.Discount))
		o.totals(e.Totals)
	case orderv1.DiscountRemoved:
		o.s.Discounts = slices.DeleteFunc(slices.Clone(o.s.Discounts), func(d Discount) bool { return d.DiscountID == e.DiscountID })
		o.totals(e.Totals)
	case orderv1.ShippingAddressSet:
		a := Address(e.ShippingAddress)
		o.s.ShippingAddress = &a
		o.totals(e.Totals)
	default:
		return false
	}
	return true
}

func (o *editor) drafted(e orderv1.Drafted) {
	o.owner(e.CustomerID)
	o.s.OrderNumber, o.s.Channel, o.s.Currency = e.OrderNumber, e.Channel, money.Currency(e.Currency)
	o.s.Captured, o.s.Refunded = o.money(0), o.money(0)
	o.s.Lines = make([]Line, 0, len(e.Lines))
	for _, l := range e.Lines {
		o.s.Lines = append(o.s.Lines, o.draftLine(l))
	}
	o.s.Discounts = o.discounts(e.Discounts)
	if e.ShippingAddress != nil {
		a := Address(*e.ShippingAddress)
		o.s.ShippingAddress = &a
	}
	o.totals(e.Totals)
}

// placed replaces what the draft said: from now on lines, discounts and totals are final.
func (o *editor) placed(e orderv1.Placed) {
	o.owner(e.CustomerID)
	o.s.OrderNumber, o.s.Currency, o.s.CapturePolicy = e.OrderNumber, money.Currency(e.Currency), e.CapturePolicy
	o.s.Captured, o.s.Refunded = o.money(0), o.money(0)
	o.s.Lines = make([]Line, 0, len(e.Lines))
	for _, l := range e.Lines {
		line := o.draftLine(l.DraftLine)
		line.DiscountAllocated, line.Net, line.Tax, line.Gross = o.moneyp(l.DiscountAllocated), o.moneyp(l.Net), o.moneyp(l.Tax), o.moneyp(l.Gross)
		o.s.Lines = append(o.s.Lines, line)
	}
	o.s.Discounts = o.discounts(e.Discounts)
	o.totals(orderv1.Totals{DiscountTotal: e.DiscountTotal, TaxTotal: e.TaxTotal, Shipping: e.Shipping, GrandTotal: e.GrandTotal})
	a := Address(e.ShippingAddress)
	o.s.ShippingAddress, o.s.PlacedAt, o.s.PaymentDueAt = &a, instant(e.PlacedAt), e.PaymentDueAt
	if e.PaymentID != "" {
		o.attempt(e.PaymentID, e.Attempt, func(p *Attempt, _ *Book) { p.Amount = o.money(e.GrandTotal) })
	}
}

func (o *editor) draftLine(l orderv1.DraftLine) Line {
	return Line{
		LineID: l.LineID, SKU: l.SKU, Name: l.Name, Quantity: l.Quantity, Ordered: l.Quantity, UnitPrice: o.money(l.UnitPrice),
		PriceID: l.PriceID, TaxRateBP: l.TaxRateBP, TaxIncluded: l.TaxIncluded,
	}
}

func (o *editor) totals(t orderv1.Totals) {
	o.s.DiscountTotal, o.s.TaxTotal, o.s.GrandTotal = o.money(t.DiscountTotal), o.money(t.TaxTotal), o.money(t.GrandTotal)
	o.s.Shipping = Shipping{Net: o.money(t.Shipping.Net), Tax: o.money(t.Shipping.Tax), Gross: o.money(t.Shipping.Gross)}
}

func (o *editor) discounts(list []orderv1.Discount) []Discount {
	out := make([]Discount, 0, len(list))
	for _, d := range list {
		out = append(out, o.discount(d))
	}
	return out
}

func (o *editor) discount(d orderv1.Discount) Discount {
	out := Discount{DiscountID: d.DiscountID, Code: d.Code, Kind: d.Kind, SKU: d.SKU}
	if d.Kind == "amount" {
		out.Amount = o.moneyp(d.Value)
	} else {
		out.Value = d.Value
	}
	return out
}
