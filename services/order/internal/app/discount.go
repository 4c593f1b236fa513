package app

import (
	"context"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

// DiscountResult is a discount at the version a command reached.
type DiscountResult = es.Result[product.DiscountEvent, product.Discount]

// DefineDiscount says what a code is worth and when.
func (a *App) DefineDiscount(ctx context.Context, ask Ask, c product.Define) (DiscountResult, error) {
	if err := ask.may(auth.Admin); err != nil {
		return DiscountResult{}, err
	}
	c.At = a.now()
	return a.discounts.Handle(ctx, ask.call(ids.DiscountStream(c.Code)), c)
}

// WithdrawDiscount ends a discount.
func (a *App) WithdrawDiscount(ctx context.Context, ask Ask, code string) (DiscountResult, error) {
	if err := ask.may(auth.Admin); err != nil {
		return DiscountResult{}, err
	}
	return a.discounts.Handle(ctx, ask.call(ids.DiscountStream(code)), product.Withdraw{At: a.now()})
}

// Discount is a discount as it is now; one that was withdrawn is still shown.
func (a *App) Discount(ctx context.Context, by auth.Principal, code string) (DiscountResult, error) {
	if err := (Ask{By: by}).may(auth.Support, auth.Warehouse, auth.Finance, auth.Admin); err != nil {
		return DiscountResult{}, err
	}
	res, err := a.discounts.Load(ctx, ids.DiscountStream(code))
	if err == nil && res.Version == 0 {
		err = ErrNotFound
	}
	return res, err
}
