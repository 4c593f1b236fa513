package product_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

var at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func day(n int) time.Time { return at.AddDate(0, 0, n) }

func listed() product.Event {
	return product.Listed{SKU: "MUG", Name: "Mug", TaxRateBP: 1900, TaxIncluded: true, OccurredAt: at}
}

func price(amount money.Amount, from time.Time) product.PriceChanged {
	return product.PriceChanged{
		PriceID: product.PriceID(ids.Price("MUG", "EUR", "cmd")), SKU: "MUG", Currency: "EUR", Amount: amount, ValidFrom: from,
		Reason: product.Regular, OccurredAt: at,
	}
}

func change(amount money.Amount, from time.Time) product.ChangePrice {
	return product.ChangePrice{CommandID: "cmd", Currency: "EUR", Amount: amount, ValidFrom: from, Reason: product.Regular, At: at}
}

type row struct {
	name  string
	given []product.Event
	when  product.Command
	then  []product.Event
	err   error
}

func (r row) run(t *testing.T) {
	got, err := product.Decide(r.when, fold(r.given))
	if !errors.Is(err, r.err) {
		t.Fatalf("got error %v, want %v", err, r.err)
	}
	if diff := cmp.Diff(got, r.then); diff != "" {
		t.Fatalf("events (-got +want):\n%s", diff)
	}
}

func TestListing(t *testing.T) {
	mug := product.List{SKU: "MUG", Name: "Mug", TaxRateBP: 1900, TaxIncluded: true, At: at}
	gone := product.Discontinued{SKU: "MUG", Reason: "sold out", OccurredAt: at}
	for _, r := range []row{
		{name: "a new SKU is listed", when: mug, then: []product.Event{listed()}},
		{name: "the same again changes nothing", given: []product.Event{listed()}, when: mug},
		{
			name: "another name renames", given: []product.Event{listed()},
			when: product.List{SKU: "MUG", Name: "Cup", TaxRateBP: 1900, TaxIncluded: true, At: at},
			then: []product.Event{product.Renamed{SKU: "MUG", Name: "Cup", OccurredAt: at}},
		},
		{
			name: "another tax is refused", given: []product.Event{listed()},
			when: product.List{SKU: "MUG", Name: "Mug", TaxRateBP: 700, TaxIncluded: true, At: at}, err: product.ErrUseTaxChange,
		},
		{name: "a discontinued product stays", given: []product.Event{listed(), gone}, when: mug, err: product.ErrDiscontinued},
		{name: "a blank name is refused", when: product.List{SKU: "MUG", Name: " ", At: at}, err: product.ErrName},
		{name: "a name has 120 runes at most", when: product.List{SKU: "MUG", Name: strings.Repeat("ü", 121), At: at}, err: product.ErrName},
		{name: "a tax rate is not negative", when: product.List{SKU: "MUG", Name: "Mug", TaxRateBP: -1, At: at}, err: product.ErrTaxRate},
		{
			name: "a product is discontinued", given: []product.Event{listed()},
			when: product.Discontinue{Reason: "sold out", At: at}, then: []product.Event{gone},
		},
		{name: "twice changes nothing", given: []product.Event{listed(), gone}, when: product.Discontinue{At: at}},
		{name: "only what is listed is discontinued", when: product.Discontinue{At: at}, err: product.ErrNotListed},
	} {
		t.Run(r.name, r.run)
	}
}

func TestPrices(t *testing.T) {
	later := price(900, day(3))
	for _, r := range []row{
		{name: "a price begins now", given: []product.Event{listed()}, when: change(1000, time.Time{}), then: []product.Event{price(1000, at)}},
		{name: "a price may begin later", given: []product.Event{listed()}, when: change(900, day(3)), then: []product.Event{later}},
		{name: "a price may be nothing", given: []product.Event{listed()}, when: change(0, at), then: []product.Event{price(0, at)}},
		{
			name: "an instant is kept to the microsecond", given: []product.Event{listed()},
			when: change(900, day(3).Add(1234)), then: []product.Event{price(900, day(3).Add(1000))},
		},
		{
			name: "the same instant again replaces", given: []product.Event{listed(), later}, when: change(800, day(3)),
			then: []product.Event{price(800, day(3))},
		},
		{name: "not before the last one", given: []product.Event{listed(), later}, when: change(800, day(2)), err: product.ErrValidFromInPast},
		{name: "not before now", given: []product.Event{listed()}, when: change(800, at.Add(-time.Microsecond)), err: product.ErrValidFromInPast},
		{name: "not below zero", given: []product.Event{listed()}, when: change(-1, at), err: product.ErrAmount},
		{name: "not beyond the largest amount", given: []product.Event{listed()}, when: change(money.Max+1, at), err: product.ErrAmount},
		{
			name: "in a known currency", given: []product.Event{listed()},
			when: product.ChangePrice{Currency: "ZZZ", Reason: product.Regular, At: at}, err: product.ErrCurrency,
		},
		{
			name: "for a known reason", given: []product.Event{listed()},
			when: product.ChangePrice{Currency: "EUR", Reason: "mood", At: at}, err: product.ErrReason,
		},
		{name: "only of what is listed", when: change(1000, at), err: product.ErrNotListed},
		{
			name: "not of what is discontinued", given: []product.Event{listed(), product.Discontinued{SKU: "MUG"}},
			when: change(1000, at), err: product.ErrDiscontinued,
		},
	} {
		t.Run(r.name, r.run)
	}
}

func TestTaxes(t *testing.T) {
	lower := product.TaxChanged{SKU: "MUG", TaxRateBP: 700, TaxIncluded: true, ValidFrom: day(5), OccurredAt: at}
	for _, r := range []row{
		{
			name: "a tax changes ahead of time", given: []product.Event{listed()},
			when: product.ChangeTax{TaxRateBP: 700, TaxIncluded: true, ValidFrom: day(5), At: at}, then: []product.Event{lower},
		},
		{name: "the tax in force changes nothing", given: []product.Event{listed()}, when: product.ChangeTax{TaxRateBP: 1900, TaxIncluded: true, At: at}},
		{
			name: "not before the last one", given: []product.Event{listed(), lower},
			when: product.ChangeTax{TaxRateBP: 1000, ValidFrom: day(4), At: at}, err: product.ErrValidFromInPast,
		},
		{name: "not above 100 %", given: []product.Event{listed()}, when: product.ChangeTax{TaxRateBP: 10001, At: at}, err: product.ErrTaxRate},
		{name: "only of what is listed", when: product.ChangeTax{At: at}, err: product.ErrNotListed},
	} {
		t.Run(r.name, r.run)
	}
	s := fold([]product.Event{listed(), lower})
	for _, c := range []struct {
		t    time.Time
		want int
	}{{day(-1), 1900}, {at, 1900}, {day(5).Add(-1), 1900}, {day(5), 700}} {
		if got := s.TaxAt(c.t).RateBP; got != c.want {
			t.Errorf("tax at %v: got %d, want %d", c.t, got, c.want)
		}
	}
}

func TestThePriceAtATimeIsTheLastOneThatHasBegun(t *testing.T) {
	s := fold([]product.Event{listed(), price(1000, at), price(700, day(10)), price(800, day(20)), price(750, day(20))})
	for _, c := range []struct {
		t     time.Time
		want  money.Amount
		found bool
	}{{at.Add(-1), 0, false}, {at, 1000, true}, {day(10).Add(-1), 1000, true}, {day(10), 700, true}, {day(30), 750, true}} {
		got, found := s.PriceAt("EUR", c.t)
		if got.Amount != c.want || found != c.found {
			t.Errorf("price at %v: got %d %v, want %d %v", c.t, got.Amount, found, c.want, c.found)
		}
	}
	if _, found := s.PriceAt("USD", day(30)); found {
		t.Error("a price in a currency that has none")
	}
	if diff := cmp.Diff(s.Currencies(), []money.Currency{"EUR"}); diff != "" {
		t.Error(diff)
	}
	last, _ := s.PriceAt("EUR", day(30))
	if before, ok := s.Before(last); !ok || before.Amount != 700 {
		t.Errorf("got predecessor %v %v, want 700", before, ok)
	}
	if first, _ := s.PriceAt("EUR", at); true {
		if _, ok := s.Before(first); ok {
			t.Error("the first price has a predecessor")
		}
	}
}

func TestTheLowestPriceOfThirtyDays(t *testing.T) {
	s := fold([]product.Event{listed(), price(500, at), price(1000, day(1)), price(800, day(31)), price(900, day(61))})
	want := map[money.Amount]money.Amount{1000: 500, 800: 1000, 900: 800}
	for _, p := range s.PriceList("EUR") {
		got, ok := s.Lowest30d(p)
		if w, has := want[p.Amount]; has != ok || got != w {
			t.Errorf("before %d: got %d %v, want %d %v", p.Amount, got, ok, w, has)
		}
	}
}

func TestEvolveLeavesItsArgumentAlone(t *testing.T) {
	s := fold([]product.Event{listed(), price(1000, at), price(900, day(1))})
	product.Evolve(s, price(1, at))
	product.Evolve(s, product.TaxChanged{TaxRateBP: 1, ValidFrom: at})
	if diff := cmp.Diff(s, fold([]product.Event{listed(), price(1000, at), price(900, day(1))})); diff != "" {
		t.Fatal(diff)
	}
}

func fold(events []product.Event) product.State {
	s := product.Initial()
	for _, e := range events {
		s = product.Evolve(s, e)
	}
	return s
}
