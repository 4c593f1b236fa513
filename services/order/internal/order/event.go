package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Event is a fact about an order. It is a closed set; the JSON is the stored
// shape, so a field is only ever added. Every event embeds a [Head].
//
//sumtype:decl
type Event interface {
	// About is the head of the event.
	About() Head
	stamped(Axes) Event
}

// Head begins every event.
type Head struct {
	OrderID    ID        `json:"order_id"`
	OccurredAt time.Time `json:"occurred_at"` // by the clock of the service, as the command had it
	After      Axes      `json:"after"`       // as they are after the last event of the append
}

// About is the head itself.
func (h Head) About() Head { return h }

// Axes are the three answers to "how is the order?".
type Axes struct {
	Status            Status            `json:"status"`
	PaymentStatus     PaymentStatus     `json:"payment_status"`
	FulfillmentStatus FulfillmentStatus `json:"fulfillment_status"`
}

// Totals is what an order costs: a draft at its drafted prices.
type Totals struct {
	DiscountTotal money.Amount `json:"discount_total"`
	TaxTotal      money.Amount `json:"tax_total"`
	Shipping      Shipping     `json:"shipping"`
	GrandTotal    money.Amount `json:"grand_total"`
}

// Shipping is the shipping fee; Gross = Net + Tax.
type Shipping struct {
	Net   money.Amount `json:"net"`
	Tax   money.Amount `json:"tax"`
	Gross money.Amount `json:"gross"`
}

// Address is where an order goes, and the mail address of its customer.
type Address struct {
	Name       string `json:"name"`
	Line1      string `json:"line1"`
	Line2      string `json:"line2,omitempty"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Region     string `json:"region,omitempty"`
	Country    string `json:"country"` // ISO 3166-1 alpha-2, or XK
	Email      string `json:"email"`
	Phone      string `json:"phone,omitempty"`
}

// DraftLine is a line at the price of the moment it was added.
type DraftLine struct {
	LineID      LineID       `json:"line_id"`
	SKU         SKU          `json:"sku"`
	Name        string       `json:"name"`
	Quantity    int          `json:"quantity"`
	UnitPrice   money.Amount `json:"unit_price"`
	PriceID     PriceID      `json:"price_id"`
	TaxRateBP   int          `json:"tax_rate_bp"` // basis points
	TaxIncluded bool         `json:"tax_included"`
}

// PlacedLine is a line as it was sold: Gross = Net + Tax, for all its units.
type PlacedLine struct {
	DraftLine
	DiscountAllocated money.Amount `json:"discount_allocated"`
	Net               money.Amount `json:"net"`
	Tax               money.Amount `json:"tax"`
	Gross             money.Amount `json:"gross"`
}

// Discount is a discount as it was when it was put on the order.
type Discount struct {
	DiscountID DiscountID   `json:"discount_id"`
	Code       string       `json:"code"`
	Kind       DiscountKind `json:"kind"`
	Value      int64        `json:"value"`         // minor units or basis points, as Kind says
	SKU        SKU          `json:"sku,omitempty"` // of this line only; else of the order
}

// Card is what may be shown of a card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// LineQuantity is a number of units of a line.
type LineQuantity struct {
	LineID   LineID `json:"line_id"`
	Quantity int    `json:"quantity"`
}

// LineGross is a number of units of a line and what they are worth together.
type LineGross struct {
	LineID   LineID       `json:"line_id"`
	Quantity int          `json:"quantity"`
	Gross    money.Amount `json:"gross"`
}

// SKUQuantity is a number of units of a product.
type SKUQuantity struct {
	SKU      SKU `json:"sku"`
	Quantity int `json:"quantity"`
}
