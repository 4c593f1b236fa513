package view

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	"github.com/kontor-dev/kontor/internal/money"
)

// Product is a product as it is sold at a moment.
type Product struct {
	SKU          string  `json:"sku"`
	Name         string  `json:"name"`
	Version      int64   `json:"version"`
	TaxRateBP    int     `json:"tax_rate_bp" doc:"Basis points"`
	TaxIncluded  bool    `json:"tax_included"`
	Discontinued bool    `json:"discontinued"`
	Prices       []Price `json:"prices" doc:"In force now, one per currency"`
}

// Price is what a unit costs.
type Price struct {
	Currency  money.Currency `json:"currency"`
	Amount    money.Money    `json:"amount"`
	ValidFrom time.Time      `json:"valid_from"`
	Lowest30d *money.Money   `json:"lowest_30d,omitempty" doc:"Lowest price in force in the 30 days before this one"`
}

// ProductState is what is kept of a product: everything ever set, as prices and taxes may be set ahead.
type ProductState struct {
	SKU          string     `json:"sku"`
	Name         string     `json:"name"`
	Version      int64      `json:"version"`
	Discontinued bool       `json:"discontinued"`
	Taxes        []TaxSet   `json:"taxes"`  // by ValidFrom
	Prices       []PriceSet `json:"prices"` // by currency, then ValidFrom
	UpdatedAt    time.Time  `json:"updated_at"`
}

// TaxSet is how a product is taxed from a moment on.
type TaxSet struct {
	RateBP    int       `json:"rate_bp"`
	Included  bool      `json:"included"`
	ValidFrom time.Time `json:"valid_from"`
}

// PriceSet is what a unit costs from a moment on.
type PriceSet struct {
	Currency  money.Currency `json:"currency"`
	Amount    money.Amount   `json:"amount"`
	ValidFrom time.Time      `json:"valid_from"`
}

// Stock is how much of a product there is.
type Stock struct {
	SKU       string `json:"sku"`
	OnHand    int64  `json:"on_hand"`
	Reserved  int64  `json:"reserved"`
	Available int64  `json:"available" doc:"on_hand - reserved; below 0 only after a correction"`
	Version   int64  `json:"version"`
}

// ApplyProduct returns the product after one event of its stream.
func ApplyProduct(s ProductState, e CatalogEvent) (ProductState, error) {
	if s.SKU != "" && s.SKU != e.Head.SKU {
		return s, fmt.Errorf("%w: %s of another product", ErrImpossible, e.Type)
	}
	switch b := e.Body.(type) {
	case catalogv1.ProductListed:
		s.Name = b.Name
		s.Taxes = setTax(s.Taxes, TaxSet{RateBP: b.TaxRateBP, Included: b.TaxIncluded, ValidFrom: b.OccurredAt})
		if s.Prices == nil {
			s.Prices = []PriceSet{}
		}
	case catalogv1.ProductPriceChanged:
		s.Prices = setPrice(s.Prices, PriceSet{Currency: money.Currency(b.Currency), Amount: money.Amount(b.Amount), ValidFrom: b.ValidFrom})
	case catalogv1.ProductRenamed:
		s.Name = b.Name
	case catalogv1.ProductTaxChanged:
		s.Taxes = setTax(s.Taxes, TaxSet{RateBP: b.TaxRateBP, Included: b.TaxIncluded, ValidFrom: b.ValidFrom})
	case catalogv1.ProductDiscontinued:
		s.Discontinued = true
	default:
		return s, fmt.Errorf("%w: %s is not of a product", ErrImpossible, e.Type)
	}
	s.SKU, s.Version, s.UpdatedAt = e.Head.SKU, e.Head.Version, e.Head.OccurredAt
	return s, nil
}

// ApplyStock returns the stock after one event of its stream. The event says what is there after it.
func ApplyStock(s Stock, e CatalogEvent) (Stock, error) {
	if s.SKU != "" && s.SKU != e.Head.SKU {
		return s, fmt.Errorf("%w: %s of another product", ErrImpossible, e.Type)
	}
	var level catalogv1.Level
	switch b := e.Body.(type) {
	case catalogv1.StockReceived:
		level = b.Level
	case catalogv1.StockReserved:
		level = b.Level
	case catalogv1.StockReleased:
		level = b.Level
	case catalogv1.StockShipped:
		level = b.Level
	case catalogv1.StockAdjusted:
		level = b.Level
	default:
		return s, fmt.Errorf("%w: %s is not of stock", ErrImpossible, e.Type)
	}
	return Stock{
		SKU: e.Head.SKU, OnHand: level.OnHand, Reserved: level.Reserved, Available: level.OnHand - level.Reserved, Version: e.Head.Version,
	}, nil
}

// IsStock says whether an event of catalog.v1 is of a stock stream, else it is of a product stream.
func IsStock(typ string) bool {
	switch typ {
	case catalogv1.TypeStockReceived, catalogv1.TypeStockReserved, catalogv1.TypeStockReleased, catalogv1.TypeStockShipped, catalogv1.TypeStockAdjusted:
		return true
	}
	return false
}

func setTax(list []TaxSet, t TaxSet) []TaxSet {
	list = slices.DeleteFunc(slices.Clone(list), func(x TaxSet) bool { return x.ValidFrom.Equal(t.ValidFrom) })
	list = append(list, t)
	slices.SortStableFunc(list, func(x, y TaxSet) int { return x.ValidFrom.Compare(y.ValidFrom) })
	return list
}

func setPrice(list []PriceSet, p PriceSet) []PriceSet {
	list = slices.DeleteFunc(slices.Clone(list), func(x PriceSet) bool {
		return x.Currency == p.Currency && x.ValidFrom.Equal(p.ValidFrom)
	})
	list = append(list, p)
	slices.SortStableFunc(list, func(x, y PriceSet) int {
		return cmp.Or(cmp.Compare(x.Currency, y.Currency), x.ValidFrom.Compare(y.ValidFrom))
	})
	return list
}
