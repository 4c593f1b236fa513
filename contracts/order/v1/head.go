package orderv1

import "time"

// Head begins the body of every order event.
type Head struct {
	OrderID    string    `json:"order_id" format:"uuid"`
	Version    int64     `json:"version" minimum:"1"` // of the order, after this event
	OccurredAt time.Time `json:"occurred_at"`         // by the clock of the order service
	After      Axes      `json:"after"`
}

// Axes are the three answers to "how is the order?".
type Axes struct {
	Status            string `json:"status" enum:"draft,placed,payment_failed,confirmed,completed,cancelled,expired"`
	PaymentStatus     string `json:"payment_status" enum:"none,not_required,problem,refund_pending,refunded,partially_refunded,void_pending,captured,partially_captured,authorized,pending,auth_expired,voided,declined"`
	FulfillmentStatus string `json:"fulfillment_status" enum:"returned,partially_returned,delivered,partially_delivered,shipped,partially_shipped,backordered,undelivered,unfulfilled"`
}

// Totals is what a draft would cost at its drafted prices.
type Totals struct {
	DiscountTotal int64    `json:"discount_total"`
	TaxTotal      int64    `json:"tax_total"`
	Shipping      Shipping `json:"shipping"`
	GrandTotal    int64    `json:"grand_total"`
}

// Shipping is the shipping fee; Gross = Net + Tax.
type Shipping struct {
	Net   int64 `json:"net"`
	Tax   int64 `json:"tax"`
	Gross int64 `json:"gross"`
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
	LineID      string `json:"line_id" format:"uuid"`
	SKU         string `json:"sku"`
	Name        string `json:"name"`
	Quantity    int    `json:"quantity"`
	UnitPrice   int64  `json:"unit_price"`
	PriceID     string `json:"price_id" format:"uuid"`
	TaxRateBP   int    `json:"tax_rate_bp"` // basis points
	TaxIncluded bool   `json:"tax_included"`
}

// PlacedLine is a line as it was sold: Gross = Net + Tax, for all its units.
type PlacedLine struct {
	DraftLine
	DiscountAllocated int64 `json:"discount_allocated"`
	Net               int64 `json:"net"`
	Tax               int64 `json:"tax"`
	Gross             int64 `json:"gross"`
}

// Discount is a discount as it was when it was put on the order.
type Discount struct {
	DiscountID string `json:"discount_id" format:"uuid"`
	Code       string `json:"code"`
	Kind       string `json:"kind" enum:"amount,percent"`
	Value      int64  `json:"value"`         // minor units or basis points, as Kind says
	SKU        string `json:"sku,omitempty"` // of this line only; else of the order
}

// Card is what may be shown of a card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// LineQuantity is a number of units of a line.
type LineQuantity struct {
	LineID   string `json:"line_id" format:"uuid"`
	Quantity int    `json:"quantity"`
}

// LineGross is a number of units of a line and what they are worth together.
type LineGross struct {
	LineID   string `json:"line_id" format:"uuid"`
	Quantity int    `json:"quantity"`
	Gross    int64  `json:"gross"`
}

// SKUQuantity is a number of units of a product that went back into stock.
type SKUQuantity struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}
