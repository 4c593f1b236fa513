package order

// axes are the three answers as they follow from what has happened.
func (s State) axes() Axes {
	return Axes{Status: s.Status, PaymentStatus: s.paymentStatus(), FulfillmentStatus: s.fulfillmentStatus()}
}

// paymentStatus is the first that fits.
func (s State) paymentStatus() PaymentStatus {
	captured, refunded := s.Captured(), s.Refunded()
	switch {
	case !s.IsPlaced():
		return PayNone
	case s.GrandTotal == 0:
		return PayNotRequired
	case s.moneyProblem() || s.voidProblem():
		return PayProblem
	case s.refundOpen():
		return PayRefundPending
	case refunded > 0 && refunded == captured && s.Outstanding() == 0:
		return PayRefunded
	case refunded > 0:
		return PayPartiallyRefunded
	case captured == 0 && s.voidOpen():
		return PayVoidPending
	case captured > 0 && captured >= s.Due():
		return PayCaptured
	case captured > 0:
		return PayPartiallyCaptured
	case s.live() >= 0:
		return PayAuthorized
	case s.running() >= 0:
		return PayPending
	}
	return s.lastEnd()
}

// moneyProblem says whether a person has to look after the money before more is
// dispatched: a capture or a refund was given up and is still needed, or nobody
// knows how an operation ended.
func (s State) moneyProblem() bool {
	for _, r := range s.Reviews {
		if !r.Closed {
			return true
		}
	}
	captureGivenUp, refundGivenUp := false, false
	for _, c := range s.Captures {
		captureGivenUp = captureGivenUp || c.Progress == Failed
	}
	for _, r := range s.Refunds {
		refundGivenUp = refundGivenUp || r.Progress == Failed
	}
	return captureGivenUp && s.capturable() > 0 || refundGivenUp && s.Over() > 0 && !s.refundOpen()
}

// voidProblem says whether a void was given up while its authorization lives.
func (s State) voidProblem() bool {
	for _, p := range s.Payments {
		if p.Void == VoidGivenUp && p.lives() {
			return true
		}
	}
	return false
}

func (s State) refundOpen() bool {
	for _, r := range s.Refunds {
		if r.Progress == Requested {
			return true
		}
	}
	return false
}

func (s State) voidOpen() bool {
	for _, p := range s.Payments {
		if p.Void == VoidWaits {
			return true
		}
	}
	return false
}

// lastEnd is how the last payment ended.
func (s State) lastEnd() PaymentStatus {
	switch s.Payments[len(s.Payments)-1].Phase {
	case WasAuthExpired:
		return PayAuthExpired
	case WasDeclined:
		return PayDeclined
	case Running, WasAuthorized, WasVoided: // the first two were answered for by the rows before
		return PayVoided
	}
	panic("order: unknown phase of a payment")
}

// fulfillmentStatus is the first that fits.
func (s State) fulfillmentStatus() FulfillmentStatus {
	all := s.count(func(l Line) int { return l.Quantity - l.Cancelled - l.Lost })
	shipped := s.count(func(l Line) int { return l.Shipped - l.Lost })
	delivered := s.count(func(l Line) int { return l.Delivered })
	returned := s.count(func(l Line) int { return l.Returned })
	switch {
	case returned > 0 && returned == all:
		return GoodsReturned
	case returned > 0:
		return GoodsPartiallyReturned
	case delivered > 0 && delivered == all:
		return GoodsDelivered
	case delivered > 0:
		return GoodsPartiallyDelivered
	case shipped > 0 && shipped == all:
		return GoodsShipped
	case shipped > 0:
		return GoodsPartiallyShipped
	case s.holdsStock() && s.count(Line.Backordered) > 0:
		return GoodsBackordered
	case all == 0 && s.count(func(l Line) int { return l.Shipped }) > 0:
		return GoodsUndelivered
	}
	return GoodsUnfulfilled
}
