package product

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Event is a fact about a product. It is a closed set; the JSON is the stored
// shape, so a field is only ever added.
//
//sumtype:decl
type Event interface{ event() }

// Listed: the product is in the book.
type Listed struct {
	SKU         SKU       `json:"sku"`
	Name        string    `json:"name"`
	TaxRateBP   int       `json:"tax_rate_bp"`
	TaxIncluded bool      `json:"tax_included"`
	OccurredAt  time.Time `json:"occurred_at"`
}

// PriceChanged: a unit costs Amount from ValidFrom on.
type PriceChanged struct {
	PriceID    PriceID        `json:"price_id"`
	SKU        SKU            `json:"sku"`
	Currency   money.Currency `json:"currency"`
	Amount     money.Amount   `json:"amount"`
	ValidFrom  time.Time      `json:"valid_from"`
	Reason     PriceReason    `json:"reason"`
	Note       string         `json:"note,omitempty"`
	OccurredAt time.Time      `json:"occurred_at"`
}

// Renamed: the product is called Name.
type Renamed struct {
	SKU        SKU       `json:"sku"`
	Name       string    `json:"name"`
	OccurredAt time.Time `json:"occurred_at"`
}

// TaxChanged: the product is taxed like this from ValidFrom on.
type TaxChanged struct {
	SKU         SKU       `json:"sku"`
	TaxRateBP   int       `json:"tax_rate_bp"`
	TaxIncluded bool      `json:"tax_included"`
	ValidFrom   time.Time `json:"valid_from"`
	OccurredAt  time.Time `json:"occurred_at"`
}

// Discontinued: the product is no longer sold.
type Discontinued struct {
	SKU        SKU       `json:"sku"`
	Reason     string    `json:"reason"`
	OccurredAt time.Time `json:"occurred_at"`
}

func (Listed) event()       {}
func (PriceChanged) event() {}
func (Renamed) event()      {}
func (TaxChanged) event()   {}
func (Discontinued) event() {}
