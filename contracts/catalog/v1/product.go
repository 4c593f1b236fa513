package catalogv1

import "time"

// Head begins the body of every catalog event. Version is that of the stream,
// product or stock, after this event.
type Head struct {
	SKU        string    `json:"sku"`
	Version    int64     `json:"version" minimum:"1"`
	OccurredAt time.Time `json:"occurred_at"` // by the clock of the order service
}

// ProductListed: the product can be sold, once it has a price.
type ProductListed struct {
	Head
	Name        string `json:"name"`
	TaxRateBP   int    `json:"tax_rate_bp"` // basis points
	TaxIncluded bool   `json:"tax_included"`
}

// ProductPriceChanged: from ValidFrom on, which may lie ahead, a unit costs
// Amount minor units of Currency. The same ValidFrom again replaces a price.
type ProductPriceChanged struct {
	Head
	PriceID   string    `json:"price_id" format:"uuid"`
	Currency  string    `json:"currency"`
	Amount    int64     `json:"amount"`
	ValidFrom time.Time `json:"valid_from"`
	Reason    string    `json:"reason" enum:"initial,regular,promotion,promotion_ended,correction"`
	Note      string    `json:"note,omitempty"`
}

// ProductRenamed: the product has another name.
type ProductRenamed struct {
	Head
	Name string `json:"name"`
}

// ProductTaxChanged: from ValidFrom on, which may lie ahead, the product is
// taxed like this.
type ProductTaxChanged struct {
	Head
	TaxRateBP   int       `json:"tax_rate_bp"` // basis points
	TaxIncluded bool      `json:"tax_included"`
	ValidFrom   time.Time `json:"valid_from"`
}

// ProductDiscontinued: the product can no longer be added or placed; orders
// that have it go on.
type ProductDiscontinued struct {
	Head
	Reason string `json:"reason"`
}
