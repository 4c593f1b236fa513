package order

import "github.com/kontor-dev/kontor/internal/money"

// Drafted: an order was created, with everything its request held.
type Drafted struct {
	Head
	Totals          Totals         `json:"totals"`
	OrderNumber     string         `json:"order_number"`
	CustomerID      CustomerID     `json:"customer_id"`
	Currency        money.Currency `json:"currency"`
	Channel         Channel        `json:"channel"`
	Lines           []DraftLine    `json:"lines"`
	Discounts       []Discount     `json:"discounts"`
	ShippingAddress *Address       `json:"shipping_address,omitempty"`
}

// LineAdded: a product that was not on the draft is on it now.
type LineAdded struct {
	Head
	Totals Totals    `json:"totals"`
	Line   DraftLine `json:"line"`
}

// LineRemoved: a line is no longer on the draft.
type LineRemoved struct {
	Head
	Totals Totals `json:"totals"`
	LineID LineID `json:"line_id"`
}

// LineQuantityChanged: a line of the draft has another quantity.
type LineQuantityChanged struct {
	Head
	Totals      Totals `json:"totals"`
	LineID      LineID `json:"line_id"`
	OldQuantity int    `json:"old_quantity"`
	Quantity    int    `json:"quantity"`
}

// DiscountApplied: a discount is on the draft, after those already there.
type DiscountApplied struct {
	Head
	Totals Totals `json:"totals"`
	Discount
}

// DiscountRemoved: a discount is no longer on the draft.
type DiscountRemoved struct {
	Head
	Totals     Totals     `json:"totals"`
	DiscountID DiscountID `json:"discount_id"`
}

// ShippingAddressSet: the draft goes to this address; it replaces another.
type ShippingAddressSet struct {
	Head
	Totals          Totals  `json:"totals"`
	ShippingAddress Address `json:"shipping_address"`
}
