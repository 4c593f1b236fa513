package order

import (
	"fmt"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Refusal is a command that the rules reject. All errors of Decide are one:
// sentinels of this type, or structs with the values that the caller needs.
type Refusal interface {
	error
	// Code is the name of the rule for clients, like "invalid_transition".
	Code() string
}

// refusal is a sentinel.
type refusal struct{ code, text string }

func (r *refusal) Error() string { return r.text }

func (r *refusal) Code() string { return r.code }

// The refusals without values.
var (
	ErrNotFound       Refusal = &refusal{"not_found", "there is no such order, line, shipment, return or discount"}
	ErrStatus         Refusal = &refusal{"invalid_transition", "the order does not allow this in its status"}
	ErrShipped        Refusal = &refusal{"already_shipped", "units of the order were shipped"}
	ErrIncomplete     Refusal = &refusal{"order_incomplete", "placing needs lines, an address and a payment method"}
	ErrOutOfRange     Refusal = &refusal{"amount_out_of_range", "an amount is out of range"}
	ErrInvalid        Refusal = &refusal{"validation_failed", "a value of the command is not allowed"}
	ErrNoPrice        Refusal = &refusal{"no_price_in_currency", "a product has no price in the currency of the order"}
	ErrAttempts       Refusal = &refusal{"attempts_exhausted", "the order was tried to be paid too often"}
	ErrTokenDeclined  Refusal = &refusal{"token_declined", "the payment method was declined for good"}
	ErrAuthExpired    Refusal = &refusal{"authorization_expired", "no authorization is there that the amount could be taken from"}
	ErrPaymentProblem Refusal = &refusal{"payment_problem", "nothing is dispatched while the payment has a problem"}
	ErrTracking       Refusal = &refusal{"duplicate_tracking", "another parcel of the order has this carrier and tracking number"}
	ErrDelivered      Refusal = &refusal{"already_delivered", "the parcel was delivered"}
	ErrShipmentClosed Refusal = &refusal{"shipment_closed", "the parcel was closed"}
	ErrWindow         Refusal = &refusal{"return_window_closed", "the time to return these units is over"}
	ErrNothingToTake  Refusal = &refusal{"nothing_to_capture", "nothing is left to capture"}
	// ErrImpossible is a fact that cannot be true of this order: its message is
	// parked.
	ErrImpossible Refusal = &refusal{"impossible_fact", "the fact cannot be true of this order"}
)

// PriceChangedError is a placement whose total is not the expected one.
type PriceChangedError struct {
	Totals Totals // at the prices of now
}

func (e *PriceChangedError) Error() string {
	return fmt.Sprintf("the total is %d now", e.Totals.GrandTotal)
}

// Code is price_changed.
func (e *PriceChangedError) Code() string { return "price_changed" }

// DiscountError is a discount that does not hold for this order, now.
type DiscountError struct {
	DiscountCode string
	Totals       Totals // without it
}

func (e *DiscountError) Error() string { return "the discount " + e.DiscountCode + " does not hold" }

// Code is discount_not_applicable.
func (e *DiscountError) Code() string { return "discount_not_applicable" }

// LineMax is the most units of a line that a command may name.
type LineMax struct {
	LineID  LineID
	Maximum int
}

// ExceedsShippableError is more units than can be shipped, or called off.
type ExceedsShippableError struct{ Lines []LineMax }

func (e *ExceedsShippableError) Error() string { return "more units than can still be shipped" }

// Code is exceeds_shippable.
func (e *ExceedsShippableError) Code() string { return "exceeds_shippable" }

// ExceedsReturnableError is more units than can be returned, or are expected.
type ExceedsReturnableError struct{ Lines []LineMax }

func (e *ExceedsReturnableError) Error() string { return "more units than can be returned" }

// Code is exceeds_returnable.
func (e *ExceedsReturnableError) Code() string { return "exceeds_returnable" }

// ExceedsRefundableError is more money than can be given back. Each part says
// the most that it could be alone; a line's limit is in units. Unshipped units
// are no part: they are called off by CancelLines.
type ExceedsRefundableError struct {
	Lines      []LineMax // the lines that were named
	Shipping   money.Amount
	Adjustment money.Amount
	Refundable money.Amount // all parts together
}

func (e *ExceedsRefundableError) Error() string {
	return fmt.Sprintf("more than can be refunded, which is %d in all", e.Refundable)
}

// Code is exceeds_refundable.
func (e *ExceedsRefundableError) Code() string { return "exceeds_refundable" }

// NotDueError is a timer that came before its deadline, which has moved.
type NotDueError struct{ DueAt time.Time }

func (e *NotDueError) Error() string { return "the deadline lies ahead" }

// Code is not_due.
func (e *NotDueError) Code() string { return "not_due" }
