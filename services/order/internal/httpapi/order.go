package httpapi

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Order is an order as every write, /state and the query service's detail show it.
type Order struct {
	OrderID           string     `json:"order_id"`
	OrderNumber       string     `json:"order_number"`
	Version           int64      `json:"version"`
	CustomerID        string     `json:"customer_id"`
	Channel           string     `json:"channel"`
	Currency          string     `json:"currency"`
	Status            string     `json:"status"`
	PaymentStatus     string     `json:"payment_status"`
	FulfillmentStatus string     `json:"fulfillment_status"`
	Lines             []Line     `json:"lines"`
	Discounts         []Applied  `json:"discounts"`
	Shipping          Shipping   `json:"shipping"`
	DiscountTotal     Money      `json:"discount_total"`
	TaxTotal          Money      `json:"tax_total"`
	GrandTotal        Money      `json:"grand_total"`
	Captured          Money      `json:"captured"`
	Refunded          Money      `json:"refunded"`
	ShippingAddress   *Address   `json:"shipping_address,omitempty"`
	CapturePolicy     string     `json:"capture_policy,omitempty"`
	Payments          []Payment  `json:"payments"`
	Shipments         []Shipment `json:"shipments"`
	Returns           []Return   `json:"returns"`
	Refunds           []Refund   `json:"refunds"`
	CreatedAt         time.Time  `json:"created_at"`
	PlacedAt          *time.Time `json:"placed_at,omitempty"`
	PaymentDueAt      *time.Time `json:"payment_due_at,omitempty"`
	UpdatedAt         time.Time  `json:"updated_at"`
}

// Line is a line of an order and what became of its units. Net, tax, gross and
// the discount are there once it is placed.
type Line struct {
	LineID            string `json:"line_id"`
	SKU               string `json:"sku"`
	Name              string `json:"name"`
	Quantity          int    `json:"quantity"`
	UnitPrice         Money  `json:"unit_price"`
	PriceID           string `json:"price_id"`
	TaxRateBP         int    `json:"tax_rate_bp" doc:"Basis points"`
	TaxIncluded       bool   `json:"tax_included"`
	DiscountAllocated *Money `json:"discount_allocated,omitempty"`
	Net               *Money `json:"net,omitempty"`
	Tax               *Money `json:"tax,omitempty"`
	Gross             *Money `json:"gross,omitempty"`
	Ordered           int    `json:"ordered"`
	Cancelled         int    `json:"cancelled"`
	Shipped           int    `json:"shipped"`
	Delivered         int    `json:"delivered"`
	Returned          int    `json:"returned"`
	Refunded          int    `json:"refunded"`
	Backordered       int    `json:"backordered"`
}

// Applied is a discount as it was when it was put on the order.
type Applied struct {
	DiscountID string `json:"discount_id"`
	Code       string `json:"code"`
	Kind       string `json:"kind"`
	Value      int64  `json:"value,omitempty" doc:"Basis points of a percentage"`
	Amount     *Money `json:"amount,omitempty"`
	SKU        string `json:"sku,omitempty"`
}

// Shipping is the shipping fee.
type Shipping struct {
	Net   Money `json:"net"`
	Tax   Money `json:"tax"`
	Gross Money `json:"gross"`
}

// Payment is one attempt to pay.
type Payment struct {
	PaymentID     string     `json:"payment_id"`
	Attempt       int        `json:"attempt"`
	Status        string     `json:"status"`
	Amount        Money      `json:"amount"`
	AuthExpiresAt *time.Time `json:"auth_expires_at,omitempty"`
	Card          *Card      `json:"card,omitempty"`
}

// Card is what may be shown of a card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// LineUnits is a number of units of a line.
type LineUnits struct {
	LineID   string `json:"line_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"999"`
}

// Shipment is one parcel.
type Shipment struct {
	ShipmentID     string      `json:"shipment_id"`
	Status         string      `json:"status"`
	Lines          []LineUnits `json:"lines"`
	Carrier        string      `json:"carrier"`
	TrackingNumber string      `json:"tracking_number"`
	DispatchedAt   time.Time   `json:"dispatched_at"`
	DeliveredAt    *time.Time  `json:"delivered_at,omitempty"`
	ClosedAt       *time.Time  `json:"closed_at,omitempty"`
}

// Return is an announcement of units that come back.
type Return struct {
	ReturnID    string       `json:"return_id"`
	Status      string       `json:"status"`
	Lines       []ReturnLine `json:"lines"`
	RequestedAt time.Time    `json:"requested_at"`
}

// ReturnLine is what a return says of a line, and what came of it.
type ReturnLine struct {
	LineID     string `json:"line_id"`
	Quantity   int    `json:"quantity"`
	Received   int    `json:"received"`
	Missing    int    `json:"missing"`
	ReasonCode string `json:"reason_code"`
}

// Refund is money that is given back.
type Refund struct {
	RefundID    string       `json:"refund_id"`
	PaymentID   string       `json:"payment_id"`
	Status      string       `json:"status"`
	Lines       []RefundLine `json:"lines"`
	Shipping    Money        `json:"shipping"`
	Adjustment  Money        `json:"adjustment"`
	Amount      Money        `json:"amount"`
	ReasonCode  string       `json:"reason_code"`
	RequestedAt time.Time    `json:"requested_at"`
	SettledAt   *time.Time   `json:"settled_at,omitempty"`
	Code        string       `json:"code,omitempty" doc:"Why it was given up"`
}

// RefundLine is what is given back for units of a line.
type RefundLine struct {
	LineID   string `json:"line_id"`
	Quantity int    `json:"quantity"`
	Net      Money  `json:"net"`
	Tax      Money  `json:"tax"`
}

// orderOf is the order at a version, as it is shown.
func orderOf(s order.State, version int64) Order {
	m := in(s.Currency)
	out := Order{
		OrderID: string(s.ID), OrderNumber: s.OrderNumber, Version: version, CustomerID: string(s.CustomerID), Channel: string(s.Channel),
		Currency: string(s.Currency), Status: string(s.Status), PaymentStatus: string(s.PaymentStatus),
		FulfillmentStatus: string(s.FulfillmentStatus), Lines: make([]Line, len(s.Lines)), Discounts: make([]Applied, len(s.Discounts)),
		Shipping: Shipping{
			Net: m(s.Totals.Shipping.Net), Tax: m(s.Totals.Shipping.Tax), Gross: m(s.Totals.Shipping.Gross),
		},
		DiscountTotal: m(s.DiscountTotal), TaxTotal: m(s.TaxTotal), GrandTotal: m(s.GrandTotal), Captured: m(captured(s)), Refunded: m(refunded(s)),
		CapturePolicy: string(s.CapturePolicy), Payments: make([]Payment, len(s.Payments)), Shipments: make([]Shipment, len(s.Shipments)),
		Returns: make([]Return, len(s.Returns)), Refunds: make([]Refund, len(s.Refunds)), CreatedAt: s.CreatedAt,
		PlacedAt: timePtr(s.PlacedAt), PaymentDueAt: s.PaymentDueAt, UpdatedAt: s.UpdatedAt,
	}
	if s.ShippingAddress != nil {
		to := addressOf(*s.ShippingAddress)
		out.ShippingAddress = &to
	}
	for i, l := range s.Lines {
		out.Lines[i] = lineOf(s, l)
	}
	for i, d := range s.Discounts {
		out.Discounts[i] = appliedOf(d, s.Currency)
	}
	for i, p := range s.Payments {
		out.Payments[i] = paymentOf(p, s.Currency)
	}
	for i, p := range s.Shipments {
		out.Shipments[i] = shipmentOf(p)
	}
	for i, r := range s.Returns {
		out.Returns[i] = returnOf(r)
	}
	for i, r := range s.Refunds {
		out.Refunds[i] = refundOf(r, s.Currency)
	}
	return out
}

// in makes amounts of one currency.
func in(c money.Currency) func(money.Amount) Money {
	return func(a money.Amount) Money { return moneyOf(a, c) }
}
