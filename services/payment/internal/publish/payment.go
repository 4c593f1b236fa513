package publish

import (
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// contract is the published shape of a fact; an unknown one has no type.
func contract(head paymentv1.Head, fact payment.Event) (typ string, body any) {
	switch e := fact.(type) {
	case payment.Requested:
		return paymentv1.TypeRequested, paymentv1.Requested{
			Head: head, Attempt: e.Attempt, Gateway: e.Gateway, CustomerID: string(e.CustomerID), Amount: int64(e.Amount),
			Currency: string(e.Currency), OpID: string(e.OpID), IdempotencyKey: e.IdempotencyKey,
		}
	case payment.AuthorizationStarted:
		return paymentv1.TypeAuthorizationStarted, paymentv1.AuthorizationStarted{Head: head, OpID: string(e.OpID)}
	case payment.OperationRequested:
		return paymentv1.TypeOperationRequested, paymentv1.OperationRequested{
			Head: head, Op: string(e.Op), OpID: string(e.OpID), Amount: int64(e.Amount), IdempotencyKey: e.IdempotencyKey,
			CaptureID: string(e.CaptureID), ShipmentID: string(e.ShipmentID), RefundID: string(e.RefundID),
		}
	case payment.OutcomeUnknown:
		return paymentv1.TypeOutcomeUnknown, paymentv1.OutcomeUnknown{
			Head: head, Op: string(e.Op), OpID: string(e.OpID), ErrorClass: e.ErrorClass,
		}
	case payment.AuthorizationExpired:
		return paymentv1.TypeAuthorizationExpired, paymentv1.AuthorizationExpired{
			Head: head, Amount: int64(e.Amount), ExpiredAt: e.ExpiredAt,
		}
	case payment.SentToManualReview:
		return paymentv1.TypeManualReview, paymentv1.ManualReview{
			Head: head, Op: string(e.Op), OpID: string(e.OpID), Reason: string(e.Reason),
		}
	case payment.ReviewClosed:
		return paymentv1.TypeReviewClosed, paymentv1.ReviewClosed{Head: head, Op: string(e.Op), OpID: string(e.OpID), Note: e.Note}
	default:
		return outcome(head, fact)
	}
}

// outcome is contract for the facts that end an operation.
func outcome(head paymentv1.Head, fact payment.Event) (typ string, body any) {
	switch e := fact.(type) {
	case payment.Authorized:
		return paymentv1.TypeAuthorized, paymentv1.Authorized{
			Head: head, Attempt: e.Attempt, OpID: string(e.OpID), Amount: int64(e.Amount), GatewayRef: e.GatewayRef,
			AuthorizedAt: e.AuthorizedAt, ExpiresAt: e.ExpiresAt, Card: card(e.Card), Source: string(e.Source),
		}
	case payment.Declined:
		return paymentv1.TypeDeclined, paymentv1.Declined{
			Head: head, Attempt: e.Attempt, OpID: string(e.OpID), DeclineCode: e.DeclineCode, DeclineClass: string(e.DeclineClass),
			Message: e.Message, Source: string(e.Source),
		}
	case payment.Captured:
		return paymentv1.TypeCaptured, paymentv1.Captured{
			Head: head, CaptureID: string(e.CaptureID), ShipmentID: string(e.ShipmentID), Amount: int64(e.Amount),
			GatewayRef: e.GatewayRef, CapturedAt: e.CapturedAt, Source: string(e.Source),
		}
	case payment.CaptureFailed:
		return paymentv1.TypeCaptureFailed, paymentv1.CaptureFailed{
			Head: head, CaptureID: string(e.CaptureID), ShipmentID: string(e.ShipmentID), Amount: int64(e.Amount), Code: e.Code,
		}
	case payment.Voided:
		return paymentv1.TypeVoided, paymentv1.Voided{
			Head: head, OpID: string(e.OpID), Amount: int64(e.Amount), VoidedAt: e.VoidedAt, Source: string(e.Source),
		}
	case payment.VoidFailed:
		return paymentv1.TypeVoidFailed, paymentv1.VoidFailed{Head: head, OpID: string(e.OpID), Code: e.Code}
	case payment.Refunded:
		return paymentv1.TypeRefunded, paymentv1.Refunded{
			Head: head, RefundID: string(e.RefundID), Amount: int64(e.Amount), GatewayRef: e.GatewayRef,
			RefundedAt: e.RefundedAt, Source: string(e.Source),
		}
	case payment.RefundFailed:
		return paymentv1.TypeRefundFailed, paymentv1.RefundFailed{
			Head: head, RefundID: string(e.RefundID), Amount: int64(e.Amount), Code: e.Code,
		}
	default:
		return "", nil
	}
}

func card(c *payment.Card) *paymentv1.Card {
	if c == nil {
		return nil
	}
	return &paymentv1.Card{Brand: c.Brand, Last4: c.Last4}
}
