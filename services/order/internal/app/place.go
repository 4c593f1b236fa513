package app

import (
	"context"

	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Place orders what is on a draft: lines, taxes and discounts are looked up anew
// at one instant, and the stock of every line is reserved in the same append.
func (a *App) Place(ctx context.Context, ask Ask, id order.ID, s Submit) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, func(ctx context.Context, cause order.Cause, st order.State) (order.Command, error) {
		c := order.Place{Cause: cause, Shipping: a.config.Shipping[st.Currency], Submit: *a.submit(&s)}
		if st.Status != order.StatusDraft {
			return c, nil // the core says no
		}
		if s.Currency != "" && s.Currency != st.Currency {
			return nil, ErrOtherCurrency
		}
		if err := a.config.places(st.Currency); err != nil {
			return nil, err
		}
		var err error
		if c.Prices, err = a.pricesAt(ctx, skusOf(st), st.Currency, cause.At); err != nil {
			return nil, err
		}
		if c.Offers, err = a.offers(ctx, codesOf(st)); err != nil {
			return nil, err
		}
		return c, nil
	})
}
