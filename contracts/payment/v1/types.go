package paymentv1

// Topic is the topic of every payment event. This name is state.
const Topic = "payments.v1"

// Source is the CloudEvents source of every payment event.
const Source = "/kontor/payment"

// The names of the events on the wire. They are state: a published name is
// never renamed and never used for another meaning.
const (
	TypeRequested            = "payment.requested"
	TypeAuthorizationStarted = "payment.authorization_started"
	TypeOperationRequested   = "payment.operation_requested"
	TypeAuthorized           = "payment.authorized"
	TypeDeclined             = "payment.declined"
	TypeOutcomeUnknown       = "payment.outcome_unknown"
	TypeCaptured             = "payment.captured"
	TypeCaptureFailed        = "payment.capture_failed"
	TypeVoided               = "payment.voided"
	TypeVoidFailed           = "payment.void_failed"
	TypeRefunded             = "payment.refunded"
	TypeRefundFailed         = "payment.refund_failed"
	TypeAuthorizationExpired = "payment.authorization_expired"
	TypeManualReview         = "payment.manual_review"
	TypeReviewClosed         = "payment.review_closed"
)

// Types leads from the name of every event to the zero value of its struct.
// It is read-only.
var Types = map[string]any{
	TypeRequested:            Requested{},
	TypeAuthorizationStarted: AuthorizationStarted{},
	TypeOperationRequested:   OperationRequested{},
	TypeAuthorized:           Authorized{},
	TypeDeclined:             Declined{},
	TypeOutcomeUnknown:       OutcomeUnknown{},
	TypeCaptured:             Captured{},
	TypeCaptureFailed:        CaptureFailed{},
	TypeVoided:               Voided{},
	TypeVoidFailed:           VoidFailed{},
	TypeRefunded:             Refunded{},
	TypeRefundFailed:         RefundFailed{},
	TypeAuthorizationExpired: AuthorizationExpired{},
	TypeManualReview:         ManualReview{},
	TypeReviewClosed:         ReviewClosed{},
}
