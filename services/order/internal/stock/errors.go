package stock

import (
	"errors"
	"fmt"
)

var (
	// ErrInsufficient is a reservation of more than is available, or a shipment
	// of units that are kept but not on hand. It comes as [*InsufficientError].
	ErrInsufficient = errors.New("stock does not suffice")
	// ErrBelowZero is a correction by more than is on hand.
	ErrBelowZero = errors.New("stock on hand cannot go below zero")
	// ErrNotReserved is a release or a shipment of units that are not kept for
	// the order.
	ErrNotReserved = errors.New("the order has not reserved so many units")
	// ErrAlreadyReserved is a second reservation by one order.
	ErrAlreadyReserved = errors.New("the order has reserved this product already")
	// ErrQuantity is a quantity that is not from 1 to [MaxQuantity], or a
	// correction of 0 or beyond it.
	ErrQuantity = errors.New("the quantity is out of range")
	// ErrReason is a reason that is not in the list.
	ErrReason = errors.New("the reason is not known")
)

// InsufficientError says of which SKU there is too little. It matches
// [ErrInsufficient].
type InsufficientError struct {
	SKU       SKU
	Requested int64
	Available int64 // what could be had at most, never below 0
}

// Error implements error.
func (e *InsufficientError) Error() string {
	return fmt.Sprintf("%s: %d requested, %d available", e.SKU, e.Requested, e.Available)
}

// Is makes an InsufficientError match [ErrInsufficient].
func (e *InsufficientError) Is(target error) bool { return target == ErrInsufficient }
