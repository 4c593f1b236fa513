package payment

import (
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Evolve folds one event. It never fails and never changes its argument.
func Evolve(s State, e Event) State {
	head := e.event()
	s.ID, s.OrderID, s.UpdatedAt = head.PaymentID, head.OrderID, head.OccurredAt
	if s.RequestedAt.IsZero() {
		s.RequestedAt = head.OccurredAt
	}
	switch e := e.(type) {
	case Requested:
		return s.requested(e)
	case AuthorizationStarted:
		return s.update(e.OpID, func(o *Operation) { o.Begun = true })
	case OperationRequested:
		return s.add(Operation{
			Op: e.Op, OpID: e.OpID, Amount: e.Amount, IdempotencyKey: e.IdempotencyKey,
			ShipmentID: e.ShipmentID, State: OpRequested, RequestedAt: head.OccurredAt,
		})
	case OutcomeUnknown:
		return s.update(e.OpID, func(o *Operation) { o.State = OpUnknown })
	case SentToManualReview:
		return s.review(e)
	case ReviewClosed:
		return s.update(e.OpID, func(o *Operation) { o.Review = "" })
	case AuthorizationExpired:
		s.Lapsed, s.HasExpired = s.Lapsed+e.Amount, true
		return s
	default:
		return s.settle(e, head.OccurredAt)
	}
}

// settle folds the events that end an operation.
func (s State) settle(e Event, at time.Time) State {
	switch e := e.(type) {
	case Authorized:
		s.Authorized, s.AuthRef, s.ExpiresAt = e.Amount, e.GatewayRef, e.ExpiresAt
		return s.succeed(e.OpID, OpAuthorize, e.Amount, e.GatewayRef, at)
	case Declined:
		s.IsDeclined = true
		return s.fail(e.OpID, OpAuthorize, s.Amount, e.DeclineCode, at)
	case Captured:
		s.Captured += e.Amount
		return s.succeed(e.CaptureID, OpCapture, e.Amount, e.GatewayRef, at)
	case CaptureFailed:
		return s.fail(e.CaptureID, OpCapture, e.Amount, e.Code, at)
	case Voided:
		return s.voided(e, at)
	case VoidFailed:
		return s.fail(e.OpID, OpVoid, 0, e.Code, at)
	case Refunded:
		s.Refunded += e.Amount
		return s.succeed(e.RefundID, OpRefund, e.Amount, e.GatewayRef, at)
	case RefundFailed:
		return s.fail(e.RefundID, OpRefund, e.Amount, e.Code, at)
	default:
		return s
	}
}

func (s State) requested(e Requested) State {
	s.Attempt, s.Gateway, s.CustomerID = e.Attempt, e.Gateway, e.CustomerID
	s.Amount, s.Currency, s.PaymentMethodToken = e.Amount, e.Currency, e.PaymentMethodToken
	s.RequestedAt = e.OccurredAt
	auth := Operation{
		Op: OpAuthorize, OpID: e.OpID, Amount: e.Amount, IdempotencyKey: e.IdempotencyKey,
		State: OpRequested, RequestedAt: e.OccurredAt,
	}
	if s.EarlyVoid {
		auth.State, auth.Code = OpFailed, codeVoided
	}
	return s.add(auth)
}

// voided ends the rest. If no call was made yet, it also ends the authorization.
func (s State) voided(e Voided, at time.Time) State {
	s.Released += e.Amount
	s.Lapsed += s.Rest() // what the gateway had let go before
	if auth, ok := s.authorization(); !ok || auth.State == OpRequested && !auth.Begun {
		s.EarlyVoid = s.EarlyVoid || s.Authorized == 0
		if ok {
			s = s.fail(auth.OpID, OpAuthorize, auth.Amount, codeVoided, at)
		}
	}
	return s.succeed(e.OpID, OpVoid, e.Amount, "", at)
}

func (s State) review(e SentToManualReview) State {
	return s.update(e.OpID, func(o *Operation) {
		o.Review = e.Reason
		if o.Open() {
			o.State = OpReview
		}
	})
}

func (s State) succeed(id OpID, op Op, amount money.Amount, ref string, at time.Time) State {
	return s.end(Operation{Op: op, OpID: id, Amount: amount, State: OpSucceeded, GatewayRef: ref, RequestedAt: at})
}

func (s State) fail(id OpID, op Op, amount money.Amount, code string, at time.Time) State {
	return s.end(Operation{Op: op, OpID: id, Amount: amount, State: OpFailed, Code: code, RequestedAt: at})
}

// end gives the operation of this id its definite state. One that was answered at once was never requested
// on its own: it is added.
func (s State) end(done Operation) State {
	if _, known := s.Operation(done.OpID); !known {
		return s.add(done)
	}
	return s.update(done.OpID, func(o *Operation) {
		o.State, o.Code, o.GatewayRef = done.State, done.Code, done.GatewayRef
		if done.State == OpSucceeded {
			o.Amount = done.Amount
		}
	})
}

func (s State) add(o Operation) State {
	s.Operations = append(slices.Clip(slices.Clone(s.Operations)), o)
	return s
}

func (s State) update(id OpID, change func(*Operation)) State {
	s.Operations = slices.Clone(s.Operations)
	for i := range s.Operations {
		if s.Operations[i].OpID == id {
			change(&s.Operations[i])
		}
	}
	return s
}
