package paymentv1

import "time"

// Head begins the body of every payment event.
type Head struct {
	PaymentID  string    `json:"payment_id" format:"uuid"`
	OrderID    string    `json:"order_id" format:"uuid"`
	Version    int64     `json:"version" minimum:"1"` // of the payment, after this event
	OccurredAt time.Time `json:"occurred_at"`         // by the clock of the payment service
}

// Requested: an attempt to pay Amount of an order begins. IdempotencyKey is
// the one that every try of its authorization sends.
type Requested struct {
	Head
	Attempt        int    `json:"attempt"`
	Gateway        string `json:"gateway"`
	CustomerID     string `json:"customer_id"`
	Amount         int64  `json:"amount"`
	Currency       string `json:"currency"`
	OpID           string `json:"op_id" format:"uuid"`
	IdempotencyKey string `json:"idempotency_key"`
}

// AuthorizationStarted: from here on the gateway may have been called.
type AuthorizationStarted struct {
	Head
	OpID string `json:"op_id" format:"uuid"`
}

// OperationRequested: a capture, void or refund shall be carried out. It has
// the id of what asked for it: CaptureID with or without ShipmentID, RefundID,
// or none for a void.
type OperationRequested struct {
	Head
	Op             string `json:"op" enum:"capture,void,refund"`
	OpID           string `json:"op_id" format:"uuid"`
	Amount         int64  `json:"amount"`
	IdempotencyKey string `json:"idempotency_key"`
	CaptureID      string `json:"capture_id,omitempty" format:"uuid"`
	ShipmentID     string `json:"shipment_id,omitempty" format:"uuid"`
	RefundID       string `json:"refund_id,omitempty" format:"uuid"`
}
