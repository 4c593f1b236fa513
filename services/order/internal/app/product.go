package app

import (
	"context"
	"errors"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

// ProductResult is a product at the version a command reached, and the instant
// it is shown for.
type ProductResult struct {
	es.Result[product.Event, product.State]
	AsOf    time.Time // the instant of the command, or of the read
	Created bool      // the command listed it
}

// ListProduct puts a product into the price book, or gives a listed one a name.
func (a *App) ListProduct(ctx context.Context, ask Ask, c product.List) (ProductResult, error) {
	c.At = a.now()
	return a.onProduct(ctx, ask, c.SKU, c, c.At)
}

// Price is a price to be set.
type Price struct {
	SKU       product.SKU
	Currency  money.Currency
	Amount    money.Amount
	ValidFrom time.Time // zero: now
	Reason    product.PriceReason
	Note      string
}

// ChangePrice sets what a product costs from an instant on.
func (a *App) ChangePrice(ctx context.Context, ask Ask, p Price) (ProductResult, error) {
	if ask.CommandID == "" { // the id of the price is made from it
		ask.CommandID = es.NewID()
	}
	at := a.now()
	return a.onProduct(ctx, ask, p.SKU, product.ChangePrice{
		CommandID: ask.CommandID, Currency: p.Currency, Amount: p.Amount, ValidFrom: p.ValidFrom, Reason: p.Reason, Note: p.Note, At: at,
	}, at)
}

// ChangeTax sets how a product is taxed from an instant on.
func (a *App) ChangeTax(ctx context.Context, ask Ask, sku product.SKU, c product.ChangeTax) (ProductResult, error) {
	c.At = a.now()
	return a.onProduct(ctx, ask, sku, c, c.At)
}

// Discontinue ends the sale of a product.
func (a *App) Discontinue(ctx context.Context, ask Ask, sku product.SKU, reason string) (ProductResult, error) {
	at := a.now()
	return a.onProduct(ctx, ask, sku, product.Discontinue{Reason: reason, At: at}, at)
}

func (a *App) onProduct(ctx context.Context, ask Ask, sku product.SKU, c product.Command, at time.Time) (ProductResult, error) {
	if err := ask.may(auth.Admin); err != nil {
		return ProductResult{}, err
	}
	res, err := a.products.Handle(ctx, ask.call(ids.ProductStream(string(sku))), c)
	var conflict *es.ConflictError
	switch _, lists := c.(product.List); {
	case errors.As(err, &conflict) && conflict.Asked && conflict.Actual == 0 && !lists:
		return ProductResult{}, ErrNotFound // whatever version was asked for
	case err != nil:
		return ProductResult{}, err
	}
	out := ProductResult{Result: res, AsOf: at}
	for _, e := range res.Events {
		if first, ok := e.(product.Listed); ok {
			out.Created, out.AsOf = true, first.OccurredAt
		}
		if res.Repeated {
			out.AsOf = occurredAt(e)
		}
	}
	return out, nil
}

func occurredAt(e product.Event) time.Time {
	switch e := e.(type) {
	case product.Listed:
		return e.OccurredAt
	case product.PriceChanged:
		return e.OccurredAt
	case product.Renamed:
		return e.OccurredAt
	case product.TaxChanged:
		return e.OccurredAt
	case product.Discontinued:
		return e.OccurredAt
	}
	return time.Time{}
}

// Product is a listed product as it is now.
func (a *App) Product(ctx context.Context, sku product.SKU) (ProductResult, error) {
	res, err := a.prices.Load(ctx, ids.ProductStream(string(sku)))
	if err != nil {
		return ProductResult{}, err
	}
	if !res.State.Listed {
		return ProductResult{}, ErrNotFound
	}
	return ProductResult{Result: res, AsOf: a.now()}, nil
}
