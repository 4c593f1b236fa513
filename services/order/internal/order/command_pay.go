package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// RetryPayment starts another attempt to pay what is outstanding, what is owed
// not counted as payment.
type RetryPayment struct {
	Cause
	PaymentMethodToken string
}

// ExpirePayment ends an order whose payment deadline has passed.
type ExpirePayment struct{ Cause }

// RequestCapture takes what is shipped (or, under on_confirm, sold) and neither
// paid nor being captured: what a failed capture has left behind.
type RequestCapture struct{ Cause }

// RequestRefund gives money back. Without any part it repeats what is owed: the
// refunds and the voids that were given up.
type RequestRefund struct {
	Cause
	Lines      []LineQuantity // shipped units, a line at most once
	Shipping   money.Amount   // of the shipping fee
	Adjustment money.Amount   // goodwill on top
	ReasonCode RefundReason
	Note       string
}

// RecordAuthorization tells that a payment was authorized.
type RecordAuthorization struct {
	Cause
	PaymentID     PaymentID
	Amount        money.Amount
	AuthorizedAt  time.Time
	AuthExpiresAt time.Time
	GatewayRef    string
	Card          *Card
}

// RecordDecline tells that a payment was declined.
type RecordDecline struct {
	Cause
	PaymentID    PaymentID
	DeclineCode  string
	DeclineClass DeclineClass
}

// RecordCapture tells that a requested capture was taken.
type RecordCapture struct {
	Cause
	PaymentID  PaymentID
	CaptureID  CaptureID
	Amount     money.Amount
	GatewayRef string
	CapturedAt time.Time
}

// RecordCaptureFailed tells that a requested capture was given up.
type RecordCaptureFailed struct {
	Cause
	PaymentID PaymentID
	CaptureID CaptureID
	Code      string
}

// RecordVoid tells that a payment holds nothing any more; Amount was let go.
type RecordVoid struct {
	Cause
	PaymentID PaymentID
	OpID      OpID
	Amount    money.Amount
	VoidedAt  time.Time
}

// RecordVoidFailed tells that a void was given up.
type RecordVoidFailed struct {
	Cause
	PaymentID PaymentID
	OpID      OpID
	Code      string
}

// RecordRefund tells that a requested refund was given back.
type RecordRefund struct {
	Cause
	PaymentID  PaymentID
	RefundID   RefundID
	Amount     money.Amount
	GatewayRef string
	SettledAt  time.Time
}

// RecordRefundFailed tells that a requested refund was given up.
type RecordRefundFailed struct {
	Cause
	PaymentID PaymentID
	RefundID  RefundID
	Code      string
}

// RecordAuthExpired tells that an authorization ended by itself, with Amount
// not captured.
type RecordAuthExpired struct {
	Cause
	PaymentID PaymentID
	Amount    money.Amount
	ExpiredAt time.Time
}

// RecordReview tells that a person must find out how an operation ended.
type RecordReview struct {
	Cause
	PaymentID PaymentID
	Op        Op
	OpID      OpID
	Reason    string
}

// RecordReviewClosed tells that the review of an operation has ended.
type RecordReviewClosed struct {
	Cause
	PaymentID PaymentID
	Op        Op
	OpID      OpID
}
