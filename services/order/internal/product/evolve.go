package product

import "slices"

// Evolve folds one event. It does not change s.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Listed:
		s.SKU, s.Name, s.Listed = e.SKU, e.Name, true
		s.Taxes = []Tax{{RateBP: e.TaxRateBP, Included: e.TaxIncluded, ValidFrom: e.OccurredAt}}
	case Renamed:
		s.Name = e.Name
	case PriceChanged:
		s.Prices = withPrice(s.Prices, Price{
			ID: e.PriceID, Currency: e.Currency, Amount: e.Amount, ValidFrom: e.ValidFrom, Reason: e.Reason, Note: e.Note, SetAt: e.OccurredAt,
		})
	case TaxChanged:
		tax := Tax{RateBP: e.TaxRateBP, Included: e.TaxIncluded, ValidFrom: e.ValidFrom}
		kept := slices.DeleteFunc(slices.Clone(s.Taxes), func(t Tax) bool { return t.ValidFrom.Equal(tax.ValidFrom) })
		s.Taxes = append(kept, tax)
	case Discontinued:
		s.Discontinued = true
	}
	return s
}

// withPrice puts p after the others; one of its currency with the same
// ValidFrom goes.
func withPrice(prices []Price, p Price) []Price {
	kept := slices.DeleteFunc(slices.Clone(prices), func(old Price) bool {
		return old.Currency == p.Currency && old.ValidFrom.Equal(p.ValidFrom)
	})
	return append(kept, p)
}
