package money

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
)

func TestFormat(t *testing.T) {
	for _, tt := range []struct {
		amount   Amount
		currency Currency
		want     string
	}{
		{1999, "EUR", "19.99"},
		{4626, "BHD", "4.626"},
		{500, "JPY", "500"},
		{12345, "CLF", "1.2345"},
		{0, "EUR", "0.00"},
		{0, "JPY", "0"},
		{5, "EUR", "0.05"},
		{5, "KWD", "0.005"},
		{-5, "EUR", "-0.05"},
		{-123456, "EUR", "-1234.56"},
		{100, "HRK", "1.00"},
		{Max, "USD", "10000000000000.00"},
		{math.MinInt64, "JPY", "-9223372036854775808"},
		{1999, "XYZ", "1999"},
	} {
		if got := Format(tt.amount, tt.currency); got != tt.want {
			t.Errorf("Format(%d, %s) = %q, want %q", tt.amount, tt.currency, got, tt.want)
		}
	}
	if got := (Money{1999, "EUR"}).String(); got != "19.99 EUR" {
		t.Errorf("String = %q", got)
	}
}

func TestCurrencies(t *testing.T) {
	for code, decimals := range map[string]int{
		"EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "JPY": 0, "KRW": 0, "ISK": 0, "CLP": 0, "VND": 0, "HUF": 2,
		"BHD": 3, "KWD": 3, "TND": 3, "OMR": 3, "CLF": 4, "UYW": 4, "HRK": 2, "BGN": 2, "XCG": 2, "XOF": 0,
	} {
		c, err := ParseCurrency(code)
		if n, known := c.Decimals(); err != nil || string(c) != code || n != decimals || !known {
			t.Errorf("%s: %q with %d decimals, %t, %v, want %d", code, c, n, known, err, decimals)
		}
	}
	for _, code := range []string{"", "usd", "Eur", "US", "EURO", " EUR", "XXX", "XTS", "XDR", "XAU", "ZZZ", "ЕUR", "EUR\x00"} {
		if c, err := ParseCurrency(code); !errors.Is(err, ErrUnknownCurrency) || c != "" {
			t.Errorf("%q was read as %q, %v", code, c, err)
		}
		if n, known := Currency(code).Decimals(); known {
			t.Errorf("%q has %d decimals", code, n)
		}
	}
}

func TestCurrencyTableHasCodesOfThreeLettersOnly(t *testing.T) {
	if len(decimals) != 171 {
		t.Errorf("the table has %d codes; it only grows, and this number with it", len(decimals))
	}
	for c, n := range decimals {
		if len(c) != 3 || n < 0 || n > 4 {
			t.Errorf("%q has %d decimals", c, n)
		}
		for _, r := range c {
			if r < 'A' || r > 'Z' {
				t.Errorf("%q is no code", c)
			}
		}
	}
}

func TestMoneyInAnAPI(t *testing.T) {
	const wire = `{"amount":1999,"currency":"EUR"}`
	b, err := json.Marshal(Money{1999, "EUR"})
	if err != nil || string(b) != wire {
		t.Errorf("written as %s, %v", b, err)
	}
	var m Money
	if err := json.Unmarshal([]byte(wire), &m); err != nil || m != (Money{1999, "EUR"}) {
		t.Errorf("read as %v, %v", m, err)
	}
	for _, body := range []string{`{"amount":19.99}`, `{"amount":"1999"}`, `{"amount":1e30}`, `{"amount":9223372036854775808}`} {
		if err := json.Unmarshal([]byte(body), &m); err == nil {
			t.Errorf("%s was read as %v", body, m)
		}
	}
}

func TestMoneyCheck(t *testing.T) {
	for _, tt := range []struct {
		money Money
		want  error
	}{
		{Money{1999, "EUR"}, nil},
		{Money{-Max, "JPY"}, nil},
		{Money{Max + 1, "EUR"}, ErrOutOfRange},
		{Money{-Max - 1, "EUR"}, ErrOutOfRange},
		{Money{1, "eur"}, ErrUnknownCurrency},
		{Money{}, ErrUnknownCurrency},
	} {
		if got := tt.money.Check(); !errors.Is(got, tt.want) {
			t.Errorf("%v: %v, want %v", tt.money, got, tt.want)
		}
	}
}
