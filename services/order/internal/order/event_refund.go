package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// RefundRequested: Amount of a payment shall be given back. It is the sum of
// the lines, Shipping and Adjustment: goodwill if above 0, what goodwill has
// taken before if below. Credits and CreditsShipping are what is credited by
// this refund for the first time; what it gives back beyond them was owed before.
type RefundRequested struct {
	Head
	RefundID        RefundID       `json:"refund_id"`
	PaymentID       PaymentID      `json:"payment_id"`
	Lines           []RefundLine   `json:"lines"`
	Shipping        money.Amount   `json:"shipping"`
	Adjustment      money.Amount   `json:"adjustment"`
	Amount          money.Amount   `json:"amount"`
	Credits         []LineQuantity `json:"credits"`
	CreditsShipping money.Amount   `json:"credits_shipping"`
	ReasonCode      RefundReason   `json:"reason_code"`
	Note            string         `json:"note,omitempty"`
}

// RefundLine is what is given back for units of one line: Net + Tax. A unit of
// which two refunds give back a part each counts in the first.
type RefundLine struct {
	LineID   LineID       `json:"line_id"`
	Quantity int          `json:"quantity"`
	Net      money.Amount `json:"net"`
	Tax      money.Amount `json:"tax"`
}

// RefundSettled: the gateway gave the money back.
type RefundSettled struct {
	Head
	RefundID   RefundID     `json:"refund_id"`
	PaymentID  PaymentID    `json:"payment_id"`
	Amount     money.Amount `json:"amount"`
	GatewayRef string       `json:"gateway_ref"`
	SettledAt  time.Time    `json:"settled_at"`
}

// RefundFailed: a requested refund was given up; the money can be refunded again.
type RefundFailed struct {
	Head
	RefundID  RefundID     `json:"refund_id"`
	PaymentID PaymentID    `json:"payment_id"`
	Amount    money.Amount `json:"amount"`
	Code      string       `json:"code"`
}
