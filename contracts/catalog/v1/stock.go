package catalogv1

// Level is the stock of a product after an event.
type Level struct {
	OnHand   int64 `json:"on_hand"`
	Reserved int64 `json:"reserved"`
}

// StockReceived: units came in, bought (MovementID) or back from an order
// (OrderID).
type StockReceived struct {
	Head
	Level
	Quantity   int64  `json:"quantity"`
	Source     string `json:"source" enum:"purchase,return"`
	Reference  string `json:"reference"`
	MovementID string `json:"movement_id,omitempty" format:"uuid"`
	OrderID    string `json:"order_id,omitempty" format:"uuid"`
}

// StockReserved: units are kept for an order that was placed.
type StockReserved struct {
	Head
	Level
	OrderID  string `json:"order_id" format:"uuid"`
	Quantity int64  `json:"quantity"`
}

// StockReleased: units are no longer kept for an order.
type StockReleased struct {
	Head
	Level
	OrderID  string `json:"order_id" format:"uuid"`
	Quantity int64  `json:"quantity"`
	Reason   string `json:"reason" enum:"cancelled,expired,lines_cancelled"`
}

// StockShipped: units that were kept for an order left.
type StockShipped struct {
	Head
	Level
	OrderID    string `json:"order_id" format:"uuid"`
	ShipmentID string `json:"shipment_id" format:"uuid"`
	Quantity   int64  `json:"quantity"`
}

// StockAdjusted: the count was corrected by Delta.
type StockAdjusted struct {
	Head
	Level
	MovementID string `json:"movement_id" format:"uuid"`
	Delta      int64  `json:"delta"`
	ReasonCode string `json:"reason_code" enum:"count,damage,loss,found"`
	Note       string `json:"note,omitempty"`
}
