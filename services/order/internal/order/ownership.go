package order

import "github.com/kontor-dev/kontor/internal/money"

// ownership is which units of a line, and which of its money, refunds own that
// were not given up.
type ownership struct {
	line         Line
	units, money []Span
}

func (s State) ownership(l Line) ownership {
	own := ownership{line: l}
	for _, r := range s.Refunds {
		if r.Progress == Failed {
			continue
		}
		for _, owned := range r.Lines {
			if owned.LineID == l.LineID {
				own.units = append(own.units, owned.Units...)
				own.money = append(own.money, owned.Money...)
			}
		}
	}
	return own
}

// A refund pays for credited units first, then for cancelled ones; nothing is
// left of others when both are paid for.
func (o ownership) credited() Span { return Span{0, int64(o.line.Credited)} }

func (o ownership) cancelled() Span {
	return Span{int64(o.line.Quantity - o.line.Cancelled), int64(o.line.Quantity)}
}

func (o ownership) others() Span {
	return Span{int64(o.line.Credited), int64(o.line.Quantity - o.line.Cancelled)}
}

// freeUnits is the units of zones that no refund owns.
func (o ownership) freeUnits(zones ...Span) []Span {
	var units []Span
	for _, z := range zones {
		units = append(units, free(z, o.units)...)
	}
	return units
}

// freeMoney is the money of the units of zones that no refund owns.
func (o ownership) freeMoney(zones ...Span) []Span {
	u := o.line.units()
	var all []Span
	for _, z := range zones {
		all = append(all, free(Span{int64(u.F(int(z.From))), int64(u.F(int(z.To)))}, o.money)...)
	}
	return all
}

// paidBy is those of units that any of the money pays for; one that is worth
// nothing goes with the unit before it.
func paidBy(u money.Units, units, paid []Span) []Span {
	if len(paid) == 0 {
		return nil
	}
	end := paid[len(paid)-1].To
	var some []Span
	for _, s := range units {
		to := s.From
		for to < s.To && (int64(u.F(int(to))) < end || int64(u.F(int(to+1))) <= end) {
			to++
		}
		if to > s.From {
			some = append(some, Span{s.From, to})
		}
	}
	return some
}

// taxIn is the tax in money of a line.
func taxIn(u money.Units, paid []Span) money.Amount {
	var tax money.Amount
	for _, s := range paid {
		tax += u.TaxIn(money.Amount(s.To)) - u.TaxIn(money.Amount(s.From))
	}
	return tax
}
