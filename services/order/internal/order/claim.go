package order

import (
	"slices"

	"github.com/kontor-dev/kontor/internal/money"
)

// claim is what is to be given back, in the order in which payments pay for it:
// the parts one after the other, then goodwill. It becomes one refund for each
// payment that it needs.
type claim struct {
	parts      []part
	adjustment money.Amount // below 0: what goodwill has taken before
	credits    []LineQuantity
	shipping   money.Amount // credited by this claim for the first time
}

// part is money of a line with the units that it pays for, or of the shipping.
type part struct {
	line  Line // none: shipping
	units []Span
	money []Span
}

func shippingPart(amount money.Amount) part { return part{money: []Span{{0, int64(amount)}}} }

func (p part) ofShipping() bool { return p.line.LineID == "" }

func (p part) amount() money.Amount { return money.Amount(size(p.money)) }

// cut divides a part after an amount. A unit that the cut goes through counts in
// the first.
func (p part) cut(amount money.Amount) (head, tail part) {
	head, tail = p, p
	head.money, tail.money = first(p.money, int64(amount))
	if p.ofShipping() || len(tail.money) == 0 {
		tail.units = nil
		return head, tail
	}
	head.units = paidBy(p.line.units(), p.units, head.money)
	_, tail.units = first(p.units, size(head.units))
	return head, tail
}

// worth is what the parts come to.
func worth(parts []part) money.Amount {
	var sum money.Amount
	for _, p := range parts {
		sum += p.amount()
	}
	return sum
}

// upTo divides parts after an amount.
func upTo(parts []part, amount money.Amount) (head, tail []part) {
	for i, p := range parts {
		switch {
		case amount <= 0:
			return head, parts[i:]
		case p.amount() > amount:
			h, t := p.cut(amount)
			return append(head, h), append([]part{t}, parts[i+1:]...)
		}
		head = append(head, p)
		amount -= p.amount()
	}
	return head, nil
}

// owed is what the shop owes: credited units first, then shipping, then
// cancelled units, as far as the surplus goes. What goodwill has taken of it
// before is a negative adjustment.
func (s State) owed() claim {
	var all []part
	for _, l := range s.Lines {
		own := s.ownership(l)
		all = append(all, part{line: l, units: own.freeUnits(own.credited()), money: own.freeMoney(own.credited())})
	}
	all = append(all, shippingPart(s.freeShipping()))
	for _, l := range s.Lines {
		own := s.ownership(l)
		all = append(all, part{line: l, units: own.freeUnits(own.cancelled()), money: own.freeMoney(own.cancelled())})
	}
	surplus := min(s.surplus(), worth(all))
	parts, _ := upTo(all, surplus)
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.amount() == 0 && len(p.units) == 0 })
	return claim{parts: parts, adjustment: min(0, s.Refundable()-surplus)}
}

// freeShipping is the shipping that is not due any more and that no refund has
// given back.
func (s State) freeShipping() money.Amount {
	return s.Shipping.Gross - s.shippingDue() - s.ownedShipping()
}

func (s State) ownedShipping() money.Amount {
	var sum money.Amount
	for _, r := range s.Refunds {
		if r.Progress != Failed {
			sum += r.ShippingOwned
		}
	}
	return sum
}

// amount is what the claim comes to.
func (c claim) amount() money.Amount { return worth(c.parts) + c.adjustment }

// split makes the claim one refund per payment, the oldest payment first. Ids
// and head are left to the caller. The claim is at most what is refundable.
func (c claim) split(s State) []RefundRequested {
	var refunds []RefundRequested
	parts, left := c.parts, c.amount()
	for _, p := range s.Payments {
		amount := min(left, s.refundableOf(p))
		if amount <= 0 {
			continue
		}
		left -= amount
		mine, rest := upTo(parts, amount)
		if left == 0 {
			mine, rest = parts, nil
		}
		parts = rest
		e := RefundRequested{PaymentID: p.ID, Lines: []RefundLine{}, Amount: amount, Credits: []LineQuantity{}}
		e.fill(mine)
		e.Adjustment = amount - worth(mine)
		if len(refunds) == 0 {
			e.Credits = append(e.Credits, c.credits...)
			e.CreditsShipping = c.shipping
		}
		refunds = append(refunds, e)
	}
	return refunds
}

// fill writes parts down, all of one line as one.
func (e *RefundRequested) fill(parts []part) {
	for _, p := range parts {
		if p.ofShipping() {
			e.Shipping += p.amount()
			continue
		}
		tax := taxIn(p.line.units(), p.money)
		at := slices.IndexFunc(e.Lines, func(l RefundLine) bool { return l.LineID == p.line.LineID })
		if at < 0 {
			e.Lines = append(e.Lines, RefundLine{LineID: p.line.LineID})
			at = len(e.Lines) - 1
		}
		e.Lines[at].Quantity += int(size(p.units))
		e.Lines[at].Net += p.amount() - tax
		e.Lines[at].Tax += tax
	}
}
