package view

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Axes are the three answers to "how is the order?".
type Axes struct {
	Status            string `json:"status" doc:"Lifecycle; guards what may be done"`
	PaymentStatus     string `json:"payment_status" doc:"Where the money is"`
	FulfillmentStatus string `json:"fulfillment_status" doc:"Where the goods are"`
}

// Order is the detail of an order, in the shape of every answer about one order.
type Order struct {
	OrderID     string         `json:"order_id" format:"uuid"`
	OrderNumber string         `json:"order_number" doc:"For people; never a key"`
	Version     int64          `json:"version" doc:"Of the order's last event in this view"`
	CustomerID  string         `json:"customer_id"`
	Channel     string         `json:"channel"`
	Currency    money.Currency `json:"currency"`
	Axes
	Lines           []Line      `json:"lines"`
	Discounts       []Discount  `json:"discounts"`
	Shipping        Shipping    `json:"shipping"`
	DiscountTotal   money.Money `json:"discount_total"`
	TaxTotal        money.Money `json:"tax_total"`
	GrandTotal      money.Money `json:"grand_total" doc:"Of a draft: as of its drafted prices"`
	Captured        money.Money `json:"captured"`
	Refunded        money.Money `json:"refunded" doc:"Settled refunds"`
	ShippingAddress *Address    `json:"shipping_address,omitempty"`
	CapturePolicy   string      `json:"capture_policy,omitempty"`
	Payments        []Attempt   `json:"payments"`
	Shipments       []Shipment  `json:"shipments"`
	Returns         []Return    `json:"returns"`
	Refunds         []Refund    `json:"refunds"`
	CreatedAt       time.Time   `json:"created_at"`
	PlacedAt        *time.Time  `json:"placed_at,omitempty"`
	PaymentDueAt    *time.Time  `json:"payment_due_at,omitempty"`
	UpdatedAt       time.Time   `json:"updated_at"`
}

// Line is one product of an order. What a draft does not know yet is absent.
type Line struct {
	LineID            string       `json:"line_id" format:"uuid"`
	SKU               string       `json:"sku"`
	Name              string       `json:"name"`
	Quantity          int          `json:"quantity"`
	UnitPrice         money.Money  `json:"unit_price"`
	PriceID           string       `json:"price_id" format:"uuid"`
	TaxRateBP         int          `json:"tax_rate_bp" doc:"Basis points"`
	TaxIncluded       bool         `json:"tax_included"`
	DiscountAllocated *money.Money `json:"discount_allocated,omitempty"`
	Net               *money.Money `json:"net,omitempty"`
	Tax               *money.Money `json:"tax,omitempty"`
	Gross             *money.Money `json:"gross,omitempty"`
	Ordered           int          `json:"ordered"`
	Cancelled         int          `json:"cancelled"`
	Shipped           int          `json:"shipped"`
	Delivered         int          `json:"delivered"`
	Returned          int          `json:"returned"`
	Refunded          int          `json:"refunded" doc:"Units of refunds that were not given up"`
	Backordered       int          `json:"backordered"`
}

// Discount is a discount as it was when it was put on the order.
type Discount struct {
	DiscountID string       `json:"discount_id" format:"uuid"`
	Code       string       `json:"code"`
	Kind       string       `json:"kind"`
	Value      int64        `json:"value,omitempty" doc:"Basis points of a percentage"`
	Amount     *money.Money `json:"amount,omitempty"`
	SKU        string       `json:"sku,omitempty"`
}

// Shipping is the shipping fee.
type Shipping struct {
	Net   money.Money `json:"net"`
	Tax   money.Money `json:"tax"`
	Gross money.Money `json:"gross"`
}

// Address is where an order goes. It is personal data.
type Address struct {
	Name       string `json:"name"`
	Line1      string `json:"line1"`
	Line2      string `json:"line2,omitempty"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Region     string `json:"region,omitempty"`
	Country    string `json:"country"`
	Email      string `json:"email"`
	Phone      string `json:"phone,omitempty"`
}

// Card is what may be shown of a card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// Attempt is one payment of an order, as the order knows it.
type Attempt struct {
	PaymentID     string      `json:"payment_id" format:"uuid"`
	Attempt       int         `json:"attempt"`
	Status        string      `json:"status" doc:"running, authorized, declined, voided or expired"`
	Amount        money.Money `json:"amount" doc:"Asked for"`
	AuthExpiresAt *time.Time  `json:"auth_expires_at,omitempty"`
	Card          *Card       `json:"card,omitempty"`
}

// Units is a number of units of a line.
type Units struct {
	LineID   string `json:"line_id" format:"uuid"`
	Quantity int    `json:"quantity"`
}

// Shipment is a parcel.
type Shipment struct {
	ShipmentID     string     `json:"shipment_id" format:"uuid"`
	Status         string     `json:"status"`
	Lines          []Units    `json:"lines"`
	Carrier        string     `json:"carrier"`
	TrackingNumber string     `json:"tracking_number"`
	DispatchedAt   time.Time  `json:"dispatched_at"`
	DeliveredAt    *time.Time `json:"delivered_at,omitempty"`
	ClosedAt       *time.Time `json:"closed_at,omitempty"`
}

// Return is what a customer sends back.
type Return struct {
	ReturnID    string       `json:"return_id" format:"uuid"`
	Status      string       `json:"status"`
	Lines       []ReturnLine `json:"lines"`
	RequestedAt time.Time    `json:"requested_at"`
}

// ReturnLine is one line of a return: Quantity announced, Received so far, Missing for good.
type ReturnLine struct {
	LineID     string `json:"line_id" format:"uuid"`
	Quantity   int    `json:"quantity"`
	Received   int    `json:"received"`
	Missing    int    `json:"missing"`
	ReasonCode string `json:"reason_code"`
}

// Refund is money given back, or to be given back.
type Refund struct {
	RefundID    string       `json:"refund_id" format:"uuid"`
	PaymentID   string       `json:"payment_id" format:"uuid"`
	Status      string       `json:"status"`
	Lines       []RefundLine `json:"lines"`
	Shipping    money.Money  `json:"shipping"`
	Adjustment  money.Money  `json:"adjustment"`
	Amount      money.Money  `json:"amount"`
	ReasonCode  string       `json:"reason_code"`
	RequestedAt time.Time    `json:"requested_at"`
	SettledAt   *time.Time   `json:"settled_at,omitempty"`
	Code        string       `json:"code,omitempty" doc:"Why it failed"`
}

// RefundLine is what is given back for units of one line.
type RefundLine struct {
	LineID   string      `json:"line_id" format:"uuid"`
	Quantity int         `json:"quantity"`
	Net      money.Money `json:"net"`
	Tax      money.Money `json:"tax"`
}

// OrderState is what is kept of an order: its detail, and what the next events need beyond it. Written as JSON it can be read as an
// [Order]. The zero value is an order nobody has heard of.
type OrderState struct {
	Order
	Books map[string]Book `json:"books,omitempty"` // by payment id
}

// Book is the money of one payment of an order.
type Book struct {
	Held     money.Amount `json:"held,omitempty"` // authorized
	Captured money.Amount `json:"captured,omitempty"`
}
