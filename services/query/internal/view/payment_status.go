package view

import "github.com/kontor-dev/kontor/internal/money"

// rest is what the gateway still holds and nobody has captured.
func (s PaymentState) rest() money.Amount {
	return s.Authorized.Amount - s.Captured.Amount - s.Voided.Amount - s.Lapsed
}

// status follows the money, and the authorization while there is none.
func (s PaymentState) status() string {
	switch {
	case s.Authorized.Amount > 0:
		return s.moneyStatus()
	case s.EarlyVoid:
		return "voided"
	case s.Declined:
		return "declined"
	case s.Begun:
		return "authorizing"
	default:
		return "requested"
	}
}

func (s PaymentState) moneyStatus() string {
	captured, rest := s.Captured.Amount, s.rest()
	switch {
	case captured == 0 && rest > 0:
		return "authorized"
	case captured == 0 && s.Expired:
		return "expired"
	case captured == 0:
		return "voided"
	case rest > 0:
		return "partially_captured"
	case s.Refunded.Amount == captured:
		return "refunded"
	case s.Refunded.Amount > 0:
		return "partially_refunded"
	case captured < s.Authorized.Amount:
		return "partially_captured" // the rest was let go
	default:
		return "captured"
	}
}

// operationStatus is the worst of the open operations, and of reviews that are open.
func (s PaymentState) operationStatus() string {
	if len(s.Reviews) > 0 {
		return "manual_review"
	}
	worst := "idle"
	for _, o := range s.Operations {
		switch {
		case o.State == "unknown":
			return "outcome_unknown"
		case o.open():
			worst = "in_progress"
		}
	}
	return worst
}
