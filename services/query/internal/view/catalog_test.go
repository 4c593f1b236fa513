package view_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/query/internal/view"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

func foldCatalog(t *testing.T, story *viewtest.CatalogStory) (p view.ProductState, s view.Stock) {
	t.Helper()
	for _, m := range story.Messages {
		e, err := view.DecodeCatalog(m.Type, m.Data)
		if err != nil {
			t.Fatal(err)
		}
		if view.IsStock(m.Type) {
			s, err = view.ApplyStock(s, e)
		} else {
			p, err = view.ApplyProduct(p, e)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return p, s
}

func day(n int) time.Time { return viewtest.Start.AddDate(0, 0, n) }

func TestAProductShowsThePriceInForce(t *testing.T) {
	story := viewtest.NewSKU("TEA").Listed(1000, 5)
	price := func(currency string, amount int64, from time.Time) {
		story.TellProduct(catalogv1.TypeProductPriceChanged, catalogv1.ProductPriceChanged{
			Head: story.ProductHead(), Currency: currency, Amount: amount, ValidFrom: from, Reason: "regular",
		})
	}
	price("EUR", 700, day(10))
	price("EUR", 900, day(20))
	price("EUR", 950, day(20)) // the same moment again replaces it
	price("EUR", 1200, day(60))
	price("CHF", 1100, day(5))
	story.TellProduct(catalogv1.TypeProductTaxChanged, catalogv1.ProductTaxChanged{Head: story.ProductHead(), TaxRateBP: 700, ValidFrom: day(30)})
	story.TellProduct(catalogv1.TypeProductRenamed, catalogv1.ProductRenamed{Head: story.ProductHead(), Name: "Oolong"})
	p, _ := foldCatalog(t, story)
	at := func(amount int64, currency string, from time.Time, lowest int64) view.Price {
		c := money.Currency(currency)
		out := view.Price{Currency: c, Amount: money.Money{Amount: money.Amount(amount), Currency: c}, ValidFrom: from}
		if lowest > 0 {
			out.Lowest30d = &money.Money{Amount: money.Amount(lowest), Currency: c}
		}
		return out
	}
	for _, tc := range []struct {
		name string
		at   time.Time
		tax  int
		want []view.Price
	}{
		{"before the first price there is none", day(-1), 1900, []view.Price{}},
		{"at its moment a price is in force", day(0), 1900, []view.Price{at(1000, "EUR", day(0), 0)}},
		{"each currency has its own", day(10), 1900, []view.Price{at(1100, "CHF", day(5), 0), at(700, "EUR", day(10), 1000)}},
		{"the lowest of 30 days", day(25), 1900, []view.Price{at(1100, "CHF", day(5), 0), at(950, "EUR", day(20), 700)}},
		{"a price that ended before the window does not count", day(61), 700, []view.Price{at(1100, "CHF", day(5), 0), at(1200, "EUR", day(60), 950)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := p.At(tc.at)
			if diff := cmp.Diff(tc.want, got.Prices); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.TaxRateBP != tc.tax || got.Name != "Oolong" || got.Discontinued || got.Version != 9 {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestStockIsWhatTheLastEventSays(t *testing.T) {
	story := viewtest.NewSKU("TEA").Listed(1000, 5)
	level := func(onHand, reserved int64) catalogv1.Level {
		return catalogv1.Level{OnHand: onHand, Reserved: reserved}
	}
	story.TellStock(catalogv1.TypeStockReserved, catalogv1.StockReserved{Head: story.StockHead(), Level: level(5, 3), Quantity: 3})
	story.TellStock(catalogv1.TypeStockReleased, catalogv1.StockReleased{Head: story.StockHead(), Level: level(5, 2), Quantity: 1})
	story.TellStock(catalogv1.TypeStockShipped, catalogv1.StockShipped{Head: story.StockHead(), Level: level(4, 1), Quantity: 1})
	story.TellStock(catalogv1.TypeStockAdjusted, catalogv1.StockAdjusted{Head: story.StockHead(), Level: level(0, 1), Delta: -4})
	story.TellProduct(catalogv1.TypeProductDiscontinued, catalogv1.ProductDiscontinued{Head: story.ProductHead()})
	p, s := foldCatalog(t, story)
	if want := (view.Stock{SKU: "TEA", OnHand: 0, Reserved: 1, Available: -1, Version: 5}); s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
	if !p.Discontinued || p.Version != 3 {
		t.Errorf("got %+v", p)
	}
}

func TestEveryTypeOfTheCatalogHasARule(t *testing.T) {
	for _, typ := range slices.Sorted(maps.Keys(catalogv1.Types)) {
		e := view.CatalogEvent{Type: typ, Head: catalogv1.Head{SKU: "TEA", Version: 1}, Body: catalogv1.Types[typ]}
		_, product := view.ApplyProduct(view.ProductState{}, e)
		_, stock := view.ApplyStock(view.Stock{}, e)
		if (product == nil) == view.IsStock(typ) || (stock == nil) != view.IsStock(typ) {
			t.Errorf("%s: product %v, stock %v", typ, product, stock)
		}
		if _, err := view.ApplyStock(view.Stock{SKU: "OTHER"}, e); !isImpossible(err) {
			t.Errorf("%s was taken by another SKU", typ)
		}
	}
}
