package app

import (
	"context"
	"errors"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// Gateway moves money. Every call carries the stored key; repeating a call with its key repeats no effect.
//
// An error is one of four kinds: [*Declined] and [*Failed] are definite; one that matches [ErrNotSent] says
// that the gateway did nothing; everything else is unknown, and [*Unknown] says more about it.
type Gateway interface {
	Authorize(ctx context.Context, r AuthorizeRequest) (Authorization, error)
	Capture(ctx context.Context, r CaptureRequest) (Receipt, error)
	Void(ctx context.Context, r VoidRequest) (Receipt, error)
	Refund(ctx context.Context, r RefundRequest) (Receipt, error)
	// Lookup says what became of a key: a definite outcome, or ErrNotFound if the gateway never saw it.
	Lookup(ctx context.Context, key IdempotencyKey, ref MerchantRef) (payment.Outcome, error)
	Capabilities() Capabilities
}

// IdempotencyKey is the stored key of an operation.
type IdempotencyKey string

// MerchantRef is what the gateway files an operation under.
type MerchantRef struct {
	OrderID   payment.OrderID
	PaymentID payment.ID
}

// AuthorizeRequest asks to hold an amount.
type AuthorizeRequest struct {
	Key                IdempotencyKey
	Ref                MerchantRef
	Amount             money.Amount
	Currency           money.Currency
	PaymentMethodToken string
}

// CaptureRequest asks to take a part of what is held.
type CaptureRequest struct {
	Key      IdempotencyKey
	Ref      MerchantRef
	AuthRef  string
	Amount   money.Amount
	Currency money.Currency
}

// VoidRequest asks to let go all that is held.
type VoidRequest struct {
	Key      IdempotencyKey
	Ref      MerchantRef
	AuthRef  string
	Currency money.Currency
}

// RefundRequest asks to give back a part of what was captured.
type RefundRequest struct {
	Key      IdempotencyKey
	Ref      MerchantRef
	AuthRef  string
	Amount   money.Amount
	Currency money.Currency
}

// Authorization is an amount that the gateway holds.
type Authorization struct {
	Receipt
	ExpiresAt time.Time
	Card      *payment.Card
}

// Receipt is an amount that the gateway moved or let go.
type Receipt struct {
	GatewayRef string
	Amount     money.Amount
	Currency   money.Currency
	At         time.Time
}

// Capabilities is what a gateway can do.
type Capabilities struct {
	MultiCapture bool
	KeyWindow    time.Duration // how long it remembers a key; 0 counts as 24 h
}

// Declined is the issuer's no to an authorization.
type Declined struct {
	Code    string
	Class   payment.Class
	Message string
}

// Error implements error.
func (e *Declined) Error() string { return "declined: " + e.Code }

// Failed is the gateway's definite no.
type Failed struct{ Code string }

// Error implements error.
func (e *Failed) Error() string { return "failed: " + e.Code }

var (
	// ErrNotSent matches an error of a request that had no effect because it never got through.
	ErrNotSent = errors.New("the request was not sent")
	// ErrNotFound is a key that the gateway never saw.
	ErrNotFound = errors.New("the gateway never saw the key")
)

// NotSent is a request that never got through. It matches [ErrNotSent].
type NotSent struct {
	RetryAfter time.Duration // 0: the gateway did not say
	Err        error
}

// Error implements error.
func (e *NotSent) Error() string { return "not sent: " + e.Err.Error() }

// Unwrap makes a NotSent match [ErrNotSent] and its cause.
func (e *NotSent) Unwrap() []error { return []error{ErrNotSent, e.Err} }

// Unknown is a call of which nobody can say what it did.
type Unknown struct {
	Class      string        // timeout, reset, http_5xx or bad_reply
	RetryAfter time.Duration // 0: the gateway did not say
	Err        error
}

// Error implements error.
func (e *Unknown) Error() string { return "outcome unknown: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Unknown) Unwrap() error { return e.Err }
