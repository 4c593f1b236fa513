package stock

// State is the stock of one SKU after a fold. The zero value has nothing. Its
// JSON is what snapshots hold: a change of shape needs another SnapshotSchema
// in app.
type State struct {
	OnHand   int64         `json:"on_hand"`
	Reserved int64         `json:"reserved"`
	Open     []Reservation `json:"open,omitempty"` // in the order they were made
}

// Reservation is what is still kept for one order.
type Reservation struct {
	OrderID  OrderID `json:"order_id"`
	Quantity int64   `json:"quantity"`
}

// Initial is the stock of a SKU of which nothing is known.
func Initial() State { return State{} }

// Available is what can be reserved: below 0 only after a correction.
func (s State) Available() int64 { return s.OnHand - s.Reserved }

// Kept is what is reserved for the order and has neither shipped nor been
// released.
func (s State) Kept(o OrderID) int64 {
	for _, r := range s.Open {
		if r.OrderID == o {
			return r.Quantity
		}
	}
	return 0
}

// Covered is how many of the units kept for the order are on hand. What is on
// hand covers the reservations in the order they were made.
func (s State) Covered(o OrderID) int64 {
	left := s.OnHand
	for _, r := range s.Open {
		if r.OrderID == o {
			return min(r.Quantity, max(left, 0))
		}
		left -= r.Quantity
	}
	return 0
}

// Uncovered lists the reservations that what is on hand does not cover, each
// with its missing units, in the order they were made.
func (s State) Uncovered() []Reservation {
	var short []Reservation
	left := s.OnHand
	for _, r := range s.Open {
		if missing := r.Quantity - min(r.Quantity, max(left, 0)); missing > 0 {
			short = append(short, Reservation{OrderID: r.OrderID, Quantity: missing})
		}
		left -= r.Quantity
	}
	return short
}
