package payment

import (
	"github.com/kontor-dev/kontor/internal/ids"
)

// decidePayment begins the payment once. A void that came first stays: its payment makes no call.
func decidePayment(c RequestPayment, s State) ([]Event, error) {
	if s.Attempt != 0 {
		return nil, nil
	}
	if c.Amount <= 0 {
		return nil, ErrAmount
	}
	op := OpID(ids.Operation(string(c.PaymentID), string(OpAuthorize), 1))
	return []Event{Requested{
		Head:    Head{PaymentID: c.PaymentID, OrderID: c.OrderID, OccurredAt: c.At},
		Attempt: c.Attempt, Gateway: c.Gateway, CustomerID: c.CustomerID, Amount: c.Amount, Currency: c.Currency,
		OpID: op, IdempotencyKey: Key(c.PaymentID, OpAuthorize, op), PaymentMethodToken: c.PaymentMethodToken,
	}}, nil
}

// decideCapture takes from the rest, less what captures and voids before it will have taken.
func decideCapture(c RequestCapture, s State) ([]Event, error) {
	if _, known := s.Operation(c.CaptureID); known {
		return nil, nil
	}
	if c.Amount <= 0 {
		return nil, ErrAmount
	}
	head := Head{PaymentID: c.PaymentID, OrderID: c.OrderID, OccurredAt: c.At}
	if code := s.captureObstacle(c); code != "" {
		return []Event{CaptureFailed{Head: head, CaptureID: c.CaptureID, ShipmentID: c.ShipmentID, Amount: c.Amount, Code: code}}, nil
	}
	return []Event{OperationRequested{
		Head: head, Op: OpCapture, OpID: c.CaptureID, Amount: c.Amount, IdempotencyKey: Key(c.PaymentID, OpCapture, c.CaptureID),
		CaptureID: c.CaptureID, ShipmentID: c.ShipmentID,
	}}, nil
}

func (s State) captureObstacle(c RequestCapture) string {
	taken, _ := s.pending(OpCapture)
	_, voids := s.pending(OpVoid)
	switch st := s.Status(); {
	case st == None:
		return codeUnknown
	case st == StatusRequested, st == Authorizing:
		return codeUnanswered
	case st == StatusDeclined:
		return codeDeclined
	case s.HasExpired:
		return codeExpired
	case st == StatusVoided, voids > 0:
		return codeVoided
	case c.Amount > s.Rest()-taken:
		return codeOverCapture
	default:
		return ""
	}
}

// decideVoid lets go what is held. If nothing is, the answer is a void of 0, and nobody is called.
func decideVoid(c RequestVoid, s State) []Event {
	head := Head{PaymentID: c.PaymentID, OrderID: c.OrderID, OccurredAt: c.At}
	id := nextVoid(c.PaymentID, s)
	amount := s.Rest()
	switch _, waiting := s.pending(OpVoid); {
	case waiting > 0, s.Status() == StatusVoided:
		return nil
	case s.Status() == Authorizing:
		amount = s.Amount
	case amount == 0:
		return []Event{Voided{Head: head, OpID: id, VoidedAt: c.At, Source: SourceCall}}
	}
	return []Event{OperationRequested{
		Head: head, Op: OpVoid, OpID: id, Amount: amount, IdempotencyKey: Key(c.PaymentID, OpVoid, id),
	}}
}

// decideRefund gives back what was captured, less what refunds before it will have given.
func decideRefund(c RequestRefund, s State) ([]Event, error) {
	if _, known := s.Operation(c.RefundID); known {
		return nil, nil
	}
	if c.Amount <= 0 {
		return nil, ErrAmount
	}
	head := Head{PaymentID: c.PaymentID, OrderID: c.OrderID, OccurredAt: c.At}
	if code := s.refundObstacle(c); code != "" {
		return []Event{RefundFailed{Head: head, RefundID: c.RefundID, Amount: c.Amount, Code: code}}, nil
	}
	return []Event{OperationRequested{
		Head: head, Op: OpRefund, OpID: c.RefundID, Amount: c.Amount, IdempotencyKey: Key(c.PaymentID, OpRefund, c.RefundID),
		RefundID: c.RefundID,
	}}, nil
}

func (s State) refundObstacle(c RequestRefund) string {
	given, _ := s.pending(OpRefund)
	switch {
	case s.Status() == None:
		return codeUnknown
	case c.Amount > s.Captured-s.Refunded-given:
		return codeOverRefund
	default:
		return ""
	}
}
