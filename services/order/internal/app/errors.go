package app

import (
	"errors"
	"fmt"

	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

var (
	// ErrNotFound is a thing that is not there, or is somebody else's.
	ErrNotFound = errors.New("there is no such thing")
	// ErrForbidden is a role that may not do this.
	ErrForbidden = errors.New("the role may not do this")
	// ErrCustomerMissing is an order by staff that does not say for whom.
	ErrCustomerMissing = errors.New("staff must name the customer")
	// ErrUnknownSKU is a line of a product that is not in the price book. It comes as [*LineError].
	ErrUnknownSKU = errors.New("the product is not listed")
	// ErrNoPrice is a line of a product without a price in the currency of the order. It comes as [*LineError].
	ErrNoPrice = errors.New("the product has no price in this currency")
	// ErrDiscontinued is a line of a product that is no longer sold. It comes as [*LineError].
	ErrDiscontinued = errors.New("the product is no longer sold")
	// ErrCurrency is an order in a currency that this shop does not place in.
	ErrCurrency = errors.New("orders are not placed in this currency")
	// ErrOtherCurrency is an amount in another currency than the order's.
	ErrOtherCurrency = errors.New("the amount is not in the currency of the order")
	// ErrVersionUnknown is a version, or a moment, at which the order did not exist.
	ErrVersionUnknown = errors.New("the order has no such version")
)

// LineError names the products that a refusal is about. It matches its Reason.
type LineError struct {
	Reason error
	SKUs   []string
}

// Error implements error.
func (e *LineError) Error() string { return fmt.Sprintf("%v: %d products", e.Reason, len(e.SKUs)) }

// Unwrap gives the reason.
func (e *LineError) Unwrap() error { return e.Reason }

// InsufficientStockError names every product there is too little of. It matches stock.ErrInsufficient.
type InsufficientStockError struct{ Short []*stock.InsufficientError }

// Error implements error.
func (e *InsufficientStockError) Error() string {
	return fmt.Sprintf("%v: %d products", stock.ErrInsufficient, len(e.Short))
}

// Is makes an InsufficientStockError match [stock.ErrInsufficient].
func (e *InsufficientStockError) Is(target error) bool { return target == stock.ErrInsufficient }
