package publish

import (
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// paymentBody translates what happens to the money, refunds aside; "" for
// anything else.
func paymentBody(head orderv1.Head, of order.Event) (string, any) {
	switch e := of.(type) {
	case order.PaymentAuthorized:
		return orderv1.TypePaymentAuthorized, authorized(head, e)
	case order.PaymentDeclined:
		return orderv1.TypePaymentDeclined, orderv1.PaymentDeclined{
			Head: head, PaymentID: string(e.PaymentID), Attempt: e.Attempt, DeclineCode: e.DeclineCode, DeclineClass: string(e.DeclineClass),
			PaymentDueAt: e.PaymentDueAt,
		}
	case order.PaymentRetryRequested:
		return orderv1.TypePaymentRetryRequested, orderv1.PaymentRetryRequested{
			Head: head, PaymentID: string(e.PaymentID), Attempt: e.Attempt, CustomerID: string(e.CustomerID), Amount: int64(e.Amount),
			Currency: string(e.Currency), PaymentMethodToken: e.PaymentMethodToken, PaymentDueAt: e.PaymentDueAt,
		}
	case order.CaptureRequested:
		return orderv1.TypeCaptureRequested, orderv1.CaptureRequested{
			Head: head, CaptureID: string(e.CaptureID), PaymentID: string(e.PaymentID), ShipmentID: string(e.ShipmentID), Amount: int64(e.Amount),
		}
	case order.PaymentCaptured:
		return orderv1.TypePaymentCaptured, orderv1.PaymentCaptured{
			Head: head, PaymentID: string(e.PaymentID), CaptureID: string(e.CaptureID), ShipmentID: string(e.ShipmentID), Amount: int64(e.Amount),
			GatewayRef: e.GatewayRef, CapturedAt: e.CapturedAt,
		}
	case order.PaymentCaptureFailed:
		return orderv1.TypePaymentCaptureFailed, orderv1.PaymentCaptureFailed{
			Head: head, PaymentID: string(e.PaymentID), CaptureID: string(e.CaptureID), ShipmentID: string(e.ShipmentID), Amount: int64(e.Amount),
			Code: e.Code,
		}
	case order.AuthorizationExpired:
		return orderv1.TypeAuthorizationExpired, orderv1.AuthorizationExpired{
			Head: head, PaymentID: string(e.PaymentID), Amount: int64(e.Amount), ExpiredAt: e.ExpiredAt,
		}
	case order.LatePaymentDetected:
		return orderv1.TypeLatePaymentDetected, orderv1.LatePaymentDetected{
			Head: head, PaymentID: string(e.PaymentID), Kind: string(e.Kind), Amount: int64(e.Amount), Reason: string(e.Reason),
			StatusAtArrival: string(e.StatusAtArrival),
		}
	}
	return voidBody(head, of)
}

// voidBody translates voids and reviews.
func voidBody(head orderv1.Head, of order.Event) (string, any) {
	switch e := of.(type) {
	case order.PaymentVoidRequested:
		return orderv1.TypePaymentVoidRequested, orderv1.PaymentVoidRequested{Head: head, PaymentID: string(e.PaymentID), Reason: string(e.Reason)}
	case order.PaymentVoided:
		return orderv1.TypePaymentVoided, orderv1.PaymentVoided{
			Head: head, PaymentID: string(e.PaymentID), OpID: string(e.OpID), Amount: int64(e.Amount), VoidedAt: e.VoidedAt,
		}
	case order.PaymentVoidFailed:
		return orderv1.TypePaymentVoidFailed, orderv1.PaymentVoidFailed{
			Head: head, PaymentID: string(e.PaymentID), OpID: string(e.OpID), Code: e.Code,
		}
	case order.PaymentReview:
		return orderv1.TypePaymentReview, orderv1.PaymentReview{
			Head: head, PaymentID: string(e.PaymentID), Op: string(e.Op), OpID: string(e.OpID), Reason: e.Reason,
		}
	case order.PaymentReviewClosed:
		return orderv1.TypePaymentReviewClosed, orderv1.PaymentReviewClosed{
			Head: head, PaymentID: string(e.PaymentID), Op: string(e.Op), OpID: string(e.OpID),
		}
	}
	return "", nil
}

func authorized(head orderv1.Head, e order.PaymentAuthorized) orderv1.PaymentAuthorized {
	body := orderv1.PaymentAuthorized{
		Head: head, PaymentID: string(e.PaymentID), Attempt: e.Attempt, Amount: int64(e.Amount), AuthorizedAt: e.AuthorizedAt,
		AuthExpiresAt: e.AuthExpiresAt, GatewayRef: e.GatewayRef,
	}
	if e.Card != nil {
		body.Card = &orderv1.Card{Brand: e.Card.Brand, Last4: e.Card.Last4}
	}
	return body
}
