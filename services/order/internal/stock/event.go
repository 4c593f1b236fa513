package stock

import "time"

// Event is a fact about the stock of one SKU. It is a closed set; the JSON is
// the stored shape, so a field is only ever added.
//
//sumtype:decl
type Event interface{ event() }

// Head begins every stock event: OnHand and Reserved are as they are after it.
type Head struct {
	SKU        SKU       `json:"sku"`
	OnHand     int64     `json:"on_hand"`
	Reserved   int64     `json:"reserved"`
	OccurredAt time.Time `json:"occurred_at"`
}

// Received: units came in.
type Received struct {
	Head
	Quantity   int64      `json:"quantity"`
	Source     Source     `json:"source"`
	Reference  string     `json:"reference"`
	MovementID MovementID `json:"movement_id,omitempty"` // of a purchase
	OrderID    OrderID    `json:"order_id,omitempty"`    // of a return
}

// Reserved: units are kept for an order.
type Reserved struct {
	Head
	OrderID  OrderID `json:"order_id"`
	Quantity int64   `json:"quantity"`
}

// Released: units are no longer kept for an order.
type Released struct {
	Head
	OrderID  OrderID       `json:"order_id"`
	Quantity int64         `json:"quantity"`
	Reason   ReleaseReason `json:"reason"`
}

// Shipped: units kept for an order left.
type Shipped struct {
	Head
	OrderID    OrderID    `json:"order_id"`
	ShipmentID ShipmentID `json:"shipment_id"`
	Quantity   int64      `json:"quantity"`
}

// Adjusted: the count was corrected by Delta.
type Adjusted struct {
	Head
	MovementID MovementID   `json:"movement_id"`
	Delta      int64        `json:"delta"`
	Reason     AdjustReason `json:"reason_code"`
	Note       string       `json:"note,omitempty"`
}

func (Received) event() {}
func (Reserved) event() {}
func (Released) event() {}
func (Shipped) event()  {}
func (Adjusted) event() {}
