package app

import (
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// The stored names of the events. They are state: renaming one is a migration.
const (
	nameRequested            = "payment.requested"
	nameAuthorizationStarted = "payment.authorization_started"
	nameOperationRequested   = "payment.operation_requested"
	nameAuthorized           = "payment.authorized"
	nameDeclined             = "payment.declined"
	nameOutcomeUnknown       = "payment.outcome_unknown"
	nameCaptured             = "payment.captured"
	nameCaptureFailed        = "payment.capture_failed"
	nameVoided               = "payment.voided"
	nameVoidFailed           = "payment.void_failed"
	nameRefunded             = "payment.refunded"
	nameRefundFailed         = "payment.refund_failed"
	nameAuthorizationExpired = "payment.authorization_expired"
	nameSentToManualReview   = "payment.manual_review"
	nameReviewClosed         = "payment.review_closed"
)

// NewCodec gives the events of payments their stored names, all of them in their first shape.
func NewCodec() *es.Codec[payment.Event] {
	c := es.NewCodec[payment.Event]()
	es.Register[payment.Requested](c, nameRequested, 1)
	es.Register[payment.AuthorizationStarted](c, nameAuthorizationStarted, 1)
	es.Register[payment.OperationRequested](c, nameOperationRequested, 1)
	es.Register[payment.Authorized](c, nameAuthorized, 1)
	es.Register[payment.Declined](c, nameDeclined, 1)
	es.Register[payment.OutcomeUnknown](c, nameOutcomeUnknown, 1)
	es.Register[payment.Captured](c, nameCaptured, 1)
	es.Register[payment.CaptureFailed](c, nameCaptureFailed, 1)
	es.Register[payment.Voided](c, nameVoided, 1)
	es.Register[payment.VoidFailed](c, nameVoidFailed, 1)
	es.Register[payment.Refunded](c, nameRefunded, 1)
	es.Register[payment.RefundFailed](c, nameRefundFailed, 1)
	es.Register[payment.AuthorizationExpired](c, nameAuthorizationExpired, 1)
	es.Register[payment.SentToManualReview](c, nameSentToManualReview, 1)
	es.Register[payment.ReviewClosed](c, nameReviewClosed, 1)
	return c
}
