package stock

import "time"

// SKU names the product whose stock this is, in its normal form.
type SKU string

// OrderID is the order that units are kept for.
type OrderID string

// ShipmentID is the parcel that units left with.
type ShipmentID string

// MovementID is a booked receipt or correction.
type MovementID string

// Command is what can be asked of the stock of one SKU. It is a closed set.
//
//sumtype:decl
type Command interface{ command() }

// Receive takes bought units in, as the movement that books them says.
type Receive struct {
	SKU        SKU
	Quantity   int64
	Reference  string
	MovementID MovementID
	At         time.Time
}

// Restock takes units of an order back in: a return, or a parcel that came
// back. Reference is the return or the shipment.
type Restock struct {
	SKU       SKU
	Quantity  int64
	Reference string
	OrderID   OrderID
	At        time.Time
}

// Adjust corrects what is on hand by Delta, which may be negative.
type Adjust struct {
	SKU        SKU
	Delta      int64
	Reason     AdjustReason
	Note       string
	MovementID MovementID
	At         time.Time
}

// Reserve keeps units for an order that is being placed.
type Reserve struct {
	SKU      SKU
	OrderID  OrderID
	Quantity int64
	At       time.Time
}

// Release gives up units kept for an order.
type Release struct {
	SKU      SKU
	OrderID  OrderID
	Quantity int64
	Reason   ReleaseReason
	At       time.Time
}

// Ship lets units leave that are kept for the order.
type Ship struct {
	SKU        SKU
	OrderID    OrderID
	ShipmentID ShipmentID
	Quantity   int64
	At         time.Time
}

func (Receive) command() {}
func (Restock) command() {}
func (Adjust) command()  {}
func (Reserve) command() {}
func (Release) command() {}
func (Ship) command()    {}

// AdjustReason says why a count was wrong.
type AdjustReason string

// The reasons of a correction. They are stored: renaming one is a migration.
const (
	Count  AdjustReason = "count"
	Damage AdjustReason = "damage"
	Loss   AdjustReason = "loss"
	Found  AdjustReason = "found"
)

// ReleaseReason says why units are no longer kept.
type ReleaseReason string

// The reasons of a release. They are stored: renaming one is a migration.
const (
	Cancelled      ReleaseReason = "cancelled"
	Expired        ReleaseReason = "expired"
	LinesCancelled ReleaseReason = "lines_cancelled"
)

// Source says where received units came from.
type Source string

// The sources of a receipt. They are stored: renaming one is a migration.
const (
	Purchase Source = "purchase"
	Return   Source = "return"
)
