package product

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// SKU names a product, in its normal form.
type SKU string

// PriceID names one entry of a price list.
type PriceID string

// Command is what can be asked of a product. It is a closed set.
//
//sumtype:decl
type Command interface{ command() }

// List puts a product into the book; one that is there gets the name.
type List struct {
	SKU         SKU
	Name        string
	TaxRateBP   int
	TaxIncluded bool
	At          time.Time
}

// ChangePrice sets what a unit costs from ValidFrom on; zero is At.
type ChangePrice struct {
	CommandID string
	Currency  money.Currency
	Amount    money.Amount
	ValidFrom time.Time
	Reason    PriceReason
	Note      string
	At        time.Time
}

// ChangeTax sets how the product is taxed from ValidFrom on; zero is At.
type ChangeTax struct {
	TaxRateBP   int
	TaxIncluded bool
	ValidFrom   time.Time
	At          time.Time
}

// Discontinue ends the sale of a product.
type Discontinue struct {
	Reason string
	At     time.Time
}

func (List) command()        {}
func (ChangePrice) command() {}
func (ChangeTax) command()   {}
func (Discontinue) command() {}

// PriceReason says why a price changed.
type PriceReason string

// The reasons of a price. They are stored: renaming one is a migration.
const (
	InitialPrice   PriceReason = "initial"
	Regular        PriceReason = "regular"
	Promotion      PriceReason = "promotion"
	PromotionEnded PriceReason = "promotion_ended"
	Correction     PriceReason = "correction"
)
