package money

import (
	"strconv"
	"strings"
)

// Money is an amount with its currency: the shape of every amount in an API,
// {"amount":1999,"currency":"EUR"}. Decoding checks neither; [Money.Check] does.
type Money struct {
	Amount   Amount   `json:"amount"`
	Currency Currency `json:"currency"`
}

// Check is ErrOutOfRange or ErrUnknownCurrency if m cannot be.
func (m Money) Check() error {
	if _, err := ParseCurrency(string(m.Currency)); err != nil {
		return err
	}
	return m.Amount.Check()
}

// String is m for people, like "19.99 EUR".
func (m Money) String() string {
	return Format(m.Amount, m.Currency) + " " + string(m.Currency)
}

// Format writes a as a plain decimal number with the decimals of c and a point,
// without grouping or symbol: 4626 BHD is "4.626", 500 JPY is "500". For an
// unknown currency it writes the minor units.
func Format(a Amount, c Currency) string {
	decimals, _ := c.Decimals()
	digits := strconv.FormatUint(magnitude(int64(a)), 10)
	if short := decimals + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	if decimals > 0 {
		point := len(digits) - decimals
		digits = digits[:point] + "." + digits[point:]
	}
	if a < 0 {
		return "-" + digits
	}
	return digits
}
