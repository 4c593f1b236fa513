package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// State is what the events of an order come to. Its JSON form can be decoded
// again. The zero value is an order that nobody created.
type State struct {
	ID          ID             `json:"order_id"`
	OrderNumber string         `json:"order_number"`
	CustomerID  CustomerID     `json:"customer_id"`
	Channel     Channel        `json:"channel"`
	Currency    money.Currency `json:"currency"`
	Axes
	Totals

	Lines           []Line        `json:"lines"`
	Discounts       []Discount    `json:"discounts"`
	ShippingAddress *Address      `json:"shipping_address,omitempty"`
	CapturePolicy   CapturePolicy `json:"capture_policy,omitempty"`

	CreatedAt    time.Time  `json:"created_at"`
	PlacedAt     time.Time  `json:"placed_at,omitzero"`
	PaymentDueAt *time.Time `json:"payment_due_at,omitempty"` // until it is confirmed
	UpdatedAt    time.Time  `json:"updated_at"`

	Payments  []Payment  `json:"payments"` // by attempt
	Captures  []Capture  `json:"captures"` // as requested
	Shipments []Shipment `json:"shipments"`
	Returns   []Return   `json:"returns"`
	Refunds   []Refund   `json:"refunds"` // as requested
	Reviews   []Review   `json:"reviews"`

	// ShippingCredited is what refunds have taken off the shipping that is due.
	ShippingCredited money.Amount `json:"shipping_credited"`
}

// Line is a line and what became of its units. Until the order is placed only
// the fields of the draft are set.
type Line struct {
	PlacedLine
	Cancelled int `json:"cancelled"`
	Shipped   int `json:"shipped"`
	Delivered int `json:"delivered"`
	Lost      int `json:"lost"`     // in parcels that were closed
	Returned  int `json:"returned"` // received
	Credited  int `json:"credited"` // nobody owes the customer's money for them any more
	Uncovered int `json:"uncovered"`
}

// Ordered is how many units were ordered.
func (l Line) Ordered() int { return l.Quantity }

// Shippable is how many units may still be shipped.
func (l Line) Shippable() int { return l.Quantity - l.Cancelled - l.Shipped }

// Backordered is how many units are reserved and not on hand.
func (l Line) Backordered() int { return max(0, min(l.Uncovered, l.Shippable())) }

func (l Line) units() money.Units {
	return money.Units{Gross: l.Gross, Tax: l.Tax, Quantity: l.Quantity}
}

// Payment is one attempt to pay the order, or what was outstanding of it.
type Payment struct {
	ID            PaymentID    `json:"payment_id"`
	Attempt       int          `json:"attempt"`
	Amount        money.Amount `json:"amount"` // asked for
	Phase         Phase        `json:"phase"`
	TokenHash     string       `json:"token_hash"` // to know a token again, never the token
	HardDeclined  bool         `json:"hard_declined"`
	Held          money.Amount `json:"held"` // authorized
	Captured      money.Amount `json:"captured"`
	AuthorizedAt  time.Time    `json:"authorized_at,omitzero"`
	AuthExpiresAt time.Time    `json:"auth_expires_at,omitzero"`
	Card          *Card        `json:"card,omitempty"`
	Late          bool         `json:"late"` // the order has no use for it
	Void          VoidState    `json:"void"`
	VoidReason    VoidReason   `json:"void_reason,omitempty"`
	Answered      []OpID       `json:"answered"` // voids whose end is known
}

// Phase is how far an attempt has come.
type Phase string

// The phases of an attempt.
const (
	Running        Phase = "running"
	WasAuthorized  Phase = "authorized"
	WasDeclined    Phase = "declined"
	WasVoided      Phase = "voided"
	WasAuthExpired Phase = "expired"
)

// VoidState is how the last void of a payment stands.
type VoidState string

// The states of a void.
const (
	VoidNone    VoidState = ""
	VoidWaits   VoidState = "requested"
	VoidGivenUp VoidState = "failed"
	VoidDone    VoidState = "done"
)

// Capture is an amount that is taken of an authorization.
type Capture struct {
	ID         CaptureID    `json:"capture_id"`
	PaymentID  PaymentID    `json:"payment_id"`
	ShipmentID ShipmentID   `json:"shipment_id,omitempty"`
	Amount     money.Amount `json:"amount"`
	Progress   Progress     `json:"progress"`
}

// Progress is how far a capture or a refund has come.
type Progress string

// The steps of a capture or a refund.
const (
	Requested Progress = "requested"
	Settled   Progress = "settled"
	Failed    Progress = "failed"
)

// Shipment is one parcel.
type Shipment struct {
	ID             ShipmentID     `json:"shipment_id"`
	Status         ShipmentStatus `json:"status"`
	Lines          []ParcelLine   `json:"lines"`
	Carrier        string         `json:"carrier"`
	TrackingNumber string         `json:"tracking_number"`
	DispatchedAt   time.Time      `json:"dispatched_at"`
	DeliveredAt    time.Time      `json:"delivered_at,omitzero"`
	ClosedAt       time.Time      `json:"closed_at,omitzero"`
}

// ParcelLine is the units From+1 … From+Quantity of a line.
type ParcelLine struct {
	LineID   LineID `json:"line_id"`
	Quantity int    `json:"quantity"`
	From     int    `json:"from"`
}

// ShipmentStatus is where a parcel is.
type ShipmentStatus string

// The places of a parcel.
const (
	ParcelDispatched       ShipmentStatus = "dispatched"
	ParcelDelivered        ShipmentStatus = "delivered"
	ParcelLost             ShipmentStatus = "lost"
	ParcelReturnedToSender ShipmentStatus = "returned_to_sender"
)

// Return is an announcement of units that come back.
type Return struct {
	ID          ReturnID     `json:"return_id"`
	Status      ReturnStatus `json:"status"`
	Lines       []BackLine   `json:"lines"`
	RequestedAt time.Time    `json:"requested_at"`
}

// BackLine is what a return says of a line, and what came of it.
type BackLine struct {
	LineID     LineID       `json:"line_id"`
	Quantity   int          `json:"quantity"`
	Received   int          `json:"received"`
	Missing    int          `json:"missing"`
	ReasonCode ReturnReason `json:"reason_code"`
}

// ReturnStatus is how far a return has come.
type ReturnStatus string

// The steps of a return: received means in part, as a return that is complete
// closes itself.
const (
	ReturnIsRequested ReturnStatus = "requested"
	ReturnIsApproved  ReturnStatus = "approved"
	ReturnIsRejected  ReturnStatus = "rejected"
	ReturnIsReceived  ReturnStatus = "received"
	ReturnIsClosed    ReturnStatus = "closed"
)

// Refund is an amount of a payment that is given back.
type Refund struct {
	ID          RefundID       `json:"refund_id"`
	PaymentID   PaymentID      `json:"payment_id"`
	Progress    Progress       `json:"progress"`
	Lines       []RefundedLine `json:"lines"`
	Shipping    money.Amount   `json:"shipping"`
	Adjustment  money.Amount   `json:"adjustment"`
	Amount      money.Amount   `json:"amount"`
	ReasonCode  RefundReason   `json:"reason_code"`
	Code        string         `json:"code,omitempty"` // why it was given up
	RequestedAt time.Time      `json:"requested_at"`
	SettledAt   time.Time      `json:"settled_at,omitzero"`
	// ShippingOwned is the shipping that it pays for; Shipping less what it had
	// to give up.
	ShippingOwned money.Amount `json:"shipping_owned"`
	// Shortfall is how much of what it pays for goodwill has taken before.
	Shortfall money.Amount `json:"shortfall"`
}

// RefundedLine is what a refund gives back for a line, and what it owns by that:
// the units that count as refunded by it, and the minor units of the line's
// gross, which begins with the money of its first unit.
type RefundedLine struct {
	RefundLine
	Units []Span `json:"units"`
	Money []Span `json:"money"`
}

// Span is the numbers From+1 … To: units of a line, or minor units of its gross.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Review is an operation whose end a person must find out.
type Review struct {
	PaymentID PaymentID `json:"payment_id"`
	Op        Op        `json:"op"`
	OpID      OpID      `json:"op_id"`
	Reason    string    `json:"reason"`
	Closed    bool      `json:"closed"`
}

// Initial is an order that nobody created.
func Initial() State { return State{} }

// Exists says whether the order was created.
func (s State) Exists() bool { return s.ID != "" }

// IsPlaced says whether the order was ever placed.
func (s State) IsPlaced() bool { return !s.PlacedAt.IsZero() }

// Line is the line with this id; false if there is none.
func (s State) Line(id LineID) (Line, bool) {
	for _, l := range s.Lines {
		if l.LineID == id {
			return l, true
		}
	}
	return Line{}, false
}

// LineOf is the line of a product; false if there is none.
func (s State) LineOf(sku SKU) (Line, bool) {
	for _, l := range s.Lines {
		if l.SKU == sku {
			return l, true
		}
	}
	return Line{}, false
}

// BySKU is what was ordered of each product, in the order of the lines.
func (s State) BySKU() []SKUQuantity {
	units := make([]SKUQuantity, 0, len(s.Lines))
	for _, l := range s.Lines {
		units = append(units, SKUQuantity{SKU: l.SKU, Quantity: l.Quantity})
	}
	return units
}

// OpenReservations is what stock must have reserved for the order now, without
// products that it needs nothing of any more.
func (s State) OpenReservations() []SKUQuantity {
	open := []SKUQuantity{}
	if !s.holdsStock() {
		return open
	}
	for _, l := range s.Lines {
		if n := l.Shippable(); n > 0 {
			open = append(open, SKUQuantity{SKU: l.SKU, Quantity: n})
		}
	}
	return open
}

func (s State) holdsStock() bool {
	return s.Status == StatusPlaced || s.Status == StatusPaymentFailed || s.Status == StatusConfirmed
}
