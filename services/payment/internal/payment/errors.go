package payment

import "errors"

// Refusals. Requests that come by message are never refused: they are answered by an event.
var (
	// ErrUnknownPayment is a command other than a request on a payment nobody asked for.
	ErrUnknownPayment = errors.New("there is no such payment")
	// ErrUnknownOperation is an operation that the payment does not have.
	ErrUnknownOperation = errors.New("the payment has no such operation")
	// ErrOperationClosed is a decision about an operation that waits for none, or against what the gateway did.
	ErrOperationClosed = errors.New("the operation is not in manual review, or the gateway has done it")
	// ErrReconcileIncomplete is an authorization said to have succeeded without its reference and expiry.
	ErrReconcileIncomplete = errors.New("an authorization that succeeded needs gateway_ref and expires_at")
	// ErrNotDue is a timer that came before the authorization expires.
	ErrNotDue = errors.New("the authorization is not due to expire")
	// ErrOperationOpen is an expiry that has to wait for an operation.
	ErrOperationOpen = errors.New("an operation of the payment is open")
	// ErrAmount is a request for nothing or less, which no order makes.
	ErrAmount = errors.New("the amount is not above zero")
)
