package order

import "github.com/kontor-dev/kontor/internal/money"

// The figures of the money page: what is due, what was paid, and what follows
// from the two. All are amounts of the whole order, from its state alone.

// Due is what the customer has to pay for what is neither cancelled nor credited.
func (s State) Due() money.Amount {
	if !s.IsPlaced() || s.closed() {
		return 0
	}
	due := s.shippingDue()
	for _, l := range s.Lines {
		u := l.units()
		due += u.F(l.Quantity-l.Cancelled) - u.F(l.Credited)
	}
	return due
}

// Paid is what was captured, less what refunds have given back for goods and
// shipping. Goodwill is left out: it is no payment of anything.
func (s State) Paid() money.Amount {
	paid := s.Captured()
	for _, r := range s.Refunds {
		if r.Progress != Failed {
			paid -= r.owned()
		}
	}
	return paid
}

// Outstanding is what is still to be paid.
func (s State) Outstanding() money.Amount { return max(0, s.Due()-s.Paid()) }

// toCollect is what authorizations are still needed for. It differs from what is
// outstanding while something is owed: a refund that failed leaves paid high, and
// must not make units that are yet to be shipped look paid.
func (s State) toCollect() money.Amount {
	if s.Over() > 0 {
		return s.Due() - min(s.Due(), s.kept())
	}
	return s.Outstanding()
}

// Captured is what was taken, over all payments.
func (s State) Captured() money.Amount {
	var sum money.Amount
	for _, p := range s.Payments {
		sum += p.Captured
	}
	return sum
}

// Refunded is what was given back, as far as the gateway has said so.
func (s State) Refunded() money.Amount {
	var sum money.Amount
	for _, r := range s.Refunds {
		if r.Progress == Settled {
			sum += r.Amount
		}
	}
	return sum
}

// Refundable is what could be given back at most.
func (s State) Refundable() money.Amount {
	var sum money.Amount
	for _, p := range s.Payments {
		sum += s.refundableOf(p)
	}
	return sum
}

func (s State) refundableOf(p Payment) money.Amount {
	rest := p.Captured
	for _, r := range s.Refunds {
		if r.PaymentID == p.ID && r.Progress != Failed {
			rest -= r.Amount
		}
	}
	return rest
}

// kept is what the shop may keep of what was paid, now.
func (s State) kept() money.Amount {
	if s.CapturePolicy == OnConfirm {
		return s.Due()
	}
	return s.shippedDue() + s.shippingDue()
}

// surplus is what was paid beyond what is kept; it may be negative.
func (s State) surplus() money.Amount { return s.Paid() - s.kept() }

// Over is what the shop owes: the surplus, as far as goodwill has not taken it.
func (s State) Over() money.Amount { return max(0, min(s.surplus(), s.Refundable())) }

// shippedDue is the worth of what was shipped and is not credited.
func (s State) shippedDue() money.Amount {
	var due money.Amount
	for _, l := range s.Lines {
		u := l.units()
		due += u.F(l.Shipped) - u.F(l.Credited)
	}
	return due
}

// shippingDue is the shipping that the customer has to pay: while a unit is left
// that is neither cancelled nor lost.
func (s State) shippingDue() money.Amount {
	if s.closed() || s.count(func(l Line) int { return l.Quantity - l.Cancelled - l.Lost }) == 0 {
		return 0
	}
	return s.Shipping.Gross - s.ShippingCredited
}

// capturable is what should be taken now beyond what was paid and what is being
// captured.
func (s State) capturable() money.Amount {
	var amount money.Amount
	switch {
	case s.closed():
		return 0
	case s.CapturePolicy == OnConfirm:
		amount = s.Due()
	default:
		amount = s.shippedDue()
		if s.count(func(l Line) int { return l.Shipped - l.Lost }) > 0 {
			amount += s.Shipping.Gross - s.ShippingCredited
		}
	}
	inFlight := s.inFlight(func(Capture) bool { return true })
	return max(0, min(amount-s.Paid(), s.Outstanding())-inFlight)
}

// inFlight is what the captures that are asked for and unanswered would take.
func (s State) inFlight(of func(Capture) bool) money.Amount {
	var sum money.Amount
	for _, c := range s.Captures {
		if c.Progress == Requested && of(c) {
			sum += c.Amount
		}
	}
	return sum
}

// closed says whether the order ended without goods.
func (s State) closed() bool { return s.Status == StatusCancelled || s.Status == StatusExpired }

func (s State) count(units func(Line) int) int {
	n := 0
	for _, l := range s.Lines {
		n += units(l)
	}
	return n
}

// rest is what the authorization could still give: what is being captured is
// part of it.
func (p Payment) rest() money.Amount { return p.Held - p.Captured }

// lives says whether the gateway holds money for this payment.
func (p Payment) lives() bool { return p.Phase == WasAuthorized && p.rest() > 0 }

// live is the place of the newest authorization that money can be taken from;
// -1 if there is none.
func (s State) live() int {
	for i := len(s.Payments) - 1; i >= 0; i-- {
		if p := s.Payments[i]; p.lives() && !p.Late && p.Void != VoidWaits {
			return i
		}
	}
	return -1
}

// running is the place of the attempt that waits for its answer; -1 if none does.
func (s State) running() int {
	for i, p := range s.Payments {
		if p.Phase == Running {
			return i
		}
	}
	return -1
}

// owned is what the refund gives back for goods and shipping.
func (r Refund) owned() money.Amount {
	sum := r.ShippingOwned
	for _, l := range r.Lines {
		sum += money.Amount(size(l.Money))
	}
	return sum
}
