package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

// pricesAt is what the price book says of products at one instant, in the order
// of skus: one read for all of them. Products that cannot be sold are a
// [*LineError] that names every one with the same trouble.
func (a *App) pricesAt(ctx context.Context, skus []order.SKU, in money.Currency, at time.Time) ([]order.Price, error) {
	if len(skus) == 0 {
		return nil, nil
	}
	streams := make([]string, len(skus))
	for i, sku := range skus {
		streams[i] = ids.ProductStream(string(sku))
	}
	found, err := a.prices.LoadMany(ctx, streams...)
	if err != nil {
		return nil, fmt.Errorf("look up %d prices: %w", len(skus), err)
	}
	prices := make([]order.Price, len(skus))
	var unknown, unpriced, ended []string
	for i, f := range found {
		p, priced := f.State.PriceAt(in, at)
		switch {
		case !f.State.Listed:
			unknown = append(unknown, string(skus[i]))
		case f.State.Discontinued:
			ended = append(ended, string(skus[i]))
		case !priced:
			unpriced = append(unpriced, string(skus[i]))
		}
		prices[i] = priceOf(f.State, p, at)
	}
	return prices, troubles(unknown, unpriced, ended)
}

func troubles(unknown, unpriced, ended []string) error {
	switch {
	case len(unknown) > 0:
		return &LineError{Reason: ErrUnknownSKU, SKUs: unknown}
	case len(unpriced) > 0:
		return &LineError{Reason: ErrNoPrice, SKUs: unpriced}
	case len(ended) > 0:
		return &LineError{Reason: ErrDiscontinued, SKUs: ended}
	}
	return nil
}

func priceOf(s product.State, p product.Price, at time.Time) order.Price {
	tax := s.TaxAt(at)
	return order.Price{
		SKU: order.SKU(s.SKU), Name: s.Name, UnitPrice: p.Amount, PriceID: order.PriceID(p.ID), TaxRateBP: tax.RateBP, TaxIncluded: tax.Included,
	}
}

// offers are the definitions of discount codes, in their order; a code that is
// not defined comes as withdrawn.
func (a *App) offers(ctx context.Context, codes []string) ([]order.Offer, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	streams := make([]string, len(codes))
	for i, code := range codes {
		streams[i] = ids.DiscountStream(code)
	}
	found, err := a.discounts.LoadMany(ctx, streams...)
	if err != nil {
		return nil, fmt.Errorf("look up %d discounts: %w", len(codes), err)
	}
	offers := make([]order.Offer, len(codes))
	for i, f := range found {
		d := f.State
		offers[i] = order.Offer{
			Code: codes[i], Kind: order.DiscountKind(d.Kind), Value: d.Value, Currency: d.Currency, SKU: order.SKU(d.SKU),
			ValidFrom: d.ValidFrom, ValidTo: d.ValidTo, MinTotal: d.MinTotal, Withdrawn: !d.Defined(),
		}
	}
	return offers, nil
}

// skusOf are the products of a draft, in the order of its lines.
func skusOf(s order.State) []order.SKU {
	skus := make([]order.SKU, len(s.Lines))
	for i, l := range s.Lines {
		skus[i] = l.SKU
	}
	return skus
}

// codesOf are the discount codes of a draft.
func codesOf(s order.State) []string {
	var codes []string
	for _, d := range s.Discounts {
		codes = append(codes, d.Code)
	}
	return slices.Compact(codes)
}
