package payment

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Command is an intent. It is a closed sum. At is the time by the service's clock, in UTC and whole
// microseconds; a request by message also says which payment and order it means, as it may find no stream.
type Command interface{ command() }

type (
	// RequestPayment begins a payment.
	RequestPayment struct {
		PaymentID          ID
		OrderID            OrderID
		Attempt            int
		Gateway            string
		CustomerID         CustomerID
		Amount             money.Amount
		Currency           money.Currency
		PaymentMethodToken string
		At                 time.Time
	}
	// RequestCapture asks for a part of the authorization. It is always answered by an event.
	RequestCapture struct {
		PaymentID  ID
		OrderID    OrderID
		CaptureID  OpID
		ShipmentID ShipmentID
		Amount     money.Amount
		At         time.Time
	}
	// RequestVoid asks to let go what is not captured. It is always answered, if only by a void of 0.
	RequestVoid struct {
		PaymentID ID
		OrderID   OrderID
		At        time.Time
	}
	// RequestRefund asks to give back what was captured. It is always answered by an event.
	RequestRefund struct {
		PaymentID ID
		OrderID   OrderID
		RefundID  OpID
		Amount    money.Amount
		At        time.Time
	}
	// Begin says that the gateway is about to be called.
	Begin struct {
		OpID OpID
		At   time.Time
	}
	// RecordOutcome is a definite answer of the gateway.
	RecordOutcome struct {
		OpID    OpID
		Outcome Outcome
		Source  Source
		At      time.Time
	}
	// RecordUnknown says that a call was made and its outcome is not known.
	RecordUnknown struct {
		OpID       OpID
		ErrorClass string // timeout, reset, http_5xx or bad_reply
		At         time.Time
	}
	// SendToReview gives an open operation to a person.
	SendToReview struct {
		OpID   OpID
		Reason Reason
		At     time.Time
	}
	// Reconcile is what a person decided about an operation in manual review.
	Reconcile struct {
		OpID       OpID
		Succeeded  bool
		GatewayRef string    // needed for an authorization that succeeded
		ExpiresAt  time.Time // likewise
		Code       string    // of a failure; default "manual"
		Note       string
		At         time.Time
	}
	// ExpireAuthorization says that the time of the authorization may be over.
	ExpireAuthorization struct{ At time.Time }
)

// Result is the word of the gateway.
type Result string

// The definite results.
const (
	Succeeded Result = "succeeded"
	Refused   Result = "declined" // by the issuer; only an authorization
	Failed    Result = "failed"
)

// Outcome is a definite answer of the gateway to one operation.
type Outcome struct {
	Result     Result
	Amount     money.Amount   // of a success: what was authorized, captured, released or refunded
	Currency   money.Currency // of a success
	GatewayRef string
	At         time.Time // by the gateway's clock
	ExpiresAt  time.Time // of an authorization
	Card       *Card
	Code       string // of a decline or failure
	Class      Class  // of a decline
	Message    string // of a decline
}

func (RequestPayment) command()      {}
func (RequestCapture) command()      {}
func (RequestVoid) command()         {}
func (RequestRefund) command()       {}
func (Begin) command()               {}
func (RecordOutcome) command()       {}
func (RecordUnknown) command()       {}
func (SendToReview) command()        {}
func (Reconcile) command()           {}
func (ExpireAuthorization) command() {}
