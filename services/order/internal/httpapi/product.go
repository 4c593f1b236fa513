package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

// Product is a product as it is shown: the prices in force and those ahead.
type Product struct {
	SKU          string  `json:"sku"`
	Name         string  `json:"name"`
	Version      int64   `json:"version"`
	TaxRateBP    int     `json:"tax_rate_bp" doc:"Basis points"`
	TaxIncluded  bool    `json:"tax_included"`
	Discontinued bool    `json:"discontinued"`
	Prices       []Price `json:"prices"`
}

// Price is one entry of a price list.
type Price struct {
	PriceID   string    `json:"price_id"`
	Currency  string    `json:"currency"`
	Amount    Money     `json:"amount"`
	ValidFrom time.Time `json:"valid_from"`
	Reason    string    `json:"reason"`
	Note      string    `json:"note,omitempty"`
	Lowest30d *Money    `json:"lowest_30d,omitempty" doc:"The lowest price in force during the 30 days before this one took effect"`
	Previous  *Money    `json:"previous,omitempty" doc:"The price that this one took over from"`
}

type productOutput struct {
	Status int
	Head
	Body Product
}

type productInput struct {
	SKU string `path:"sku" maxLength:"64"`
	webapi.KeyedOptional
	webapi.IfMatch
	Body struct {
		Name        string `json:"name" minLength:"1" maxLength:"120"`
		TaxRateBP   int    `json:"tax_rate_bp" minimum:"0" maximum:"10000" doc:"Basis points"`
		TaxIncluded bool   `json:"tax_included"`
	}
}

func (s *server) putProduct(ctx context.Context, in *productInput) (*productOutput, error) {
	sku, err := parseSKU(in.SKU, "path.sku")
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return productAnswer(s.app.ListProduct(ctx, a, product.List{
		SKU: product.SKU(sku), Name: text(in.Body.Name), TaxRateBP: in.Body.TaxRateBP, TaxIncluded: in.Body.TaxIncluded,
	}))
}

type priceInput struct {
	SKU string `path:"sku" maxLength:"64"`
	webapi.KeyedOptional
	webapi.IfMatchRequired
	Body struct {
		Price     Money      `json:"price"`
		Reason    string     `json:"reason" enum:"initial,regular,promotion,promotion_ended,correction"`
		ValidFrom *time.Time `json:"valid_from,omitempty" doc:"Default: now"`
		Note      string     `json:"note,omitempty" maxLength:"500"`
	}
}

func (s *server) putPrice(ctx context.Context, in *priceInput) (*productOutput, error) {
	sku, err := parseSKU(in.SKU, "path.sku")
	if err != nil {
		return nil, err
	}
	currency, err := parseCurrency(in.Body.Price.Currency, "body.price.currency")
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	amount, err := amountOf(in.Body.Price.Amount, "body.price.amount")
	if err != nil {
		return nil, err
	}
	return productAnswer(s.app.ChangePrice(ctx, a, app.Price{
		SKU: product.SKU(sku), Currency: currency, Amount: amount, ValidFrom: timeOr(in.Body.ValidFrom),
		Reason: product.PriceReason(in.Body.Reason), Note: text(in.Body.Note),
	}))
}

type taxInput struct {
	SKU string `path:"sku" maxLength:"64"`
	webapi.KeyedOptional
	webapi.IfMatch
	Body struct {
		TaxRateBP   int        `json:"tax_rate_bp" minimum:"0" maximum:"10000" doc:"Basis points"`
		TaxIncluded bool       `json:"tax_included"`
		ValidFrom   *time.Time `json:"valid_from,omitempty" doc:"Default: now"`
	}
}

func (s *server) putTax(ctx context.Context, in *taxInput) (*productOutput, error) {
	sku, err := parseSKU(in.SKU, "path.sku")
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return productAnswer(s.app.ChangeTax(ctx, a, product.SKU(sku), product.ChangeTax{
		TaxRateBP: in.Body.TaxRateBP, TaxIncluded: in.Body.TaxIncluded, ValidFrom: timeOr(in.Body.ValidFrom),
	}))
}

type discontinueInput struct {
	SKU string `path:"sku" maxLength:"64"`
	webapi.Keyed
	webapi.IfMatch
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
}

func (s *server) discontinue(ctx context.Context, in *discontinueInput) (*productOutput, error) {
	sku, err := parseSKU(in.SKU, "path.sku")
	if err != nil {
		return nil, err
	}
	reason := ""
	if in.Body != nil {
		reason = text(in.Body.Reason)
	}
	a, err := ask(ctx, in, in.Version(), struct {
		Reason string `json:"reason,omitempty"`
	}{reason})
	if err != nil {
		return nil, err
	}
	return productAnswer(s.app.Discontinue(ctx, a, product.SKU(sku), reason))
}

type productReadInput struct {
	SKU         string `path:"sku" maxLength:"64"`
	IfNoneMatch string `header:"If-None-Match"`
}

func (s *server) getProduct(ctx context.Context, in *productReadInput) (*productOutput, error) {
	sku, err := parseSKU(in.SKU, "path.sku")
	if err != nil {
		return nil, err
	}
	res, err := s.app.Product(ctx, product.SKU(sku))
	out, err := productAnswer(res, err)
	if err != nil {
		return nil, err
	}
	out.Caching = webapi.ReadCaching
	return out, nil
}

type pricesInput struct {
	SKU      string    `path:"sku" maxLength:"64"`
	Currency string    `query:"currency"`
	From     time.Time `query:"from" doc:"Prices in force at or after this moment"`
	To       time.Time `query:"to" doc:"Prices that begin before this moment"`
}

// Prices is a price history, oldest first in each currency.
type Prices struct {
	Items []Price `json:"items"`
}

type pricesOutput struct {
	Status int
	Head
	Body Prices
}

func (s *server) getPrices(ctx context.Context, in *pricesInput) (*pricesOutput, error) {
	sku, err := parseSKU(in.SKU, "path.sku")
	if err != nil {
		return nil, err
	}
	if !in.To.IsZero() && in.From.After(in.To) {
		return nil, problem.At(problem.BadRequest, "query.from", "expected a moment before to")
	}
	res, err := s.app.Product(ctx, product.SKU(sku))
	if err != nil {
		return nil, err
	}
	out := &pricesOutput{Status: http.StatusOK, Head: Head{ETag: webapi.ETag(res.Version), Caching: webapi.ReadCaching}, Body: Prices{Items: []Price{}}}
	for _, c := range res.State.Currencies() {
		if in.Currency != "" && in.Currency != string(c) {
			continue
		}
		list := res.State.PriceList(c)
		for i, p := range list {
			ended := i+1 < len(list) && !list[i+1].ValidFrom.After(in.From)
			if !ended && (in.To.IsZero() || p.ValidFrom.Before(in.To)) {
				out.Body.Items = append(out.Body.Items, priceOf(res.State, p))
			}
		}
	}
	return out, nil
}

func productAnswer(res app.ProductResult, err error) (*productOutput, error) {
	if err != nil {
		return nil, err
	}
	s := res.State
	tax := s.TaxAt(res.AsOf)
	out := &productOutput{
		Status: http.StatusOK,
		Head:   Head{ETag: webapi.ETag(res.Version), Replayed: replayed(res.Repeated)},
		Body: Product{
			SKU: string(s.SKU), Name: s.Name, Version: res.Version, TaxRateBP: tax.RateBP, TaxIncluded: tax.Included,
			Discontinued: s.Discontinued, Prices: []Price{},
		},
	}
	if res.Created {
		out.Status = http.StatusCreated
		out.Location = "/v1/products/" + string(s.SKU)
	}
	for _, c := range s.Currencies() {
		list := s.PriceList(c)
		for i, p := range list {
			if over := i+1 < len(list) && !list[i+1].ValidFrom.After(res.AsOf); !over {
				out.Body.Prices = append(out.Body.Prices, priceOf(s, p))
			}
		}
	}
	return out, nil
}

func priceOf(s product.State, p product.Price) Price {
	out := Price{
		PriceID: string(p.ID), Currency: string(p.Currency), Amount: moneyOf(p.Amount, p.Currency), ValidFrom: p.ValidFrom,
		Reason: string(p.Reason), Note: p.Note,
	}
	if lowest, ok := s.Lowest30d(p); ok {
		m := moneyOf(lowest, p.Currency)
		out.Lowest30d = &m
	}
	if before, ok := s.Before(p); ok {
		m := moneyOf(before.Amount, p.Currency)
		out.Previous = &m
	}
	return out
}

// timeOr is the time, or the zero one, in UTC.
func timeOr(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
