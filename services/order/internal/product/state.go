package product

import (
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// State is a product after a fold. The zero value is not listed.
type State struct {
	SKU          SKU
	Name         string
	Listed       bool
	Discontinued bool
	Taxes        []Tax   // by ValidFrom, ascending
	Prices       []Price // of each currency by ValidFrom, ascending
}

// Tax is how a product is taxed from ValidFrom on.
type Tax struct {
	RateBP    int // basis points
	Included  bool
	ValidFrom time.Time
}

// Price is what a unit costs from ValidFrom on.
type Price struct {
	ID        PriceID
	Currency  money.Currency
	Amount    money.Amount
	ValidFrom time.Time
	Reason    PriceReason
	Note      string
	SetAt     time.Time
}

// Initial is a product that is not listed.
func Initial() State { return State{} }

// TaxAt is the tax in force at t; before the first one, the first one.
func (s State) TaxAt(t time.Time) Tax {
	in := Tax{}
	for i, tax := range s.Taxes {
		if i == 0 || !tax.ValidFrom.After(t) {
			in = tax
		}
	}
	return in
}

// PriceAt is the price in force at t; false if there is none in the currency.
func (s State) PriceAt(c money.Currency, t time.Time) (Price, bool) {
	var in Price
	found := false
	for _, p := range s.Prices {
		if p.Currency == c && !p.ValidFrom.After(t) {
			in, found = p, true
		}
	}
	return in, found
}

// PriceList is every price of a currency, oldest first, those ahead included.
func (s State) PriceList(c money.Currency) []Price {
	var list []Price
	for _, p := range s.Prices {
		if p.Currency == c {
			list = append(list, p)
		}
	}
	return list
}

// Currencies are those the product has a price in, in alphabetical order.
func (s State) Currencies() []money.Currency {
	var all []money.Currency
	for _, p := range s.Prices {
		if !slices.Contains(all, p.Currency) {
			all = append(all, p.Currency)
		}
	}
	slices.Sort(all)
	return all
}

// Before is the price that p took over from; false for the first one.
func (s State) Before(p Price) (Price, bool) {
	return s.PriceAt(p.Currency, p.ValidFrom.Add(-1))
}

// lowestWindow is how far back the lowest price of a reduction is looked for.
const lowestWindow = 30 * 24 * time.Hour

// Lowest30d is the lowest price in force during the 30 × 24 h before p took
// effect; false if there was none.
func (s State) Lowest30d(p Price) (money.Amount, bool) {
	var lowest money.Amount
	found := false
	list := s.PriceList(p.Currency)
	for i, k := range list {
		if !k.ValidFrom.Before(p.ValidFrom) {
			break
		}
		ended := i+1 < len(list) && !list[i+1].ValidFrom.After(p.ValidFrom.Add(-lowestWindow))
		if !ended && (!found || k.Amount < lowest) {
			lowest, found = k.Amount, true
		}
	}
	return lowest, found
}
