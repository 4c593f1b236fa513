package product

import "errors"

var (
	// ErrNotListed is a command on a SKU that is not in the book.
	ErrNotListed = errors.New("the product is not listed")
	// ErrDiscontinued is a change of a product that is no longer sold.
	ErrDiscontinued = errors.New("the product is discontinued")
	// ErrUseTaxChange is a listing that would change the tax of a listed product.
	ErrUseTaxChange = errors.New("the tax of a listed product is changed by a tax change")
	// ErrValidFromInPast is a price or tax that would begin before now, or before
	// the last one of its list.
	ErrValidFromInPast = errors.New("valid_from lies in the past or before the last entry")
	// ErrName is a name that is blank or longer than 120 runes.
	ErrName = errors.New("the name is blank or too long")
	// ErrTaxRate is a rate that is not from 0 to 10000 basis points.
	ErrTaxRate = errors.New("the tax rate is out of range")
	// ErrAmount is an amount below 0 or above 10^15.
	ErrAmount = errors.New("the amount is out of range")
	// ErrCurrency is a currency that nobody knows.
	ErrCurrency = errors.New("the currency is not known")
	// ErrReason is a reason that is not in the list.
	ErrReason = errors.New("the reason is not known")
	// ErrDiscountInvalid is a definition that cannot hold: a value out of range, an
	// amount without a currency, an interval that ends before it begins.
	ErrDiscountInvalid = errors.New("the discount is not valid")
	// ErrDiscountUnknown is a code that was not defined, or was withdrawn.
	ErrDiscountUnknown = errors.New("the discount is not defined")
)
