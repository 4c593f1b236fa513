package money

import (
	"errors"
	"math/bits"
)

// Max is the largest amount, and -Max the smallest. It is below 2^53.
const Max Amount = 1_000_000_000_000_000

// ErrOutOfRange says that a result is beyond ±[Max], or that an argument makes
// no sense there: a divisor below 1, a rate or a weight below 0.
var ErrOutOfRange = errors.New("amount is out of range")

// Amount is a number of minor units of a currency that stands beside it. The
// zero value is nothing. Compare with == and <; for + and - use the methods,
// wherever a sum could be too large.
type Amount int64

// Check is ErrOutOfRange if a is beyond ±[Max].
func (a Amount) Check() error {
	if a < -Max || a > Max {
		return ErrOutOfRange
	}
	return nil
}

// Add is a + b.
func (a Amount) Add(b Amount) (Amount, error) {
	sum := a + b
	if (sum > a) != (b > 0) && b != 0 { // wrapped around
		return 0, ErrOutOfRange
	}
	return checked(sum)
}

// Sub is a - b.
func (a Amount) Sub(b Amount) (Amount, error) {
	difference := a - b
	if (difference < a) != (b > 0) && b != 0 { // wrapped around
		return 0, ErrOutOfRange
	}
	return checked(difference)
}

// Mul is a × n.
func (a Amount) Mul(n int64) (Amount, error) {
	return MulDiv(a, n, 1)
}

// Sum adds amounts up, in their order. The sum of none is 0.
func Sum(amounts ...Amount) (Amount, error) {
	var sum Amount
	for _, a := range amounts {
		var err error
		if sum, err = sum.Add(a); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// MulDiv is a × num / den, rounded half away from zero. The product is formed
// in 128 bits.
func MulDiv(a Amount, num, den int64) (Amount, error) {
	p, ok := divide(a, num, den)
	if !ok {
		return 0, ErrOutOfRange
	}
	if p.remainder >= p.den-p.remainder { // a half or more; 2 × remainder could overflow
		p.quotient++
	}
	return p.signed()
}

// MulDivFloor is a × num / den, rounded down, also below zero.
func MulDivFloor(a Amount, num, den int64) (Amount, error) {
	p, ok := divide(a, num, den)
	if !ok {
		return 0, ErrOutOfRange
	}
	if p.negative && p.remainder > 0 {
		p.quotient++
	}
	return p.signed()
}

// quotient is the magnitude of a division, its remainder and its sign.
type quotient struct {
	quotient, remainder, den uint64
	negative                 bool
}

// divide is a × num / den, cut to a whole number; false if den is below 1 or
// the result does not fit into 63 bits.
func divide(a Amount, num, den int64) (quotient, bool) {
	if den < 1 {
		return quotient{}, false
	}
	hi, lo := bits.Mul64(magnitude(int64(a)), magnitude(num))
	if hi >= uint64(den) {
		return quotient{}, false
	}
	q, r := bits.Div64(hi, lo, uint64(den))
	if q > 1<<62 {
		return quotient{}, false
	}
	return quotient{q, r, uint64(den), (a < 0) != (num < 0)}, true
}

func (q quotient) signed() (Amount, error) {
	a := Amount(q.quotient) // at most 2^62 + 1
	if q.negative {
		a = -a
	}
	return checked(a)
}

// magnitude is |n|, also for the smallest number.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func checked(a Amount) (Amount, error) {
	if err := a.Check(); err != nil {
		return 0, err
	}
	return a, nil
}
