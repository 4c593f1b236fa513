package money

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestUnitsOfThreeForTen(t *testing.T) {
	u := Units{Gross: 1000, Tax: 160, Quantity: 3}
	for k, want := range []struct{ f, t Amount }{{0, 0}, {333, 53}, {666, 106}, {1000, 160}} {
		if f, tax := u.F(k), u.T(k); f != want.f || tax != want.t {
			t.Errorf("F(%d), T(%d) = %d, %d, want %d, %d", k, k, f, tax, want.f, want.t)
		}
	}
	if got, want := u.Span(1, 3), (Split{Net: 560, Tax: 107, Gross: 667}); got != want {
		t.Errorf("units 2 and 3 are worth %+v, want %+v", got, want)
	}
}

func TestUnitsOutsideOfTheLineCountAsItsEnds(t *testing.T) {
	u := Units{Gross: 1000, Tax: 160, Quantity: 3}
	if got := u.Span(-5, 9); got != (Split{Net: 840, Tax: 160, Gross: 1000}) {
		t.Errorf("more than the line is worth %+v", got)
	}
	if got := u.TaxIn(-1) + u.TaxIn(5000); got != 160 {
		t.Errorf("the tax in nothing and in more than the line is %d", got)
	}
}

func TestUnitsOfALineThatCostsNothing(t *testing.T) {
	for _, u := range []Units{{Quantity: 3}, {}} {
		if got := u.Span(0, 2); got != (Split{}) {
			t.Errorf("two units of %+v are worth %+v", u, got)
		}
	}
}

func drawUnits(t *rapid.T) Units {
	gross := amount(Max).Draw(t, "gross")
	return Units{Gross: gross, Tax: amount(gross).Draw(t, "tax"), Quantity: rapid.IntRange(1, 999).Draw(t, "quantity")}
}

func TestWorthIsTheExactOneRoundedDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := drawUnits(t)
		k := rapid.IntRange(0, u.Quantity).Draw(t, "k")
		f := new(big.Int).Mul(big.NewInt(int64(u.Gross)), big.NewInt(int64(k)))
		f.Div(f, big.NewInt(int64(u.Quantity)))
		if big.NewInt(int64(u.F(k))).Cmp(f) != 0 {
			t.Fatalf("F(%d) = %d, want %s", k, u.F(k), f)
		}
		if u.Gross == 0 {
			return
		}
		tax := new(big.Int).Mul(f, big.NewInt(int64(u.Tax)))
		tax.Div(tax, big.NewInt(int64(u.Gross)))
		if big.NewInt(int64(u.T(k))).Cmp(tax) != 0 {
			t.Fatalf("T(%d) = %d, want %s", k, u.T(k), tax)
		}
	})
}

func TestSpansSumToTheLineHoweverItIsCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := drawUnits(t)
		var sum Split
		for at := 0; at < u.Quantity; {
			next := min(at+rapid.IntRange(1, max(1, u.Quantity/3)).Draw(t, "step"), u.Quantity)
			span := u.Span(at, next)
			if span.Net < 0 || span.Tax < 0 || span.Gross != span.Net+span.Tax {
				t.Fatalf("units %d to %d are worth %+v", at+1, next, span)
			}
			sum.Net, sum.Tax, sum.Gross, at = sum.Net+span.Net, sum.Tax+span.Tax, sum.Gross+span.Gross, next
		}
		if want := (Split{Net: u.Gross - u.Tax, Tax: u.Tax, Gross: u.Gross}); sum != want {
			t.Fatalf("the spans sum to %+v, want %+v", sum, want)
		}
	})
}
