package orderv1

import "time"

// RefundRequested: Amount of a payment shall be given back. It is the sum of
// the lines, Shipping and Adjustment, which is goodwill if above 0. Credits and
// CreditsShipping are what this refund takes for the first time, the rest had
// been given up by an earlier one.
type RefundRequested struct {
	Head
	RefundID        string         `json:"refund_id" format:"uuid"`
	PaymentID       string         `json:"payment_id" format:"uuid"`
	Lines           []RefundLine   `json:"lines"`
	Shipping        int64          `json:"shipping"`
	Adjustment      int64          `json:"adjustment"`
	Amount          int64          `json:"amount"`
	Credits         []LineQuantity `json:"credits"`
	CreditsShipping int64          `json:"credits_shipping"`
	ReasonCode      string         `json:"reason_code"`
	Note            string         `json:"note,omitempty"`
}

// RefundLine is what is given back for units of one line: Net + Tax.
type RefundLine struct {
	LineID   string `json:"line_id" format:"uuid"`
	Quantity int    `json:"quantity"`
	Net      int64  `json:"net"`
	Tax      int64  `json:"tax"`
}

// RefundSettled: the gateway gave the money back.
type RefundSettled struct {
	Head
	RefundID   string    `json:"refund_id" format:"uuid"`
	PaymentID  string    `json:"payment_id" format:"uuid"`
	Amount     int64     `json:"amount"`
	GatewayRef string    `json:"gateway_ref"`
	SettledAt  time.Time `json:"settled_at"`
}

// RefundFailed: a requested refund was given up; the money can be refunded again.
type RefundFailed struct {
	Head
	RefundID  string `json:"refund_id" format:"uuid"`
	PaymentID string `json:"payment_id" format:"uuid"`
	Amount    int64  `json:"amount"`
	Code      string `json:"code"`
}
