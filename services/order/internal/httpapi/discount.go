package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

// Discount is what a code is worth, and when.
type Discount struct {
	Code      string     `json:"code"`
	Kind      string     `json:"kind"`
	Value     int64      `json:"value,omitempty" doc:"Basis points of a percentage"`
	Amount    *Money     `json:"amount,omitempty"`
	SKU       string     `json:"sku,omitempty"`
	ValidFrom time.Time  `json:"valid_from"`
	ValidTo   *time.Time `json:"valid_to,omitempty"`
	MinTotal  *Money     `json:"min_total,omitempty"`
	Withdrawn bool       `json:"withdrawn"`
	Version   int64      `json:"version"`
}

type discountOutput struct {
	Status int
	Head
	Body Discount
}

type discountInput struct {
	Code string `path:"code" maxLength:"64"`
	webapi.KeyedOptional
	webapi.IfMatch
	Body struct {
		Kind      string     `json:"kind" enum:"amount,percent"`
		Value     int64      `json:"value,omitempty" minimum:"1" maximum:"10000" doc:"Basis points, of a percentage"`
		Amount    *Money     `json:"amount,omitempty" doc:"Of an amount"`
		SKU       string     `json:"sku,omitempty" doc:"For this product's line only" maxLength:"64"`
		ValidFrom *time.Time `json:"valid_from,omitempty" doc:"Default: now"`
		ValidTo   *time.Time `json:"valid_to,omitempty" doc:"Default: never"`
		MinTotal  *Money     `json:"min_total,omitempty" doc:"Of the lines, before discounts and without shipping"`
	}
}

func (s *server) putDiscount(ctx context.Context, in *discountInput) (*discountOutput, error) {
	code, err := parseCode(in.Code, "path.code")
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	c, err := in.define(code)
	if err != nil {
		return nil, err
	}
	return discountAnswer(s.app.DefineDiscount(ctx, a, c))
}

// define is the command of the body: amount or value as the kind says, and one
// currency in it.
func (in *discountInput) define(code string) (product.Define, error) {
	b := in.Body
	c := product.Define{
		Code: code, Kind: product.DiscountKind(b.Kind), Value: b.Value, ValidFrom: timeOr(b.ValidFrom), ValidTo: timeOr(b.ValidTo),
	}
	if (c.Kind == product.AmountOff) != (b.Amount != nil) || (c.Kind == product.PercentOff) != (b.Value != 0) {
		return c, problem.At(problem.ValidationFailed, "body.kind", "expected an amount or a value, as the kind says")
	}
	for location, m := range map[string]*Money{"body.amount": b.Amount, "body.min_total": b.MinTotal} {
		if m == nil {
			continue
		}
		currency, err := parseCurrency(m.Currency, location+".currency")
		if err != nil {
			return c, err
		}
		if c.Currency != "" && c.Currency != currency {
			return c, problem.At(problem.ValidationFailed, "body.min_total.currency", "expected the currency of the amount")
		}
		c.Currency = currency
	}
	if b.Amount != nil {
		c.Value = b.Amount.Amount
	}
	if b.MinTotal != nil {
		c.MinTotal = money.Amount(b.MinTotal.Amount)
	}
	if b.SKU != "" {
		sku, err := parseSKU(b.SKU, "body.sku")
		if err != nil {
			return c, err
		}
		c.SKU = product.SKU(sku)
	}
	return c, nil
}

type discountReadInput struct {
	Code        string `path:"code" maxLength:"64"`
	IfNoneMatch string `header:"If-None-Match"`
}

func (s *server) getDiscount(ctx context.Context, in *discountReadInput) (*discountOutput, error) {
	code, err := parseCode(in.Code, "path.code")
	if err != nil {
		return nil, err
	}
	res, err := s.app.Discount(ctx, auth.From(ctx), code)
	if err != nil {
		return nil, err
	}
	if err := unchanged(in.IfNoneMatch, res.Version); err != nil {
		return nil, err
	}
	out, err := discountAnswer(res, nil)
	out.Caching = webapi.ReadCaching
	return out, err
}

type withdrawInput struct {
	Code string `path:"code" maxLength:"64"`
	webapi.KeyedOptional
	webapi.IfMatch
}

func (s *server) deleteDiscount(ctx context.Context, in *withdrawInput) (*discountOutput, error) {
	code, err := parseCode(in.Code, "path.code")
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), nil)
	if err != nil {
		return nil, err
	}
	return discountAnswer(s.app.WithdrawDiscount(ctx, a, code))
}

func discountAnswer(res app.DiscountResult, err error) (*discountOutput, error) {
	if err != nil {
		return nil, err
	}
	d := res.State
	out := &discountOutput{
		Status: http.StatusOK,
		Head:   Head{ETag: webapi.ETag(res.Version), Replayed: replayed(res.Repeated)},
		Body: Discount{
			Code: d.Code, Kind: string(d.Kind), SKU: string(d.SKU), ValidFrom: d.ValidFrom, ValidTo: timePtr(d.ValidTo),
			Withdrawn: d.Withdrawn, Version: res.Version,
		},
	}
	if len(res.Events) > 0 && res.Version == 1 {
		out.Status = http.StatusCreated
		out.Location = "/v1/discounts/" + d.Code
	}
	if d.Kind == product.AmountOff {
		m := Money{Amount: d.Value, Currency: string(d.Currency)}
		out.Body.Amount = &m
	} else {
		out.Body.Value = d.Value
	}
	if d.MinTotal > 0 {
		m := moneyOf(d.MinTotal, d.Currency)
		out.Body.MinTotal = &m
	}
	return out, nil
}
