package payment

import (
	"fmt"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
)

// Codes of requests that cannot be met; gateways have codes of their own.
const (
	codeUnknown     = "payment_unknown"
	codeUnanswered  = "not_authorized"
	codeDeclined    = "payment_declined"
	codeVoided      = "authorization_voided"
	codeExpired     = "authorization_expired"
	codeOverCapture = "exceeds_authorized"
	codeOverRefund  = "exceeds_captured"
	codeManual      = "manual"
)

// Decide turns a command into facts, or refuses it. No facts and no error: nothing is to be done.
func Decide(c Command, s State) ([]Event, error) {
	switch c := c.(type) {
	case RequestPayment:
		return decidePayment(c, s)
	case RequestCapture:
		return decideCapture(c, s)
	case RequestVoid:
		return decideVoid(c, s), nil
	case RequestRefund:
		return decideRefund(c, s)
	case ExpireAuthorization:
		return decideExpire(c, s)
	case Begin:
		return onOperation(s, c.OpID, func(o Operation) ([]Event, error) { return decideBegin(c, s, o), nil })
	case RecordOutcome:
		return onOperation(s, c.OpID, func(o Operation) ([]Event, error) { return decideOutcome(c, s, o), nil })
	case RecordUnknown:
		return onOperation(s, c.OpID, func(o Operation) ([]Event, error) { return decideUnknown(c, s, o), nil })
	case SendToReview:
		return onOperation(s, c.OpID, func(o Operation) ([]Event, error) { return decideReview(c, s, o), nil })
	case Reconcile:
		return onOperation(s, c.OpID, func(o Operation) ([]Event, error) { return decideReconcile(c, s, o) })
	default:
		return nil, fmt.Errorf("payment: no rule for %T", c)
	}
}

func onOperation(s State, id OpID, decide func(Operation) ([]Event, error)) ([]Event, error) {
	if s.ID == "" {
		return nil, ErrUnknownPayment
	}
	o, ok := s.Operation(id)
	if !ok {
		return nil, ErrUnknownOperation
	}
	return decide(o)
}

func (s State) head(at time.Time) Head {
	return Head{PaymentID: s.ID, OrderID: s.OrderID, OccurredAt: at}
}

// nextVoid is the id of the void to come: voids have no id from outside.
func nextVoid(p ID, s State) OpID {
	return OpID(ids.Operation(string(p), string(OpVoid), s.count(OpVoid)+1))
}
