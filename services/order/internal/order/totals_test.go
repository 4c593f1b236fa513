package order_test

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

func TestAnyCartAddsUpOrIsOutOfRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		with := drawSetting(t)
		var items []item
		sum := new(big.Int)
		for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
			it := item{
				sku: order.SKU("P" + string(rune('A'+i))), quantity: rapid.IntRange(1, order.MaxQuantity).Draw(t, "quantity"),
				rateBP: rapid.IntRange(0, 10_000).Draw(t, "rate"), onTop: rapid.Bool().Draw(t, "on top"),
				price: money.Amount(rapid.OneOf(rapid.Int64Range(0, 100_000), rapid.Int64Range(0, int64(money.Max))).Draw(t, "price")),
			}
			items = append(items, it)
			sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(it.price)), big.NewInt(int64(it.quantity))))
		}
		for i := range with.offers {
			with.offers[i].SKU = order.SKU("P" + string(rune('A'+rapid.IntRange(0, len(items)-1).Draw(t, "of"))))
			if rapid.Bool().Draw(t, "of the order") {
				with.offers[i].SKU = ""
			}
		}
		s := newShop(t)
		_, err := s.try(s.drafting(with, &order.Submit{PaymentMethodToken: "tok_ok"}, items...)) // checks O3
		tooMuch := sum.Cmp(big.NewInt(int64(money.Max))) > 0
		switch {
		case tooMuch && !errors.Is(err, order.ErrOutOfRange):
			t.Fatalf("goods of %s: got %v", sum, err)
		case err != nil && !errors.Is(err, order.ErrOutOfRange):
			t.Fatal(err)
		case err != nil:
			return
		}
		if s.state.GrandTotal > money.Max || s.state.GrandTotal < 0 {
			t.Fatalf("got %d", s.state.GrandTotal)
		}
	})
}

func TestTheOrderOfEqualLinesDecidesTiesOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offers := []order.Offer{amountOff(rapid.Int64Range(1, 5000).Draw(t, "off"))}
		prices := rapid.SliceOfN(rapid.SampledFrom([]int64{100, 100, 333, 999}), 2, 6).Draw(t, "prices")
		allocated := func(prices []int64) []money.Amount {
			var items []item
			for i, p := range prices {
				items = append(items, item{order.SKU("P" + string(rune('A'+i))), money.Amount(p), 1, 0, false})
			}
			s := placed(t, setting{offers: offers}, items...)
			var shares []money.Amount
			for _, l := range s.state.Lines {
				shares = append(shares, l.DiscountAllocated)
			}
			slices.Sort(shares)
			return shares
		}
		a := allocated(prices)
		slices.Reverse(prices)
		b := allocated(prices)
		for i := range a {
			if diff := a[i] - b[i]; diff < -1 || diff > 1 {
				t.Fatalf("%v one way, %v the other", a, b)
			}
		}
	})
}
