package orderv1

import "time"

// PaymentAuthorized: the amount is held for the order until AuthExpiresAt.
type PaymentAuthorized struct {
	Head
	PaymentID     string    `json:"payment_id" format:"uuid"`
	Attempt       int       `json:"attempt"`
	Amount        int64     `json:"amount"`
	AuthorizedAt  time.Time `json:"authorized_at"`
	AuthExpiresAt time.Time `json:"auth_expires_at"`
	GatewayRef    string    `json:"gateway_ref"`
	Card          *Card     `json:"card,omitempty"`
}

// PaymentDeclined: the running attempt was declined. A soft decline may
// succeed with the same means of payment, a hard one never does.
type PaymentDeclined struct {
	Head
	PaymentID    string     `json:"payment_id" format:"uuid"`
	Attempt      int        `json:"attempt"`
	DeclineCode  string     `json:"decline_code"`
	DeclineClass string     `json:"decline_class" enum:"soft,hard"`
	PaymentDueAt *time.Time `json:"payment_due_at,omitempty"`
}

// PaymentRetryRequested: a new attempt shall pay Amount, by a new payment.
// PaymentDueAt is absent once the order was confirmed.
type PaymentRetryRequested struct {
	Head
	PaymentID          string     `json:"payment_id" format:"uuid"`
	Attempt            int        `json:"attempt"`
	CustomerID         string     `json:"customer_id"`
	Amount             int64      `json:"amount"`
	Currency           string     `json:"currency"`
	PaymentMethodToken string     `json:"payment_method_token"`
	PaymentDueAt       *time.Time `json:"payment_due_at,omitempty"`
}

// CaptureRequested: Amount of an authorization shall be taken.
type CaptureRequested struct {
	Head
	CaptureID  string `json:"capture_id" format:"uuid"`
	PaymentID  string `json:"payment_id" format:"uuid"`
	ShipmentID string `json:"shipment_id,omitempty" format:"uuid"`
	Amount     int64  `json:"amount"`
}

// PaymentCaptured: a requested capture was taken.
type PaymentCaptured struct {
	Head
	PaymentID  string    `json:"payment_id" format:"uuid"`
	CaptureID  string    `json:"capture_id" format:"uuid"`
	ShipmentID string    `json:"shipment_id,omitempty" format:"uuid"`
	Amount     int64     `json:"amount"`
	GatewayRef string    `json:"gateway_ref"`
	CapturedAt time.Time `json:"captured_at"`
}

// PaymentCaptureFailed: a requested capture was given up.
type PaymentCaptureFailed struct {
	Head
	PaymentID  string `json:"payment_id" format:"uuid"`
	CaptureID  string `json:"capture_id" format:"uuid"`
	ShipmentID string `json:"shipment_id,omitempty" format:"uuid"`
	Amount     int64  `json:"amount"`
	Code       string `json:"code"`
}

// PaymentVoidRequested: what an authorization still holds shall be let go.
type PaymentVoidRequested struct {
	Head
	PaymentID string `json:"payment_id" format:"uuid"`
	Reason    string `json:"reason" enum:"cancelled,expired,late,superseded,amount_mismatch,remainder"`
}

// PaymentVoided: the authorization holds nothing any more. Amount is what was
// let go, and may be 0.
type PaymentVoided struct {
	Head
	PaymentID string    `json:"payment_id" format:"uuid"`
	OpID      string    `json:"op_id" format:"uuid"`
	Amount    int64     `json:"amount"`
	VoidedAt  time.Time `json:"voided_at"`
}

// PaymentVoidFailed: a requested void was given up.
type PaymentVoidFailed struct {
	Head
	PaymentID string `json:"payment_id" format:"uuid"`
	OpID      string `json:"op_id" format:"uuid"`
	Code      string `json:"code"`
}

// AuthorizationExpired: the gateway holds nothing any more. Amount is what had
// not been captured.
type AuthorizationExpired struct {
	Head
	PaymentID string    `json:"payment_id" format:"uuid"`
	Amount    int64     `json:"amount"`
	ExpiredAt time.Time `json:"expired_at"`
}

// LatePaymentDetected: money came when the order had no use for it. The void
// or refund that gives it back is in the same append.
type LatePaymentDetected struct {
	Head
	PaymentID       string `json:"payment_id" format:"uuid"`
	Kind            string `json:"kind" enum:"authorization,capture"`
	Amount          int64  `json:"amount"`
	Reason          string `json:"reason" enum:"order_closed,superseded,amount_mismatch"`
	StatusAtArrival string `json:"status_at_arrival" enum:"draft,placed,payment_failed,confirmed,completed,cancelled,expired"`
}

// PaymentReview: the outcome of a gateway operation has to be found by a person.
type PaymentReview struct {
	Head
	PaymentID string `json:"payment_id" format:"uuid"`
	Op        string `json:"op" enum:"authorize,capture,void,refund"`
	OpID      string `json:"op_id" format:"uuid"`
	Reason    string `json:"reason" enum:"key_window,conflicting_answers,amount_mismatch,not_found"`
}

// PaymentReviewClosed: the outcome of the operation is known.
type PaymentReviewClosed struct {
	Head
	PaymentID string `json:"payment_id" format:"uuid"`
	Op        string `json:"op" enum:"authorize,capture,void,refund"`
	OpID      string `json:"op_id" format:"uuid"`
}
