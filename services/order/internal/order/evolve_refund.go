package order

import (
	"slices"

	"github.com/kontor-dev/kontor/internal/money"
)

func evolveRefund(s State, e Event) State {
	switch e := e.(type) {
	case RefundRequested:
		for _, n := range e.Credits {
			s = s.withLine(n.LineID, func(l *Line) { l.credit(n.Quantity) })
		}
		s.ShippingCredited += e.CreditsShipping
		s.Refunds = append(slices.Clip(s.Refunds), s.asRefund(e))
	case RefundSettled:
		s = s.withRefund(e.RefundID, func(r *Refund) { r.Progress, r.SettledAt = Settled, e.SettledAt })
	case RefundFailed:
		s = s.withRefund(e.RefundID, func(r *Refund) { r.Progress, r.Code = Failed, e.Code })
		s = s.giveUp(e.RefundID)
	}
	return s
}

// asRefund is the refund with the units and the money that it owns: of each line
// the lowest that no other refund does. A failed refund owns nothing any more.
func (s State) asRefund(e RefundRequested) Refund {
	r := Refund{
		ID: e.RefundID, PaymentID: e.PaymentID, Progress: Requested, Shipping: e.Shipping, Adjustment: e.Adjustment,
		Amount: e.Amount, ReasonCode: e.ReasonCode, RequestedAt: e.OccurredAt,
		ShippingOwned: e.Shipping, Shortfall: max(0, -e.Adjustment),
	}
	for _, n := range e.Lines {
		l, _ := s.Line(n.LineID)
		own := s.ownership(l)
		units, _ := first(own.freeUnits(own.credited(), own.cancelled(), own.others()), int64(n.Quantity))
		gross, _ := first(own.freeMoney(own.credited(), own.cancelled(), own.others()), int64(n.Net+n.Tax))
		r.Lines = append(r.Lines, RefundedLine{RefundLine: n, Units: units, Money: gross})
	}
	return r
}

// giveUp lets the refunds after a failed one of goodwill, that it had shortened,
// own as much less: the newest first, and of each its end first.
func (s State) giveUp(failed RefundID) State {
	at := slices.IndexFunc(s.Refunds, func(r Refund) bool { return r.ID == failed })
	if at < 0 {
		return s
	}
	goodwill := s.Refunds[at].Adjustment
	s.Refunds = slices.Clone(s.Refunds)
	for i := len(s.Refunds) - 1; i > at && goodwill > 0; i-- {
		if r := &s.Refunds[i]; r.Progress != Failed {
			back := min(goodwill, r.Shortfall)
			goodwill -= back
			r.Shortfall -= back
			r.disown(back, s.Line)
		}
	}
	return s
}

// disown gives up that much of what the refund owns: of its lines, the last
// first, and then of the shipping. A unit counts as refunded while any of its
// money is owned.
func (r *Refund) disown(amount money.Amount, line func(LineID) (Line, bool)) {
	r.Lines = slices.Clone(r.Lines)
	for i := len(r.Lines) - 1; i >= 0 && amount > 0; i-- {
		owned := &r.Lines[i]
		keep := max(0, size(owned.Money)-int64(amount))
		amount -= money.Amount(size(owned.Money) - keep)
		owned.Money, _ = first(owned.Money, keep)
		l, _ := line(owned.LineID)
		owned.Units = paidBy(l.units(), owned.Units, owned.Money)
	}
	r.ShippingOwned -= min(amount, r.ShippingOwned)
}

func (s State) withRefund(id RefundID, change func(*Refund)) State {
	s.Refunds = slices.Clone(s.Refunds)
	for i := range s.Refunds {
		if s.Refunds[i].ID == id {
			change(&s.Refunds[i])
		}
	}
	return s
}
