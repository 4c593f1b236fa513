package fakegateway

import (
	"cmp"
	"slices"
	"time"
)

const (
	opAuthorize = "authorize"
	opCapture   = "capture"
	opVoid      = "void"
	opRefund    = "refund"
	opLookup    = "lookup"

	outcomeOK       = "ok"
	outcomeDeclined = "declined"
	outcomeFailed   = "failed"
)

// authorization is what the gateway knows of one granted authorization.
type authorization struct {
	ref, orderID, paymentID, currency, token string
	amount, captured, voided, refunded       int64
	expiresAt                                time.Time
}

func (a *authorization) rest() int64 { return a.amount - a.captured - a.voided }

// book is the state that the ledger adds up to. It is only ever changed by apply, so that a restart reads
// itself back to where it was.
type book struct {
	single bool             // a capture gives up the rest
	keys   map[string]entry // the row that settled a key
	tries  map[string]int   // requests seen per key
	auths  map[string]*authorization
	order  []*authorization
}

func newBook(single bool) *book {
	return &book{single: single, keys: map[string]entry{}, tries: map[string]int{}, auths: map[string]*authorization{}}
}

// judge says what the books allow: the outcome of a request that no token and no script has refused.
func (b *book) judge(e entry, now time.Time) entry {
	if e.Op == opAuthorize {
		e.Outcome = outcomeOK
		return e
	}
	fail := func(code string) entry {
		e.Outcome, e.Code = outcomeFailed, code
		return e
	}
	a := b.auths[e.AuthRef]
	expired := a != nil && !now.Before(a.expiresAt)
	switch {
	case a == nil:
		return fail("authorization_unknown")
	case e.Currency != a.currency:
		return fail("currency_mismatch")
	case e.Op == opVoid:
		e.Amount = a.rest()
		if expired {
			e.Amount = 0
		}
	case e.Op == opCapture && expired:
		return fail("authorization_expired")
	case e.Op == opCapture && (e.Amount > a.rest()):
		return fail("exceeds_authorized")
	case e.Op == opRefund && e.Amount > a.captured-a.refunded:
		return fail("exceeds_captured")
	}
	e.Outcome = outcomeOK
	return e
}

// apply folds one line of the ledger. It never fails: what is in the ledger has happened.
func (b *book) apply(e entry) {
	if e.Op == "" || e.Op == opLookup {
		return
	}
	b.tries[e.Key]++
	if !e.Effect {
		return
	}
	b.keys[e.Key] = e
	if e.Outcome != outcomeOK {
		return
	}
	if e.Op == opAuthorize {
		a := &authorization{
			ref: e.GatewayRef, orderID: e.OrderID, paymentID: e.PaymentID, currency: e.Currency,
			token: e.Token, amount: e.Amount, expiresAt: e.ExpiresAt,
		}
		b.auths[a.ref], b.order = a, append(b.order, a)
		return
	}
	switch a := b.auths[e.AuthRef]; e.Op {
	case opCapture:
		a.captured += e.Amount
		if b.single {
			a.voided = a.amount - a.captured
		}
	case opVoid:
		a.voided += e.Amount
	case opRefund:
		a.refunded += e.Amount
	}
}

// Summary is what the ledger adds up to for one order and currency, in minor units.
type Summary struct {
	OrderID    string `json:"order_id"`
	Currency   string `json:"currency"`
	Authorized int64  `json:"authorized"` // ever granted
	Held       int64  `json:"held"`       // granted, and neither captured, voided nor expired
	Captured   int64  `json:"captured"`
	Voided     int64  `json:"voided"`
	Refunded   int64  `json:"refunded"`
	Net        int64  `json:"net"` // captured − refunded
}

func (b *book) summary(orderID string, now time.Time) []Summary {
	type at struct{ orderID, currency string }
	sums := map[at]*Summary{}
	for _, a := range b.order {
		if orderID != "" && a.orderID != orderID {
			continue
		}
		k := at{orderID: a.orderID, currency: a.currency}
		if sums[k] == nil {
			sums[k] = &Summary{OrderID: a.orderID, Currency: a.currency}
		}
		s := sums[k]
		s.Authorized += a.amount
		s.Captured += a.captured
		s.Voided += a.voided
		s.Refunded += a.refunded
		s.Net = s.Captured - s.Refunded
		if now.Before(a.expiresAt) {
			s.Held += a.rest()
		}
	}
	items := make([]Summary, 0, len(sums))
	for _, s := range sums {
		items = append(items, *s)
	}
	slices.SortFunc(items, func(x, y Summary) int {
		return cmp.Or(cmp.Compare(x.OrderID, y.OrderID), cmp.Compare(x.Currency, y.Currency))
	})
	return items
}
