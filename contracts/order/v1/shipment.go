package orderv1

import "time"

// ShipmentDispatched: these units left the warehouse as one parcel.
type ShipmentDispatched struct {
	Head
	ShipmentID     string         `json:"shipment_id" format:"uuid"`
	Lines          []LineQuantity `json:"lines"`
	Carrier        string         `json:"carrier"`
	TrackingNumber string         `json:"tracking_number"`
	DispatchedAt   time.Time      `json:"dispatched_at"`
}

// ShipmentDelivered: the parcel arrived.
type ShipmentDelivered struct {
	Head
	ShipmentID  string    `json:"shipment_id" format:"uuid"`
	DeliveredAt time.Time `json:"delivered_at"`
}

// TrackingCorrected: the parcel is tracked by another carrier or number.
type TrackingCorrected struct {
	Head
	ShipmentID        string `json:"shipment_id" format:"uuid"`
	OldCarrier        string `json:"old_carrier"`
	OldTrackingNumber string `json:"old_tracking_number"`
	Carrier           string `json:"carrier"`
	TrackingNumber    string `json:"tracking_number"`
}

// ShipmentClosed: the parcel will not arrive. Refund says whether its units are
// credited to the customer.
type ShipmentClosed struct {
	Head
	ShipmentID string        `json:"shipment_id" format:"uuid"`
	Reason     string        `json:"reason" enum:"lost,returned_to_sender"`
	Refund     bool          `json:"refund"`
	Lines      []LineGross   `json:"lines"`
	Restocked  []SKUQuantity `json:"restocked"`
	ClosedAt   time.Time     `json:"closed_at"`
}
