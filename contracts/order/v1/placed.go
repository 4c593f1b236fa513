package orderv1

import "time"

// Placed: the customer ordered. Lines, discounts and totals are final: whoever
// needs a share of them later uses what stands here and computes nothing anew.
// GrandTotal is the gross of all lines and of shipping; PaymentID, the token
// and PaymentDueAt are absent if it is 0.
type Placed struct {
	Head
	OrderNumber        string       `json:"order_number"`
	CustomerID         string       `json:"customer_id"`
	Currency           string       `json:"currency"`
	Lines              []PlacedLine `json:"lines"`
	Shipping           Shipping     `json:"shipping"`
	Discounts          []Discount   `json:"discounts"`
	DiscountTotal      int64        `json:"discount_total"`
	TaxTotal           int64        `json:"tax_total"`
	GrandTotal         int64        `json:"grand_total"`
	ShippingAddress    Address      `json:"shipping_address"`
	CapturePolicy      string       `json:"capture_policy" enum:"on_shipment,on_confirm"`
	PaymentID          string       `json:"payment_id,omitempty" format:"uuid"`
	Attempt            int          `json:"attempt"`
	PaymentMethodToken string       `json:"payment_method_token,omitempty"`
	PaymentDueAt       *time.Time   `json:"payment_due_at,omitempty"`
	PlacedAt           time.Time    `json:"placed_at"`
}

// Confirmed: the order is paid for, or there is nothing to pay.
type Confirmed struct {
	Head
	ConfirmedAt time.Time `json:"confirmed_at"`
}

// Expired: a draft was abandoned, or no payment came in time.
type Expired struct {
	Head
	Reason   string        `json:"reason" enum:"payment_timeout,draft_abandoned"`
	Released []SKUQuantity `json:"released"`
}

// Cancelled: the whole order was called off before anything shipped.
type Cancelled struct {
	Head
	ReasonCode string        `json:"reason_code" enum:"customer,inventory,fraud,declined,staff,other"`
	Note       string        `json:"note,omitempty"`
	Lines      []LineGross   `json:"lines"`
	Released   []SKUQuantity `json:"released"`
}

// LinesCancelled: some unshipped units were called off.
type LinesCancelled struct {
	Head
	ReasonCode string        `json:"reason_code" enum:"customer,inventory,fraud,declined,staff,other"`
	Note       string        `json:"note,omitempty"`
	Lines      []LineGross   `json:"lines"`
	Released   []SKUQuantity `json:"released"`
}

// LinesBackordered: so many units of these lines are reserved but not on hand
// now; 0 when a line is covered again.
type LinesBackordered struct {
	Head
	Lines []LineQuantity `json:"lines"`
}

// Completed: every unit was delivered, cancelled or lost.
type Completed struct {
	Head
	CompletedAt time.Time `json:"completed_at"`
}

// NoteAdded: staff wrote something down.
type NoteAdded struct {
	Head
	Note string `json:"note"`
}
