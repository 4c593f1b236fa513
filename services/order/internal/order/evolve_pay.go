package order

import "slices"

func evolvePayment(s State, e Event) State {
	switch e := e.(type) {
	case PaymentAuthorized:
		s = s.withPayment(e.PaymentID, func(p *Payment) {
			p.Phase, p.Held, p.Card = WasAuthorized, e.Amount, e.Card
			p.AuthorizedAt, p.AuthExpiresAt = e.AuthorizedAt, e.AuthExpiresAt
			if p.Void == VoidDone { // of an attempt that had held nothing
				p.Void = VoidNone
			}
		})
	case PaymentDeclined:
		s = s.withPayment(e.PaymentID, func(p *Payment) { p.Phase, p.HardDeclined = WasDeclined, e.DeclineClass == Hard })
		if s.Status == StatusPlaced {
			s.Status = StatusPaymentFailed
		}
		s.PaymentDueAt = e.PaymentDueAt
	case PaymentRetryRequested:
		s.Payments = append(slices.Clip(s.Payments), attempt(e.PaymentID, e.Attempt, e.Amount, e.PaymentMethodToken))
		if s.Status == StatusPaymentFailed {
			s.Status = StatusPlaced
		}
		s.PaymentDueAt = e.PaymentDueAt
	case LatePaymentDetected:
		if e.Kind == LateAuthorization {
			s = s.withPayment(e.PaymentID, func(p *Payment) { p.Late = true })
		}
	case AuthorizationExpired:
		s = s.withPayment(e.PaymentID, func(p *Payment) { p.Phase = WasAuthExpired })
	case PaymentVoidRequested, PaymentVoided, PaymentVoidFailed:
		s = evolveVoid(s, e)
	case PaymentReview:
		s.Reviews = append(slices.Clip(s.Reviews), Review{PaymentID: e.PaymentID, Op: e.Op, OpID: e.OpID, Reason: e.Reason})
	case PaymentReviewClosed:
		s.Reviews = slices.Clone(s.Reviews)
		for i := range s.Reviews {
			s.Reviews[i].Closed = s.Reviews[i].Closed || s.Reviews[i].OpID == e.OpID
		}
	}
	return s
}

func evolveVoid(s State, e Event) State {
	switch e := e.(type) {
	case PaymentVoidRequested:
		s = s.withPayment(e.PaymentID, func(p *Payment) { p.Void, p.VoidReason = VoidWaits, e.Reason })
	case PaymentVoided:
		s = s.withPayment(e.PaymentID, func(p *Payment) {
			p.Void, p.Answered = VoidDone, append(slices.Clip(p.Answered), e.OpID)
			if p.Phase == Running || p.Phase == WasAuthorized {
				p.Phase = WasVoided
			}
		})
	case PaymentVoidFailed:
		s = s.withPayment(e.PaymentID, func(p *Payment) {
			p.Void, p.Answered = VoidGivenUp, append(slices.Clip(p.Answered), e.OpID)
		})
	}
	return s
}

func evolveCapture(s State, e Event) State {
	switch e := e.(type) {
	case CaptureRequested:
		s.Captures = append(slices.Clip(s.Captures), Capture{
			ID: e.CaptureID, PaymentID: e.PaymentID, ShipmentID: e.ShipmentID, Amount: e.Amount, Progress: Requested,
		})
	case PaymentCaptured:
		s = s.withCapture(e.CaptureID, Settled)
		s = s.withPayment(e.PaymentID, func(p *Payment) { p.Captured += e.Amount })
	case PaymentCaptureFailed:
		s = s.withCapture(e.CaptureID, Failed)
	}
	return s
}

// withPayment is the state with one payment changed.
func (s State) withPayment(id PaymentID, change func(*Payment)) State {
	s.Payments = slices.Clone(s.Payments)
	for i := range s.Payments {
		if s.Payments[i].ID == id {
			change(&s.Payments[i])
		}
	}
	return s
}

func (s State) withCapture(id CaptureID, p Progress) State {
	s.Captures = slices.Clone(s.Captures)
	for i := range s.Captures {
		if s.Captures[i].ID == id {
			s.Captures[i].Progress = p
		}
	}
	return s
}
