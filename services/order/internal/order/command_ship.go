package order

// Dispatch sends units off as one parcel.
type Dispatch struct {
	Cause
	Lines          []LineQuantity // a line at most once
	Carrier        string
	TrackingNumber string
}

// MarkDelivered tells that a parcel arrived.
type MarkDelivered struct {
	Cause
	ShipmentID ShipmentID
}

// CorrectTracking tells how a parcel is really tracked.
type CorrectTracking struct {
	Cause
	ShipmentID     ShipmentID
	Carrier        string
	TrackingNumber string
}

// CloseShipment tells that a parcel will not arrive.
type CloseShipment struct {
	Cause
	ShipmentID ShipmentID
	Reason     CloseReason
	// Restock says whether the units go back into stock; nil: only those of a
	// parcel that was returned to the sender.
	Restock *bool
	// Refund says whether the units are credited to the customer; nil: yes.
	Refund *bool
}

// RequestReturn announces that units will be sent back.
type RequestReturn struct {
	Cause
	Lines []ReturnLine // a line at most once
	Note  string
	// Override lets support, who must leave a note, go beyond the return window.
	Override bool
}

// ApproveReturn lets the customer send the units.
type ApproveReturn struct {
	Cause
	ReturnID ReturnID
	Note     string
}

// RejectReturn leaves the units with the customer.
type RejectReturn struct {
	Cause
	ReturnID ReturnID
	Note     string
}

// ReceiveReturn tells that units of a return arrived, all of them or a part.
type ReceiveReturn struct {
	Cause
	ReturnID ReturnID
	Lines    []Received // a line at most once
	// Refund says whether the units are credited to the customer; nil: yes.
	Refund *bool
}

// Received is what arrived of a line, and what becomes of it.
type Received struct {
	LineID      LineID
	Quantity    int
	Disposition Disposition
}

// CloseReturn ends a return of which nothing more will arrive.
type CloseReturn struct {
	Cause
	ReturnID ReturnID
}
