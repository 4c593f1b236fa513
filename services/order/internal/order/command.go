package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Command is what can be asked of an order, or a fact that it is told. It is a
// closed set; every command embeds a [Cause].
//
//sumtype:decl
type Command interface {
	cause() Cause
	at(time.Time) Command
}

// Cause is what the shell adds to every command.
type Cause struct {
	// CommandID is the id that the shell recognises a repeat by. The ids of
	// what the command creates are made from it.
	CommandID CommandID
	// At is the time of the decision. Decide cuts it to microseconds in UTC.
	At time.Time
}

func (c Cause) cause() Cause { return c }

// Price is what the price book says of a product at one instant. Decide never
// takes a price from anywhere else.
type Price struct {
	SKU         SKU
	Name        string
	UnitPrice   money.Amount
	PriceID     PriceID
	TaxRateBP   int
	TaxIncluded bool
}

// NewLine is a number of units of a product, priced.
type NewLine struct {
	Price
	Quantity int
}

// Offer is the definition of a discount code, as the shell found it.
type Offer struct {
	Code      string
	Kind      DiscountKind
	Value     int64
	Currency  money.Currency // of an amount and of MinTotal; empty: any
	SKU       SKU            // of this product's line only; else of the order
	ValidFrom time.Time
	ValidTo   time.Time    // the interval is half-open; zero: for ever
	MinTotal  money.Amount // Σ unit price × quantity that it needs
	Withdrawn bool
}

// ShippingRate is what shipping costs in the currency of the order. The zero
// value ships free.
type ShippingRate struct {
	Fee         money.Amount
	TaxRateBP   int
	TaxIncluded bool
	// FreeFrom is the gross of all lines after discounts from which shipping is
	// free; 0: never.
	FreeFrom money.Amount
}

// Draft creates an order, and places it in the same append if Submit is not nil.
type Draft struct {
	Cause
	OrderID     ID
	OrderNumber string
	CustomerID  CustomerID
	Currency    money.Currency
	Channel     Channel
	Lines       []NewLine // a SKU at most once
	Offers      []Offer   // of the discount codes that were named; a code at most once
	Address     *Address
	Shipping    ShippingRate
	Submit      *Submit
}

// Submit is what placing needs beyond prices, discounts and shipping.
type Submit struct {
	CapturePolicy      CapturePolicy
	PaymentMethodToken string // needed if the total is above 0
	// ExpectedTotal is what the customer agreed to; nil: the total of the draft.
	ExpectedTotal *money.Amount
}

// AddLine puts units of a product on a draft. If the product is there, its line
// gets more units at the price it has.
type AddLine struct {
	Cause
	Line     NewLine
	Shipping ShippingRate
}

// ChangeQuantity gives a line of a draft another quantity.
type ChangeQuantity struct {
	Cause
	LineID   LineID
	Quantity int
	Shipping ShippingRate
}

// RemoveLine takes a line off a draft.
type RemoveLine struct {
	Cause
	LineID   LineID
	Shipping ShippingRate
}

// ApplyDiscount puts a discount on a draft, after those it has.
type ApplyDiscount struct {
	Cause
	Offer    Offer // the zero value: the code is not defined
	Shipping ShippingRate
}

// RemoveDiscount takes a discount off a draft.
type RemoveDiscount struct {
	Cause
	DiscountID DiscountID
	Shipping   ShippingRate
}

// SetAddress says where a draft goes.
type SetAddress struct {
	Cause
	Address Address
}

// Place orders what is on a draft, with all lines priced anew at At.
type Place struct {
	Cause
	Prices   []Price // of every line of the draft
	Offers   []Offer // of every discount of the draft that is still defined
	Shipping ShippingRate
	Submit
}

// ExpireDraft ends a draft that nobody has touched for 30 days.
type ExpireDraft struct{ Cause }

// Cancel calls the whole order off.
type Cancel struct {
	Cause
	ReasonCode CancelReason
	Note       string
}

// CancelLines calls unshipped units off.
type CancelLines struct {
	Cause
	Lines      []LineQuantity
	ReasonCode CancelReason
	Note       string
}

// MarkBackordered says how many units of a product the order has reserved that
// are not on hand; 0 when all are.
type MarkBackordered struct {
	Cause
	SKU      SKU
	Quantity int
}

// AddNote writes something down.
type AddNote struct {
	Cause
	Note string
}
