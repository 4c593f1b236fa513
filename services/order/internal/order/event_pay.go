package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// PaymentAuthorized: the amount is held for the order until AuthExpiresAt.
type PaymentAuthorized struct {
	Head
	PaymentID     PaymentID    `json:"payment_id"`
	Attempt       int          `json:"attempt"`
	Amount        money.Amount `json:"amount"`
	AuthorizedAt  time.Time    `json:"authorized_at"`
	AuthExpiresAt time.Time    `json:"auth_expires_at"`
	GatewayRef    string       `json:"gateway_ref"`
	Card          *Card        `json:"card,omitempty"`
}

// PaymentDeclined: the running attempt was declined. PaymentDueAt is absent once
// the order was confirmed.
type PaymentDeclined struct {
	Head
	PaymentID    PaymentID    `json:"payment_id"`
	Attempt      int          `json:"attempt"`
	DeclineCode  string       `json:"decline_code"`
	DeclineClass DeclineClass `json:"decline_class"`
	PaymentDueAt *time.Time   `json:"payment_due_at,omitempty"`
}

// PaymentRetryRequested: a new attempt shall pay Amount, by a new payment.
// PaymentDueAt is absent once the order was confirmed.
type PaymentRetryRequested struct {
	Head
	PaymentID          PaymentID      `json:"payment_id"`
	Attempt            int            `json:"attempt"`
	CustomerID         CustomerID     `json:"customer_id"`
	Amount             money.Amount   `json:"amount"`
	Currency           money.Currency `json:"currency"`
	PaymentMethodToken string         `json:"payment_method_token"`
	PaymentDueAt       *time.Time     `json:"payment_due_at,omitempty"`
}

// CaptureRequested: Amount of an authorization shall be taken.
type CaptureRequested struct {
	Head
	CaptureID  CaptureID    `json:"capture_id"`
	PaymentID  PaymentID    `json:"payment_id"`
	ShipmentID ShipmentID   `json:"shipment_id,omitempty"`
	Amount     money.Amount `json:"amount"`
}

// PaymentCaptured: a requested capture was taken.
type PaymentCaptured struct {
	Head
	PaymentID  PaymentID    `json:"payment_id"`
	CaptureID  CaptureID    `json:"capture_id"`
	ShipmentID ShipmentID   `json:"shipment_id,omitempty"`
	Amount     money.Amount `json:"amount"`
	GatewayRef string       `json:"gateway_ref"`
	CapturedAt time.Time    `json:"captured_at"`
}

// PaymentCaptureFailed: a requested capture was given up.
type PaymentCaptureFailed struct {
	Head
	PaymentID  PaymentID    `json:"payment_id"`
	CaptureID  CaptureID    `json:"capture_id"`
	ShipmentID ShipmentID   `json:"shipment_id,omitempty"`
	Amount     money.Amount `json:"amount"`
	Code       string       `json:"code"`
}

// PaymentVoidRequested: what an authorization still holds shall be let go.
type PaymentVoidRequested struct {
	Head
	PaymentID PaymentID  `json:"payment_id"`
	Reason    VoidReason `json:"reason"`
}

// PaymentVoided: the authorization holds nothing any more. Amount is what was let
// go, and may be 0.
type PaymentVoided struct {
	Head
	PaymentID PaymentID    `json:"payment_id"`
	OpID      OpID         `json:"op_id"`
	Amount    money.Amount `json:"amount"`
	VoidedAt  time.Time    `json:"voided_at"`
}

// PaymentVoidFailed: a requested void was given up.
type PaymentVoidFailed struct {
	Head
	PaymentID PaymentID `json:"payment_id"`
	OpID      OpID      `json:"op_id"`
	Code      string    `json:"code"`
}

// AuthorizationExpired: the gateway holds nothing any more. Amount is what had
// not been captured.
type AuthorizationExpired struct {
	Head
	PaymentID PaymentID    `json:"payment_id"`
	Amount    money.Amount `json:"amount"`
	ExpiredAt time.Time    `json:"expired_at"`
}

// LatePaymentDetected: money came when the order had no use for it. The void or
// refund that gives it back is in the same append.
type LatePaymentDetected struct {
	Head
	PaymentID       PaymentID    `json:"payment_id"`
	Kind            LateKind     `json:"kind"`
	Amount          money.Amount `json:"amount"`
	Reason          LateReason   `json:"reason"`
	StatusAtArrival Status       `json:"status_at_arrival"`
}

// PaymentReview: the outcome of an operation has to be found by a person.
type PaymentReview struct {
	Head
	PaymentID PaymentID `json:"payment_id"`
	Op        Op        `json:"op"`
	OpID      OpID      `json:"op_id"`
	Reason    string    `json:"reason"`
}

// PaymentReviewClosed: the outcome of the operation is known.
type PaymentReviewClosed struct {
	Head
	PaymentID PaymentID `json:"payment_id"`
	Op        Op        `json:"op"`
	OpID      OpID      `json:"op_id"`
}
