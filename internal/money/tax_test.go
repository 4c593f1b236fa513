package money

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestTax(t *testing.T) {
	for _, tt := range []struct {
		name     string
		base     Amount
		rate     int
		included bool
		want     Split
	}{
		{"19 % included", 1999, 1900, true, Split{Net: 1680, Tax: 319, Gross: 1999}},
		{"19 % on top", 1680, 1900, false, Split{Net: 1680, Tax: 319, Gross: 1999}},
		{"a half cent of tax goes up", 50, 100, false, Split{Net: 50, Tax: 1, Gross: 51}},
		{"no tax, included", 1999, 0, true, Split{Net: 1999, Tax: 0, Gross: 1999}},
		{"no tax, on top", 1999, 0, false, Split{Net: 1999, Tax: 0, Gross: 1999}},
		{"nothing", 0, 1900, true, Split{}},
		{"a yen, 10 % included", 1, 1000, true, Split{Net: 1, Tax: 0, Gross: 1}},
		{"the largest base", Max, 1900, true, Split{Net: 840336134453782, Tax: 159663865546218, Gross: Max}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := Tax(tt.base, tt.rate, tt.included); got != tt.want || err != nil {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

func TestTaxOutOfRange(t *testing.T) {
	for _, included := range []bool{true, false} {
		if got, err := Tax(100, -1, included); !errors.Is(err, ErrOutOfRange) {
			t.Errorf("a negative rate, included %t: %+v, %v", included, got, err)
		}
	}
	if got, err := TaxOnTop(Max, 1); !errors.Is(err, ErrOutOfRange) {
		t.Errorf("tax on the largest amount: %+v, %v", got, err)
	}
}

func TestTaxIsTheRoundedShareAndSplitsExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, rate := amount(Max/2).Draw(t, "base"), rapid.IntRange(0, 10_000).Draw(t, "rate")
		for _, included := range []bool{true, false} {
			got, err := Tax(base, rate, included)
			if err != nil {
				t.Fatal(err)
			}
			den := int64(10_000)
			if included {
				den += int64(rate)
			}
			// |2 × (tax × den - base × rate)| ≤ den, and the half is taken upwards.
			off := new(big.Int).Mul(big.NewInt(int64(got.Tax)), big.NewInt(den))
			off.Sub(off, new(big.Int).Mul(big.NewInt(int64(base)), big.NewInt(int64(rate))))
			off.Lsh(off, 1)
			if off.CmpAbs(big.NewInt(den)) > 0 || off.Cmp(big.NewInt(-den)) == 0 {
				t.Fatalf("included %t: tax %d of %d at %d is not the rounded one", included, got.Tax, base, rate)
			}
			if got.Gross != got.Net+got.Tax || included && got.Gross != base || !included && got.Net != base {
				t.Fatalf("included %t: %+v is no split of %d", included, got, base)
			}
		}
	})
}

func TestPercentIsRoundedOnce(t *testing.T) {
	if got, err := Percent(1005, 1000); got != 101 || err != nil { // 100.5
		t.Errorf("10 %% of 1005 = %d, %v, want 101", got, err)
	}
	if got, err := Percent(1, -1); !errors.Is(err, ErrOutOfRange) {
		t.Errorf("a negative percentage = %d, %v", got, err)
	}
}
