package money

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// edges are numbers at which arithmetic goes wrong.
var edges = []int64{
	0, 1, -1, 2, -2, 9_999, 10_000, int64(Max) - 1, int64(Max), int64(Max) + 1, -int64(Max), -int64(Max) - 1,
	1 << 53, math.MaxInt32, math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1,
}

func number() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.SampledFrom(edges), rapid.Int64Range(-100, 100), rapid.Int64())
}

// amount draws an amount from 0 to limit.
func amount(limit Amount) *rapid.Generator[Amount] {
	return rapid.Map(rapid.OneOf(rapid.Int64Range(0, min(100, int64(limit))), rapid.Int64Range(0, int64(limit))), func(n int64) Amount {
		return Amount(n)
	})
}

// same compares a result with the exact one, which may be out of range.
func same(t *rapid.T, what string, got Amount, err error, exact *big.Int) {
	t.Helper()
	fits := exact.CmpAbs(big.NewInt(int64(Max))) <= 0
	switch {
	case fits && (err != nil || big.NewInt(int64(got)).Cmp(exact) != 0):
		t.Fatalf("%s = %d, %v, want %s", what, got, err, exact)
	case !fits && !errors.Is(err, ErrOutOfRange):
		t.Fatalf("%s = %d, %v, want ErrOutOfRange: it is %s", what, got, err, exact)
	}
}

func TestSumsAndProductsAreExactOrAnError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := number().Draw(t, "a"), number().Draw(t, "b")
		x, y := big.NewInt(a), big.NewInt(b)
		got, err := Amount(a).Add(Amount(b))
		same(t, "a + b", got, err, new(big.Int).Add(x, y))
		got, err = Amount(a).Sub(Amount(b))
		same(t, "a - b", got, err, new(big.Int).Sub(x, y))
		got, err = Amount(a).Mul(b)
		same(t, "a × b", got, err, new(big.Int).Mul(x, y))
	})
}

func TestMulDivRoundsTheExactQuotient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, num := number().Draw(t, "a"), number().Draw(t, "num")
		den := rapid.OneOf(rapid.Int64Range(1, 20), rapid.Int64Range(1, math.MaxInt64)).Draw(t, "den")
		product := new(big.Int).Mul(big.NewInt(a), big.NewInt(num))

		floor, _ := new(big.Int).DivMod(product, big.NewInt(den), new(big.Int)) // den > 0: Euclid's is the floor
		got, err := MulDivFloor(Amount(a), num, den)
		same(t, "floor", got, err, floor)

		// Half away from zero: sign × ⌊(2 × |product| + den) / (2 × den)⌋.
		twice := new(big.Int).Lsh(new(big.Int).Abs(product), 1)
		rounded := twice.Add(twice, big.NewInt(den)).Div(twice, new(big.Int).Lsh(big.NewInt(den), 1))
		if product.Sign() < 0 {
			rounded.Neg(rounded)
		}
		got, err = MulDiv(Amount(a), num, den)
		same(t, "rounded", got, err, rounded)
	})
}

func TestRounding(t *testing.T) {
	for _, tt := range []struct {
		name           string
		a              Amount
		num, den       int64
		rounded, floor Amount
	}{
		{"exact", 10, 3, 5, 6, 6},
		{"below a half", 4, 1, 3, 1, 1},
		{"a half goes up", 5, 1, 2, 3, 2},
		{"above a half", 5, 1, 3, 2, 1},
		{"a negative half goes down", -5, 1, 2, -3, -3},
		{"below a negative half", -4, 1, 3, -1, -2},
		{"a negative factor", 5, -1, 2, -3, -3},
		{"two negative factors", -5, -1, 2, 3, 2},
		{"just below a half of an odd divisor", 1, 3, 7, 0, 0},
		{"the product needs 128 bits", Max, int64(Max), int64(Max), Max, Max},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := MulDiv(tt.a, tt.num, tt.den); got != tt.rounded || err != nil {
				t.Errorf("MulDiv = %d, %v, want %d", got, err, tt.rounded)
			}
			if got, err := MulDivFloor(tt.a, tt.num, tt.den); got != tt.floor || err != nil {
				t.Errorf("MulDivFloor = %d, %v, want %d", got, err, tt.floor)
			}
		})
	}
}

func TestADivisorBelowOneIsAnError(t *testing.T) {
	for _, den := range []int64{0, -1, math.MinInt64} {
		if got, err := MulDiv(1, 1, den); !errors.Is(err, ErrOutOfRange) {
			t.Errorf("MulDiv by %d = %d, %v", den, got, err)
		}
		if got, err := MulDivFloor(1, 1, den); !errors.Is(err, ErrOutOfRange) {
			t.Errorf("MulDivFloor by %d = %d, %v", den, got, err)
		}
	}
}

func TestSum(t *testing.T) {
	if got, err := Sum(); got != 0 || err != nil {
		t.Errorf("the sum of none = %d, %v", got, err)
	}
	if got, err := Sum(1, -3, 7); got != 5 || err != nil {
		t.Errorf("1 - 3 + 7 = %d, %v", got, err)
	}
	if got, err := Sum(Max, 1); !errors.Is(err, ErrOutOfRange) {
		t.Errorf("Max + 1 = %d, %v", got, err)
	}
}
