package httpapi

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/internal/problem"
)

// text is s as it is stored: normal form C, without blanks around it.
func text(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// parseSKU is the normal form of a SKU; anything else is 422 wherever it stands.
func parseSKU(s, location string) (string, error) {
	sku, err := ids.SKU(s)
	if err != nil {
		return "", problem.At(problem.ValidationFailed, location, err.Error())
	}
	return sku, nil
}

// parseCode is the normal form of a discount code.
func parseCode(s, location string) (string, error) {
	code, err := ids.Code(norm.NFC.String(s))
	if err != nil {
		return "", problem.At(problem.ValidationFailed, location, err.Error())
	}
	return code, nil
}

// parseCurrency knows ISO 4217.
func parseCurrency(s, location string) (money.Currency, error) {
	c, err := money.ParseCurrency(s)
	if err != nil {
		return "", problem.At(problem.ValidationFailed, location, "expected an ISO 4217 code of a currency")
	}
	return c, nil
}

// amountOf is an amount of money that is not negative.
func amountOf(n int64, location string) (money.Amount, error) {
	a := money.Amount(n)
	switch {
	case a.Check() != nil:
		return 0, problem.At(problem.AmountOutOfRange, location, "expected at most 10^15")
	case a < 0:
		return 0, problem.At(problem.ValidationFailed, location, "expected an amount of 0 or more")
	}
	return a, nil
}
