package paymentv1

import "time"

// Card is what may be shown of a card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// Authorized: the gateway holds Amount until ExpiresAt.
type Authorized struct {
	Head
	Attempt      int       `json:"attempt"`
	OpID         string    `json:"op_id" format:"uuid"`
	Amount       int64     `json:"amount"`
	GatewayRef   string    `json:"gateway_ref"`
	AuthorizedAt time.Time `json:"authorized_at"`
	ExpiresAt    time.Time `json:"expires_at"`
	Card         *Card     `json:"card,omitempty"`
	Source       string    `json:"source" enum:"call,lookup,manual"`
}

// Declined: the gateway said no. A soft decline may succeed with the same means
// of payment, a hard one never does.
type Declined struct {
	Head
	Attempt      int    `json:"attempt"`
	OpID         string `json:"op_id" format:"uuid"`
	DeclineCode  string `json:"decline_code"`
	DeclineClass string `json:"decline_class" enum:"soft,hard"`
	Message      string `json:"message"`
	Source       string `json:"source" enum:"call,lookup,manual"`
}

// OutcomeUnknown: a call was made and nobody knows yet what came of it. Once
// per operation, however often it is tried.
type OutcomeUnknown struct {
	Head
	Op         string `json:"op" enum:"authorize,capture,void,refund"`
	OpID       string `json:"op_id" format:"uuid"`
	ErrorClass string `json:"error_class" enum:"timeout,reset,http_5xx,bad_reply"`
}

// Captured: Amount was taken.
type Captured struct {
	Head
	CaptureID  string    `json:"capture_id" format:"uuid"`
	ShipmentID string    `json:"shipment_id,omitempty" format:"uuid"`
	Amount     int64     `json:"amount"`
	GatewayRef string    `json:"gateway_ref"`
	CapturedAt time.Time `json:"captured_at"`
	Source     string    `json:"source" enum:"call,lookup,manual"`
}

// CaptureFailed: the capture was given up, nothing was taken by it.
type CaptureFailed struct {
	Head
	CaptureID  string `json:"capture_id" format:"uuid"`
	ShipmentID string `json:"shipment_id,omitempty" format:"uuid"`
	Amount     int64  `json:"amount"`
	Code       string `json:"code"`
}

// Voided: the whole rest of the authorization is gone. Amount is what was let
// go, and may be 0.
type Voided struct {
	Head
	OpID     string    `json:"op_id" format:"uuid"`
	Amount   int64     `json:"amount"`
	VoidedAt time.Time `json:"voided_at"`
	Source   string    `json:"source" enum:"call,lookup,manual"`
}

// VoidFailed: the void was given up.
type VoidFailed struct {
	Head
	OpID string `json:"op_id" format:"uuid"`
	Code string `json:"code"`
}

// Refunded: Amount was given back.
type Refunded struct {
	Head
	RefundID   string    `json:"refund_id" format:"uuid"`
	Amount     int64     `json:"amount"`
	GatewayRef string    `json:"gateway_ref"`
	RefundedAt time.Time `json:"refunded_at"`
	Source     string    `json:"source" enum:"call,lookup,manual"`
}

// RefundFailed: the refund was given up, nothing was given back by it.
type RefundFailed struct {
	Head
	RefundID string `json:"refund_id" format:"uuid"`
	Amount   int64  `json:"amount"`
	Code     string `json:"code"`
}

// AuthorizationExpired: the gateway holds nothing any more. Amount is what had
// not been captured.
type AuthorizationExpired struct {
	Head
	Amount    int64     `json:"amount"`
	ExpiredAt time.Time `json:"expired_at"`
}

// ManualReview: the outcome of an operation has to be found by a person.
type ManualReview struct {
	Head
	Op     string `json:"op" enum:"authorize,capture,void,refund"`
	OpID   string `json:"op_id" format:"uuid"`
	Reason string `json:"reason" enum:"key_window,conflicting_answers,amount_mismatch,not_found"`
}

// ReviewClosed: the outcome of the operation is known.
type ReviewClosed struct {
	Head
	Op   string `json:"op" enum:"authorize,capture,void,refund"`
	OpID string `json:"op_id" format:"uuid"`
	Note string `json:"note"`
}
