package view

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
)

// lowestWindow is how far back the lowest price before a price is looked for.
const lowestWindow = 30 * 24 * time.Hour

// At returns the product as it is sold at t: its tax, and for each currency the price in force, if there is one yet.
func (s ProductState) At(t time.Time) Product {
	p := Product{SKU: s.SKU, Name: s.Name, Version: s.Version, Discontinued: s.Discontinued, Prices: []Price{}}
	for i, tax := range s.Taxes {
		if i == 0 || !tax.ValidFrom.After(t) {
			p.TaxRateBP, p.TaxIncluded = tax.RateBP, tax.Included
		}
	}
	for i, price := range s.Prices {
		last := i+1 == len(s.Prices) || s.Prices[i+1].Currency != price.Currency
		if price.ValidFrom.After(t) || !last && !s.Prices[i+1].ValidFrom.After(t) {
			continue // ahead, or over
		}
		p.Prices = append(p.Prices, Price{
			Currency: price.Currency, Amount: money.Money{Amount: price.Amount, Currency: price.Currency},
			ValidFrom: price.ValidFrom, Lowest30d: s.lowestBefore(i),
		})
	}
	return p
}

// lowestBefore is the lowest price in force during the 30 × 24 h before the i-th price took effect; nil if there was none.
func (s ProductState) lowestBefore(i int) (lowest *money.Money) {
	currency, began := s.Prices[i].Currency, s.Prices[i].ValidFrom.Add(-lowestWindow)
	for k := i - 1; k >= 0 && s.Prices[k].Currency == currency; k-- {
		if !s.Prices[k+1].ValidFrom.After(began) {
			break // it had ended before the window
		}
		if lowest == nil || s.Prices[k].Amount < lowest.Amount {
			lowest = &money.Money{Amount: s.Prices[k].Amount, Currency: currency}
		}
	}
	return lowest
}
