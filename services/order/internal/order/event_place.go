package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// Placed: the customer ordered. Lines, discounts and totals are final: whoever
// needs a share of them later uses what stands here and computes nothing anew.
// PaymentID, the token and PaymentDueAt are absent, and Attempt is 0, if
// GrandTotal is 0.
type Placed struct {
	Head
	OrderNumber        string         `json:"order_number"`
	CustomerID         CustomerID     `json:"customer_id"`
	Currency           money.Currency `json:"currency"`
	Lines              []PlacedLine   `json:"lines"`
	Shipping           Shipping       `json:"shipping"`
	Discounts          []Discount     `json:"discounts"`
	DiscountTotal      money.Amount   `json:"discount_total"`
	TaxTotal           money.Amount   `json:"tax_total"`
	GrandTotal         money.Amount   `json:"grand_total"`
	ShippingAddress    Address        `json:"shipping_address"`
	CapturePolicy      CapturePolicy  `json:"capture_policy"`
	PaymentID          PaymentID      `json:"payment_id,omitempty"`
	Attempt            int            `json:"attempt"`
	PaymentMethodToken string         `json:"payment_method_token,omitempty"`
	PaymentDueAt       *time.Time     `json:"payment_due_at,omitempty"`
	PlacedAt           time.Time      `json:"placed_at"`
}

// Confirmed: the order is paid for, or there is nothing to pay.
type Confirmed struct {
	Head
	ConfirmedAt time.Time `json:"confirmed_at"`
}

// Expired: a draft was abandoned, or no payment came in time.
type Expired struct {
	Head
	Reason   ExpiryReason  `json:"reason"`
	Released []SKUQuantity `json:"released"`
}

// Cancelled: the whole order was called off before anything shipped. Lines are
// the units that had been sold: none for a draft.
type Cancelled struct {
	Head
	ReasonCode CancelReason  `json:"reason_code"`
	Note       string        `json:"note,omitempty"`
	Lines      []LineGross   `json:"lines"`
	Released   []SKUQuantity `json:"released"`
}

// LinesCancelled: some unshipped units were called off.
type LinesCancelled struct {
	Head
	ReasonCode CancelReason  `json:"reason_code"`
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
