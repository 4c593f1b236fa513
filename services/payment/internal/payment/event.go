package payment

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Ids, each a type of its own so that none can take another's place.
type (
	ID         string // of a payment, and of its stream
	OrderID    string
	CustomerID string
	OpID       string // of an operation: the capture_id, the refund_id, or made for it
	ShipmentID string
)

// Op is a kind of gateway operation.
type Op string

// The kinds of operation.
const (
	OpAuthorize Op = "authorize"
	OpCapture   Op = "capture"
	OpVoid      Op = "void"
	OpRefund    Op = "refund"
)

// Source says how an outcome became known.
type Source string

// Where outcomes come from.
const (
	SourceCall   Source = "call"
	SourceLookup Source = "lookup"
	SourceManual Source = "manual"
)

// Class says whether a declined payment method may work another time.
type Class string

// The classes of decline.
const (
	Soft Class = "soft"
	Hard Class = "hard"
)

// Event is a fact about a payment. It is a closed sum.
type Event interface{ event() Head }

// Head begins every event.
type Head struct {
	PaymentID  ID        `json:"payment_id"`
	OrderID    OrderID   `json:"order_id"`
	OccurredAt time.Time `json:"occurred_at"`
}

func (h Head) event() Head { return h }

// About is what every event says: whose it is, and when it happened.
func About(e Event) Head { return e.event() }

// Card is what may be shown of a card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// The events, with their stored shape: renaming a field is a migration.
type (
	// Requested begins a payment and holds the key of its authorization.
	Requested struct {
		Head
		Attempt            int            `json:"attempt"`
		Gateway            string         `json:"gateway"`
		CustomerID         CustomerID     `json:"customer_id"`
		Amount             money.Amount   `json:"amount"`
		Currency           money.Currency `json:"currency"`
		OpID               OpID           `json:"op_id"`
		IdempotencyKey     string         `json:"idempotency_key"`
		PaymentMethodToken string         `json:"payment_method_token"`
	}
	// AuthorizationStarted: from here on the gateway may have been called.
	AuthorizationStarted struct {
		Head
		OpID OpID `json:"op_id"`
	}
	// OperationRequested is the intent of a capture, void or refund, and holds its key.
	OperationRequested struct {
		Head
		Op             Op           `json:"op"`
		OpID           OpID         `json:"op_id"`
		Amount         money.Amount `json:"amount"`
		IdempotencyKey string       `json:"idempotency_key"`
		CaptureID      OpID         `json:"capture_id,omitempty"`
		ShipmentID     ShipmentID   `json:"shipment_id,omitempty"`
		RefundID       OpID         `json:"refund_id,omitempty"`
	}
	// Authorized: the gateway holds the amount until ExpiresAt.
	Authorized struct {
		Head
		Attempt      int          `json:"attempt"`
		OpID         OpID         `json:"op_id"`
		Amount       money.Amount `json:"amount"`
		GatewayRef   string       `json:"gateway_ref"`
		AuthorizedAt time.Time    `json:"authorized_at"`
		ExpiresAt    time.Time    `json:"expires_at"`
		Card         *Card        `json:"card,omitempty"`
		Source       Source       `json:"source"`
	}
	// Declined: the authorization was refused for good.
	Declined struct {
		Head
		Attempt      int    `json:"attempt"`
		OpID         OpID   `json:"op_id"`
		DeclineCode  string `json:"decline_code"`
		DeclineClass Class  `json:"decline_class"`
		Message      string `json:"message"`
		Source       Source `json:"source"`
	}
	// OutcomeUnknown: a call was made and nobody knows yet what came of it. Once per operation.
	OutcomeUnknown struct {
		Head
		Op         Op     `json:"op"`
		OpID       OpID   `json:"op_id"`
		ErrorClass string `json:"error_class"`
	}
	// Captured: the amount was taken.
	Captured struct {
		Head
		CaptureID  OpID         `json:"capture_id"`
		ShipmentID ShipmentID   `json:"shipment_id,omitempty"`
		Amount     money.Amount `json:"amount"`
		GatewayRef string       `json:"gateway_ref"`
		CapturedAt time.Time    `json:"captured_at"`
		Source     Source       `json:"source"`
	}
	// CaptureFailed: the capture was given up.
	CaptureFailed struct {
		Head
		CaptureID  OpID         `json:"capture_id"`
		ShipmentID ShipmentID   `json:"shipment_id,omitempty"`
		Amount     money.Amount `json:"amount"`
		Code       string       `json:"code"`
	}
	// Voided ends the whole rest of the authorization; Amount is what was let go.
	Voided struct {
		Head
		OpID     OpID         `json:"op_id"`
		Amount   money.Amount `json:"amount"`
		VoidedAt time.Time    `json:"voided_at"`
		Source   Source       `json:"source"`
	}
	// VoidFailed: the void was given up; what was held is still held.
	VoidFailed struct {
		Head
		OpID OpID   `json:"op_id"`
		Code string `json:"code"`
	}
	// Refunded: the amount was given back.
	Refunded struct {
		Head
		RefundID   OpID         `json:"refund_id"`
		Amount     money.Amount `json:"amount"`
		GatewayRef string       `json:"gateway_ref"`
		RefundedAt time.Time    `json:"refunded_at"`
		Source     Source       `json:"source"`
	}
	// RefundFailed: the refund was given up.
	RefundFailed struct {
		Head
		RefundID OpID         `json:"refund_id"`
		Amount   money.Amount `json:"amount"`
		Code     string       `json:"code"`
	}
	// AuthorizationExpired: the gateway holds nothing any more; Amount is what had not been captured.
	AuthorizationExpired struct {
		Head
		Amount    money.Amount `json:"amount"`
		ExpiredAt time.Time    `json:"expired_at"`
	}
	// SentToManualReview: a person has to find out what happened.
	SentToManualReview struct {
		Head
		Op     Op     `json:"op"`
		OpID   OpID   `json:"op_id"`
		Reason Reason `json:"reason"`
	}
	// ReviewClosed: the operation needs nobody any more.
	ReviewClosed struct {
		Head
		Op   Op     `json:"op"`
		OpID OpID   `json:"op_id"`
		Note string `json:"note"`
	}
)

// Reason says why an operation went to manual review.
type Reason string

// The reasons for a manual review.
const (
	ReasonKeyWindow      Reason = "key_window"          // the gateway may have forgotten the key
	ReasonConflict       Reason = "conflicting_answers" // a second definite answer differs from the first
	ReasonAmountMismatch Reason = "amount_mismatch"     // the answer names another amount or currency
	ReasonNotFound       Reason = "not_found"           // the gateway says it never saw a call that was made
)
