package order

import (
	"slices"
	"sort"

	"github.com/kontor-dev/kontor/internal/money"
)

func decideRequestRefund(c RequestRefund, r *recorder) error {
	if err := r.mayRefund(); err != nil {
		return err
	}
	if c.Shipping < 0 || c.Adjustment < 0 {
		return ErrInvalid
	}
	if len(c.Lines) == 0 && c.Shipping == 0 && c.Adjustment == 0 {
		return r.repeatOwed(c)
	}
	if len(c.Lines) > 0 {
		if _, err := r.state.named(c.Lines); err != nil {
			return err
		}
	}
	wanted, ok := r.state.claimOf(c.Lines, c.Shipping)
	if !ok || wanted.amount() > r.state.Refundable() || c.Adjustment > r.goodwillBeside(wanted) {
		return r.state.exceedsRefundable(c.Lines)
	}
	wanted.adjustment = c.Adjustment
	if wanted.amount() == 0 { // worth nothing: no operation for the gateway
		return r.state.exceedsRefundable(c.Lines)
	}
	r.refund(wanted, c.ReasonCode, c.Note)
	return nil
}

// mayRefund says in which statuses finance acts: after the end of an order on
// what was captured, or on an authorization that could not be let go.
func (r *recorder) mayRefund() error {
	switch r.state.Status {
	case StatusConfirmed, StatusCompleted:
		return nil
	case StatusCancelled, StatusExpired:
		if r.state.Captured() > 0 || r.state.voidProblem() {
			return nil
		}
	case StatusDraft, StatusPlaced, StatusPaymentFailed:
	}
	return ErrStatus
}

// repeatOwed asks again for what was given up: the refund of what is owed, and
// voids of authorizations that live.
func (r *recorder) repeatOwed(c RequestRefund) error {
	if r.state.Over() > 0 {
		r.refund(r.state.owed(), c.ReasonCode, c.Note)
	}
	for _, p := range r.state.Payments {
		if p.Void == VoidGivenUp && p.lives() {
			r.requestVoid(p, p.VoidReason)
		}
	}
	if len(r.events) == 0 {
		return r.state.exceedsRefundable(nil)
	}
	return nil
}

// claimOf is the claim of units and shipping. What is credited and owed comes
// first, then what the claim credits. False if there are not so many units, or
// not so much shipping.
func (s State) claimOf(units []LineQuantity, shipping money.Amount) (claim, bool) {
	var c claim
	over := s.Over()
	for _, n := range units {
		l, _ := s.Line(n.LineID)
		w, ok := s.wanted(l, n.Quantity, over)
		if !ok {
			return claim{}, false
		}
		c.parts = append(c.parts, w.part)
		over -= w.owed
		if w.credits > 0 {
			c.credits = append(c.credits, LineQuantity{LineID: l.LineID, Quantity: w.credits})
		}
	}
	owed := min(over, max(0, s.freeShipping()))
	if shipping > owed+s.shippingDue() {
		return claim{}, false
	}
	if shipping > 0 {
		c.parts = append(c.parts, shippingPart(shipping))
		c.shipping = max(0, shipping-owed)
	}
	return c, true
}

// wanted is units of a line to refund: how many of them are credited by that,
// and what of their money was owed before.
type wanted struct {
	part
	credits int
	owed    money.Amount
}

// wanted takes n units of a line: first those that are credited and, as far as
// over goes, owed. A unit that was credited and never paid is owed to nobody.
func (s State) wanted(l Line, n int, over money.Amount) (wanted, bool) {
	own, u := s.ownership(l), l.units()
	there := own.freeUnits(own.credited())
	worth := func(k int) money.Amount { // of the first k units that are there
		if k == 0 {
			return 0
		}
		lowest, _ := first(there, int64(k))
		return money.Amount(size(own.freeMoney(Span{0, lowest[len(lowest)-1].To})))
	}
	old := sort.Search(min(n, int(size(there))), func(k int) bool { return worth(k+1) > over })
	w := wanted{credits: n - old, owed: worth(old)}
	if l.Credited+w.credits > l.Shipped {
		return wanted{}, false
	}
	amount := w.owed + u.F(l.Credited+w.credits) - u.F(l.Credited)
	l.Credited += w.credits
	own.line, w.line = l, l
	w.units, _ = first(own.freeUnits(own.credited()), int64(n))
	w.money, _ = first(own.freeMoney(own.credited()), int64(amount))
	return w, true
}

// goodwillBeside is how much goodwill is left beside a claim, after what would be
// owed then.
func (r *recorder) goodwillBeside(c claim) money.Amount {
	trial := *r
	trial.events = slices.Clone(r.events)
	trial.refund(c, "", "")
	return trial.state.Refundable() - trial.state.Over()
}

// exceedsRefundable is the refusal with the most that each part could be alone.
func (s State) exceedsRefundable(units []LineQuantity) error {
	refundable := max(0, s.Refundable())
	e := &ExceedsRefundableError{
		Lines:      []LineMax{},
		Shipping:   max(0, min(min(s.Over(), max(0, s.freeShipping()))+s.shippingDue(), refundable)),
		Adjustment: max(0, refundable-s.Over()),
		Refundable: refundable,
	}
	for _, n := range units {
		l, _ := s.Line(n.LineID)
		most := sort.Search(l.Shipped, func(k int) bool { // the first k+1 units that are too much
			w, ok := s.wanted(l, k+1, s.Over())
			return !ok || w.amount() > refundable
		})
		if w, ok := s.wanted(l, max(1, most), s.Over()); !ok || w.amount() == 0 {
			most = 0
		}
		e.Lines = append(e.Lines, LineMax{LineID: n.LineID, Maximum: most})
	}
	return e
}
