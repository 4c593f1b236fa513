package stock

// MaxQuantity is the most that one receipt or correction may move; OnHand may
// not exceed it either.
const MaxQuantity = 1_000_000_000

// Decide turns a command into the one event it leads to, or refuses it.
func Decide(c Command, s State) ([]Event, error) {
	switch c := c.(type) {
	case Receive:
		return decideReceive(c, s)
	case Restock:
		return decideRestock(c, s)
	case Adjust:
		return decideAdjust(c, s)
	case Reserve:
		return decideReserve(c, s)
	case Release:
		return decideRelease(c, s)
	case Ship:
		return decideShip(c, s)
	}
	panic("stock: unknown command")
}

func decideReceive(c Receive, s State) ([]Event, error) {
	if !inRange(c.Quantity) || s.OnHand+c.Quantity > MaxQuantity {
		return nil, ErrQuantity
	}
	return []Event{Received{
		Head: Head{SKU: c.SKU, OnHand: s.OnHand + c.Quantity, Reserved: s.Reserved, OccurredAt: c.At}, Quantity: c.Quantity,
		Source: Purchase, Reference: c.Reference, MovementID: c.MovementID,
	}}, nil
}

// decideRestock does not look at the ceiling: what an order brings back was on
// hand before.
func decideRestock(c Restock, s State) ([]Event, error) {
	if !inRange(c.Quantity) {
		return nil, ErrQuantity
	}
	return []Event{Received{
		Head: Head{SKU: c.SKU, OnHand: s.OnHand + c.Quantity, Reserved: s.Reserved, OccurredAt: c.At}, Quantity: c.Quantity,
		Source: Return, Reference: c.Reference, OrderID: c.OrderID,
	}}, nil
}

func decideAdjust(c Adjust, s State) ([]Event, error) {
	switch c.Reason {
	case Count, Damage, Loss, Found:
	default:
		return nil, ErrReason
	}
	if c.Delta == 0 || c.Delta < -MaxQuantity || c.Delta > MaxQuantity || s.OnHand+c.Delta > MaxQuantity {
		return nil, ErrQuantity
	}
	if s.OnHand+c.Delta < 0 {
		return nil, ErrBelowZero
	}
	return []Event{Adjusted{
		Head:       Head{SKU: c.SKU, OnHand: s.OnHand + c.Delta, Reserved: s.Reserved, OccurredAt: c.At},
		MovementID: c.MovementID, Delta: c.Delta, Reason: c.Reason, Note: c.Note,
	}}, nil
}

func decideReserve(c Reserve, s State) ([]Event, error) {
	switch {
	case !inRange(c.Quantity):
		return nil, ErrQuantity
	case s.Kept(c.OrderID) > 0:
		return nil, ErrAlreadyReserved
	case s.Available() < c.Quantity:
		return nil, &InsufficientError{SKU: c.SKU, Requested: c.Quantity, Available: max(s.Available(), 0)}
	}
	return []Event{Reserved{
		Head:    Head{SKU: c.SKU, OnHand: s.OnHand, Reserved: s.Reserved + c.Quantity, OccurredAt: c.At},
		OrderID: c.OrderID, Quantity: c.Quantity,
	}}, nil
}

func decideRelease(c Release, s State) ([]Event, error) {
	switch {
	case !inRange(c.Quantity):
		return nil, ErrQuantity
	case s.Kept(c.OrderID) < c.Quantity:
		return nil, ErrNotReserved
	}
	return []Event{Released{
		Head:    Head{SKU: c.SKU, OnHand: s.OnHand, Reserved: s.Reserved - c.Quantity, OccurredAt: c.At},
		OrderID: c.OrderID, Quantity: c.Quantity, Reason: c.Reason,
	}}, nil
}

func decideShip(c Ship, s State) ([]Event, error) {
	covered := s.Covered(c.OrderID)
	switch {
	case !inRange(c.Quantity):
		return nil, ErrQuantity
	case s.Kept(c.OrderID) < c.Quantity:
		return nil, ErrNotReserved
	case covered < c.Quantity:
		return nil, &InsufficientError{SKU: c.SKU, Requested: c.Quantity, Available: covered}
	}
	return []Event{Shipped{
		Head:    Head{SKU: c.SKU, OnHand: s.OnHand - c.Quantity, Reserved: s.Reserved - c.Quantity, OccurredAt: c.At},
		OrderID: c.OrderID, ShipmentID: c.ShipmentID, Quantity: c.Quantity,
	}}, nil
}

func inRange(quantity int64) bool { return quantity >= 1 && quantity <= MaxQuantity }
