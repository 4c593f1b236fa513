package view

import (
	"errors"
	"time"
)

// What a read may end in, beside its answer.
var (
	ErrNotFound       = errors.New("nothing of that id may be seen by the caller")
	ErrCursor         = errors.New("the cursor does not belong to this list")
	ErrLagging        = errors.New("the view has not reached the version in time")
	ErrTooManyWaiting = errors.New("too many reads wait for a version")
	ErrUnavailable    = errors.New("the database of the views does not answer")
)

// Wait asks a read to wait until the view of an order has a version. The zero value does not wait.
type Wait struct {
	Version int64
	For     time.Duration
}

// Paging is one page of a list. Sort is a column, with "-" before it for descending.
type Paging struct {
	Sort   string
	Limit  int
	Cursor string // Next of the page before; "" for the first
}

// Page is one page of a list; Next is the cursor of the next one, "" at the end.
type Page[T any] struct {
	Items []T
	Next  string
}

// OrderQuery says which orders a list has. Empty fields do not restrict it; instants are half-open, [from, to).
type OrderQuery struct {
	Status            []string
	PaymentStatus     []string
	FulfillmentStatus []string
	CustomerID        string
	Currency          string
	PlacedFrom        time.Time
	PlacedTo          time.Time
	Paging            // by placed_at, updated_at, or grand_total with a Currency
}

// TimelineQuery says which entries of a timeline are shown.
type TimelineQuery struct {
	Types  []string
	Paging // by version
}

// PaymentQuery says which payments a list has.
type PaymentQuery struct {
	Status          []string
	OperationStatus []string
	OrderID         string
	Paging          // by requested_at
}

// ProductQuery says which products a list has, and as of when their prices are.
type ProductQuery struct {
	Currency string    // only those that ever had a price in it
	At       time.Time // the moment of the prices
	Paging             // by sku
}

// StockQuery says which stock a list has.
type StockQuery struct {
	Paging // by sku
}
