package product_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

func TestDiscounts(t *testing.T) {
	ten := product.DiscountDefined{Code: "TEN", Kind: product.PercentOff, Value: 1000, ValidFrom: at, OccurredAt: at}
	defineTen := product.Define{Code: "TEN", Kind: product.PercentOff, Value: 1000, At: at}
	gone := product.DiscountWithdrawn{Code: "TEN", OccurredAt: at}
	end := day(7)
	for _, r := range []struct {
		name  string
		given []product.DiscountEvent
		when  product.DiscountCommand
		then  []product.DiscountEvent
		err   error
	}{
		{name: "a code is defined", when: defineTen, then: []product.DiscountEvent{ten}},
		{name: "the same again changes nothing", given: []product.DiscountEvent{ten}, when: defineTen},
		{name: "a withdrawn code is defined again", given: []product.DiscountEvent{ten, gone}, when: defineTen, then: []product.DiscountEvent{ten}},
		{
			name: "an amount has a currency, a minimum and an end",
			when: product.Define{
				Code: "FIVE", Kind: product.AmountOff, Value: 500, Currency: "EUR", SKU: "MUG", ValidFrom: day(1), ValidTo: end, MinTotal: 2000, At: at,
			},
			then: []product.DiscountEvent{product.DiscountDefined{
				Code: "FIVE", Kind: product.AmountOff, Value: 500, Currency: "EUR", SKU: "MUG", ValidFrom: day(1), ValidTo: &end, MinTotal: 2000,
				OccurredAt: at,
			}},
		},
		{name: "a percentage is not 0", when: product.Define{Code: "A", Kind: product.PercentOff, At: at}, err: product.ErrDiscountInvalid},
		{name: "nor above 100 %", when: product.Define{Code: "A", Kind: product.PercentOff, Value: 10001, At: at}, err: product.ErrDiscountInvalid},
		{name: "an amount is not 0", when: product.Define{Code: "A", Kind: product.AmountOff, Currency: "EUR", At: at}, err: product.ErrDiscountInvalid},
		{name: "an amount needs a currency", when: product.Define{Code: "A", Kind: product.AmountOff, Value: 1, At: at}, err: product.ErrDiscountInvalid},
		{name: "a known one", when: product.Define{Code: "A", Kind: product.AmountOff, Value: 1, Currency: "ZZZ", At: at}, err: product.ErrCurrency},
		{
			name: "it does not end before it begins", when: product.Define{Code: "A", Kind: product.PercentOff, Value: 1, ValidTo: at, At: at},
			err: product.ErrDiscountInvalid,
		},
		{name: "a code is withdrawn", given: []product.DiscountEvent{ten}, when: product.Withdraw{At: at}, then: []product.DiscountEvent{gone}},
		{name: "twice changes nothing", given: []product.DiscountEvent{ten, gone}, when: product.Withdraw{At: at}},
		{name: "only what is defined is withdrawn", when: product.Withdraw{At: at}, err: product.ErrDiscountUnknown},
	} {
		t.Run(r.name, func(t *testing.T) {
			got, err := product.DecideDiscount(r.when, foldDiscount(r.given))
			if !errors.Is(err, r.err) {
				t.Fatalf("got error %v, want %v", err, r.err)
			}
			if diff := cmp.Diff(got, r.then); diff != "" {
				t.Fatalf("events (-got +want):\n%s", diff)
			}
		})
	}
}

func TestADiscountHoldsInItsIntervalCurrencyAndMinimum(t *testing.T) {
	d := product.Discount{
		Code: "FIVE", Kind: product.AmountOff, Value: 500, Currency: "EUR", ValidFrom: at, ValidTo: day(1), MinTotal: 2000,
	}
	withdrawn := d
	withdrawn.Withdrawn = true
	for _, c := range []struct {
		name     string
		d        product.Discount
		t        time.Time
		currency money.Currency
		total    money.Amount
		want     bool
	}{
		{"at its beginning", d, at, "EUR", 2000, true},
		{"not before", d, at.Add(-1), "EUR", 2000, false},
		{"not at its end", d, day(1), "EUR", 2000, false},
		{"not in another currency", d, at, "USD", 2000, false},
		{"not below its minimum", d, at, "EUR", 1999, false},
		{"not when withdrawn", withdrawn, at, "EUR", 2000, false},
		{"not when undefined", product.NoDiscount(), at, "EUR", 2000, false},
	} {
		if got := c.d.Holds(c.t, c.currency, c.total); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func foldDiscount(events []product.DiscountEvent) product.Discount {
	d := product.NoDiscount()
	for _, e := range events {
		d = product.EvolveDiscount(d, e)
	}
	return d
}
