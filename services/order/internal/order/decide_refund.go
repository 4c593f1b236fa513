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

// claimOf is the claim of units and shipping. Units that are credited and not
// refunded come first, then units that the claim credits. False if there are
// not so many, or not so much shipping.
func (s State) claimOf(units []LineQuantity, shipping money.Amount) (claim, bool) {
	var c claim
	for _, n := range units {
		l, _ := s.Line(n.LineID)
		p, credits, ok := s.partOf(l, n.Quantity)
		if !ok {
			return claim{}, false
		}
		c.parts = append(c.parts, p)
		if credits > 0 {
			c.credits = append(c.credits, LineQuantity{LineID: l.LineID, Quantity: credits})
		}
	}
	if shipping > s.Shipping.Gross-s.ownedShipping() {
		return claim{}, false
	}
	if shipping > 0 {
		c.parts = append(c.parts, shippingPart(shipping))
		c.shipping = max(0, shipping-max(0, s.freeShipping()))
	}
	return c, true
}

// partOf is n units of a line to refund, and how many of them are credited by it.
func (s State) partOf(l Line, n int) (part, int, bool) {
	own := s.ownership(l)
	credits := max(0, n-int(size(own.freeUnits(own.credited()))))
	if l.Credited+credits > l.Shipped {
		return part{}, 0, false
	}
	l.Credited += credits
	own.line = l
	units, _ := first(own.freeUnits(own.credited()), int64(n))
	paid := own.freeMoney(Span{0, units[len(units)-1].To})
	return part{line: l, units: units, money: paid}, credits, true
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
		Shipping:   max(0, min(s.Shipping.Gross-s.ownedShipping(), refundable)),
		Adjustment: max(0, refundable-s.Over()),
		Refundable: refundable,
	}
	for _, n := range units {
		l, _ := s.Line(n.LineID)
		most := sort.Search(l.Shipped, func(k int) bool { // the first k+1 units that are too much
			p, _, ok := s.partOf(l, k+1)
			return !ok || p.amount() > refundable
		})
		if p, _, ok := s.partOf(l, max(1, most)); !ok || p.amount() == 0 {
			most = 0
		}
		e.Lines = append(e.Lines, LineMax{LineID: n.LineID, Maximum: most})
	}
	return e
}
