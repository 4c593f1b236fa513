package product

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
)

const (
	maxName    = 120
	maxTaxRate = 10_000
)

// Decide turns a command into the event it leads to, none if nothing changes,
// or refuses it.
func Decide(c Command, s State) ([]Event, error) {
	switch c := c.(type) {
	case List:
		return decideList(c, s)
	case ChangePrice:
		return decidePrice(c, s)
	case ChangeTax:
		return decideTax(c, s)
	case Discontinue:
		return decideDiscontinue(c, s)
	}
	panic("product: unknown command")
}

func decideList(c List, s State) ([]Event, error) {
	switch {
	case strings.TrimSpace(c.Name) == "" || utf8.RuneCountInString(c.Name) > maxName:
		return nil, ErrName
	case c.TaxRateBP < 0 || c.TaxRateBP > maxTaxRate:
		return nil, ErrTaxRate
	case !s.Listed:
		return []Event{Listed{SKU: c.SKU, Name: c.Name, TaxRateBP: c.TaxRateBP, TaxIncluded: c.TaxIncluded, OccurredAt: c.At}}, nil
	case s.Discontinued:
		return nil, ErrDiscontinued
	}
	if tax := s.TaxAt(c.At); tax.RateBP != c.TaxRateBP || tax.Included != c.TaxIncluded {
		return nil, ErrUseTaxChange
	}
	if c.Name == s.Name {
		return nil, nil
	}
	return []Event{Renamed{SKU: s.SKU, Name: c.Name, OccurredAt: c.At}}, nil
}

func decidePrice(c ChangePrice, s State) ([]Event, error) {
	if err := s.sold(); err != nil {
		return nil, err
	}
	switch c.Reason {
	case InitialPrice, Regular, Promotion, PromotionEnded, Correction:
	default:
		return nil, ErrReason
	}
	if c.Amount < 0 || c.Amount > money.Max {
		return nil, ErrAmount
	}
	if _, known := c.Currency.Decimals(); !known {
		return nil, ErrCurrency
	}
	var last time.Time
	list := s.PriceList(c.Currency)
	if len(list) > 0 {
		last = list[len(list)-1].ValidFrom
	}
	from, err := validFrom(c.ValidFrom, c.At, last)
	if err != nil {
		return nil, err
	}
	return []Event{PriceChanged{
		PriceID: PriceID(ids.Price(string(s.SKU), string(c.Currency), c.CommandID)), SKU: s.SKU, Currency: c.Currency,
		Amount: c.Amount, ValidFrom: from, Reason: c.Reason, Note: c.Note, OccurredAt: c.At,
	}}, nil
}

func decideTax(c ChangeTax, s State) ([]Event, error) {
	if err := s.sold(); err != nil {
		return nil, err
	}
	if c.TaxRateBP < 0 || c.TaxRateBP > maxTaxRate {
		return nil, ErrTaxRate
	}
	last := s.Taxes[len(s.Taxes)-1]
	if last.RateBP == c.TaxRateBP && last.Included == c.TaxIncluded && !last.ValidFrom.After(c.At) {
		return nil, nil // it is taxed like this already, and nothing else is ahead
	}
	from, err := validFrom(c.ValidFrom, c.At, last.ValidFrom)
	if err != nil {
		return nil, err
	}
	return []Event{TaxChanged{
		SKU: s.SKU, TaxRateBP: c.TaxRateBP, TaxIncluded: c.TaxIncluded, ValidFrom: from, OccurredAt: c.At,
	}}, nil
}

func decideDiscontinue(c Discontinue, s State) ([]Event, error) {
	if !s.Listed {
		return nil, ErrNotListed
	}
	if s.Discontinued {
		return nil, nil
	}
	return []Event{Discontinued{SKU: s.SKU, Reason: c.Reason, OccurredAt: c.At}}, nil
}

// sold refuses what only a product on sale can take.
func (s State) sold() error {
	switch {
	case !s.Listed:
		return ErrNotListed
	case s.Discontinued:
		return ErrDiscontinued
	}
	return nil
}

// validFrom is when a new entry begins: asked, or at. It is neither before at
// nor before the last entry of its list.
func validFrom(asked, at, last time.Time) (time.Time, error) {
	if asked.IsZero() {
		asked = at
	}
	asked = asked.UTC().Truncate(time.Microsecond)
	if asked.Before(at) || asked.Before(last) {
		return time.Time{}, ErrValidFromInPast
	}
	return asked, nil
}
