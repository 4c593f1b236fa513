package order

import (
	"slices"

	"github.com/kontor-dev/kontor/internal/ids"
)

func decideApplyDiscount(c ApplyDiscount, r *recorder) error {
	bought, err := r.draft(c.Shipping)
	if err != nil {
		return err
	}
	there := slices.ContainsFunc(bought.discounts, func(d Discount) bool { return d.Code == c.Offer.Code })
	if there || !c.Offer.holds(c.At, r.state.Currency, bought) {
		return &DiscountError{DiscountCode: c.Offer.Code, Totals: r.state.Totals}
	}
	d := c.Offer.as(DiscountID(ids.Discount(string(r.state.ID), string(c.CommandID), 0)))
	bought.discounts = append(bought.discounts, d)
	_, totals, err := bought.price()
	if err != nil {
		return err
	}
	r.record(DiscountApplied{Head: r.head(), Totals: totals, Discount: d})
	return nil
}

func decideRemoveDiscount(c RemoveDiscount, r *recorder) error {
	bought, err := r.draft(c.Shipping)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(bought.discounts, func(d Discount) bool { return d.DiscountID == c.DiscountID })
	if at < 0 {
		return ErrNotFound
	}
	bought.discounts = slices.Delete(bought.discounts, at, at+1)
	_, totals, err := bought.price()
	if err != nil {
		return err
	}
	r.record(DiscountRemoved{Head: r.head(), Totals: totals, DiscountID: c.DiscountID})
	return nil
}
