package httpapi

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/internal/webapi"
)

// Head is what every answer of a command or a versioned read carries.
type Head struct {
	ETag     string `header:"ETag" doc:"The version of the thing, in quotes"`
	Location string `header:"Location"`
	Replayed string `header:"Idempotency-Replayed" doc:"true if the command was carried out before"`
	Caching  string `header:"Cache-Control"`
}

// replayed is the header's value.
func replayed(repeated bool) string {
	if repeated {
		return "true"
	}
	return ""
}

// unchanged is the error that answers a read with 304 if the client has it.
func unchanged(ifNoneMatch string, version int64) error {
	if tag := webapi.ETag(version); webapi.Matches(ifNoneMatch, tag) {
		return webapi.NotModified(tag)
	}
	return nil
}

// Money is an amount with its currency.
type Money struct {
	Amount   int64  `json:"amount" minimum:"-1000000000000000" maximum:"1000000000000000" doc:"Minor units, such as cents"`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217"`
}

func moneyOf(a money.Amount, c money.Currency) Money {
	return Money{Amount: int64(a), Currency: string(c)}
}

// timePtr is t, or nil for the zero time, which is left out of an answer.
func timePtr(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
