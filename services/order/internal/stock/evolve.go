package stock

import "slices"

// Evolve folds one event. It does not change s.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Received:
		s.OnHand += e.Quantity
	case Adjusted:
		s.OnHand += e.Delta
	case Reserved:
		s.Reserved += e.Quantity
		s.Open = append(slices.Clip(s.Open), Reservation{OrderID: e.OrderID, Quantity: e.Quantity})
	case Released:
		s.Reserved -= e.Quantity
		s.Open = without(s.Open, e.OrderID, e.Quantity)
	case Shipped:
		s.OnHand -= e.Quantity
		s.Reserved -= e.Quantity
		s.Open = without(s.Open, e.OrderID, e.Quantity)
	}
	return s
}

// without is open with fewer units for one order; a reservation that is used up
// is gone.
func without(open []Reservation, o OrderID, quantity int64) []Reservation {
	rest := make([]Reservation, 0, len(open))
	for _, r := range open {
		if r.OrderID == o {
			if r.Quantity -= quantity; r.Quantity <= 0 {
				continue
			}
		}
		rest = append(rest, r)
	}
	if len(rest) == 0 {
		return nil
	}
	return rest
}
