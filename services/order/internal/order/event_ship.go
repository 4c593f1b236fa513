package order

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// ShipmentDispatched: these units left the warehouse as one parcel.
type ShipmentDispatched struct {
	Head
	ShipmentID     ShipmentID     `json:"shipment_id"`
	Lines          []LineQuantity `json:"lines"`
	Carrier        string         `json:"carrier"`
	TrackingNumber string         `json:"tracking_number"`
	DispatchedAt   time.Time      `json:"dispatched_at"`
}

// ShipmentDelivered: the parcel arrived.
type ShipmentDelivered struct {
	Head
	ShipmentID  ShipmentID `json:"shipment_id"`
	DeliveredAt time.Time  `json:"delivered_at"`
}

// TrackingCorrected: the parcel is tracked by another carrier or number.
type TrackingCorrected struct {
	Head
	ShipmentID        ShipmentID `json:"shipment_id"`
	OldCarrier        string     `json:"old_carrier"`
	OldTrackingNumber string     `json:"old_tracking_number"`
	Carrier           string     `json:"carrier"`
	TrackingNumber    string     `json:"tracking_number"`
}

// ShipmentClosed: the parcel will not arrive. Refund says whether its units are
// credited to the customer. Gross is what the parcel's units are worth.
type ShipmentClosed struct {
	Head
	ShipmentID ShipmentID    `json:"shipment_id"`
	Reason     CloseReason   `json:"reason"`
	Refund     bool          `json:"refund"`
	Lines      []LineGross   `json:"lines"`
	Restocked  []SKUQuantity `json:"restocked"`
	ClosedAt   time.Time     `json:"closed_at"`
}

// ReturnRequested: the customer wants to send units back.
type ReturnRequested struct {
	Head
	ReturnID ReturnID     `json:"return_id"`
	Lines    []ReturnLine `json:"lines"`
	Note     string       `json:"note,omitempty"`
}

// ReturnLine is what a return says of one line.
type ReturnLine struct {
	LineID     LineID       `json:"line_id"`
	Quantity   int          `json:"quantity"`
	ReasonCode ReturnReason `json:"reason_code"`
}

// ReturnApproved: the customer may send the units.
type ReturnApproved struct {
	Head
	ReturnID ReturnID `json:"return_id"`
	Note     string   `json:"note,omitempty"`
}

// ReturnRejected: the customer keeps the units.
type ReturnRejected struct {
	Head
	ReturnID ReturnID `json:"return_id"`
	Note     string   `json:"note,omitempty"`
}

// ReturnReceived: units of a return arrived, all of them or a part. Refund says
// whether they are credited to the customer.
type ReturnReceived struct {
	Head
	ReturnID   ReturnID       `json:"return_id"`
	Refund     bool           `json:"refund"`
	Lines      []ReceivedLine `json:"lines"`
	ReceivedAt time.Time      `json:"received_at"`
}

// ReceivedLine is what arrived of one line, and what became of it.
type ReceivedLine struct {
	LineID      LineID       `json:"line_id"`
	Quantity    int          `json:"quantity"`
	Gross       money.Amount `json:"gross"`
	Disposition Disposition  `json:"disposition"`
}

// ReturnClosed: nothing more is expected; Missing never arrived.
type ReturnClosed struct {
	Head
	ReturnID ReturnID       `json:"return_id"`
	Missing  []LineQuantity `json:"missing"`
}
