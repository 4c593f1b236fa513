package app_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/product"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

func TestOnlyAnAdminKeepsTheBook(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 1)
	for _, p := range []auth.Principal{anna, desk, ware} {
		_, err := s.ListProduct(t.Context(), s.by(p), product.List{SKU: "X", Name: "X"})
		is(t, err, app.ErrForbidden)
		_, err = s.ChangePrice(t.Context(), s.by(p), app.Price{SKU: "MUG", Currency: "EUR", Amount: 1, Reason: "regular"})
		is(t, err, app.ErrForbidden)
		_, err = s.ChangeTax(t.Context(), s.by(p), "MUG", product.ChangeTax{})
		is(t, err, app.ErrForbidden)
		_, err = s.Discontinue(t.Context(), s.by(p), "MUG", "")
		is(t, err, app.ErrForbidden)
		_, err = s.DefineDiscount(t.Context(), s.by(p), product.Define{Code: "TEN", Kind: "percent", Value: 1})
		is(t, err, app.ErrForbidden)
		_, err = s.WithdrawDiscount(t.Context(), s.by(p), "TEN")
		is(t, err, app.ErrForbidden)
	}
	_, err := s.Stock(t.Context(), anna, "MUG")
	is(t, err, app.ErrForbidden)
	_, err = s.Discount(t.Context(), anna, "TEN")
	is(t, err, app.ErrForbidden)
	_, err = s.BookMovement(t.Context(), s.by(desk), app.Movement{SKU: "MUG", Kind: stock.Receipt, Quantity: 1})
	is(t, err, app.ErrForbidden)
}

func TestAPriceIsSeenByTheNextCommand(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	n := cart("a", line("MUG", 1))
	n.Submit = nil
	_, err := s.Draft(t.Context(), s.by(anna), n)
	must(t, err)
	s.now = s.now.Add(time.Second)
	res, err := s.ChangePrice(t.Context(), s.by(admin), app.Price{SKU: "MUG", Currency: "EUR", Amount: 1100, Reason: "regular"})
	must(t, err)
	if !res.AsOf.Equal(s.now) || res.Version != 3 {
		t.Fatalf("got %v, version %d", res.AsOf, res.Version)
	}
	n = cart("b", line("MUG", 1))
	n.Submit = nil
	order, err := s.Draft(t.Context(), s.by(anna), n)
	must(t, err)
	if order.State.Lines[0].UnitPrice != 1100 {
		t.Fatalf("got %d", order.State.Lines[0].UnitPrice)
	}
}

func TestAReceiptIsBookedOnceWithItsStock(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 0)
	start := s.head()
	m := app.Movement{ID: stock.MovementID(ids.Movement("w", "k")), SKU: "MUG", Kind: stock.Receipt, Quantity: 5, Reference: "PO-1"}
	ask := keyed(ware, "k", "f")
	var wg sync.WaitGroup
	results := make([]app.MovementResult, 20)
	for i := range results {
		wg.Go(func() {
			var err error
			if results[i], err = s.BookMovement(t.Context(), ask, m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(s.types(start), []string{"stockmove.booked", "stock.received"}); diff != "" {
		t.Fatal(diff)
	}
	s.receive("MUG", 3)
	again, err := s.BookMovement(t.Context(), ask, m)
	must(t, err)
	if !again.Repeated || again.State.Booked.OnHand != 5 || again.State.Booked.StockVersion != 1 {
		t.Fatalf("got %+v", again)
	}
	_, err = s.BookMovement(t.Context(), keyed(ware, "k", "other"), m)
	is(t, err, es.ErrCommandReused)
	_, err = s.BookMovement(t.Context(), s.by(ware), app.Movement{
		ID: stock.MovementID(ids.Movement("w", "l")), SKU: "MUG", Kind: stock.Adjustment, Delta: -9, Reason: stock.Loss,
	})
	is(t, err, stock.ErrBelowZero)
	_, err = s.BookMovement(t.Context(), s.by(ware), app.Movement{SKU: "NONE", Kind: stock.Receipt, Quantity: 1})
	is(t, err, app.ErrNotFound)
}

// TestALongStockStreamIsSnapshotted books more events than lie between two snapshots, then reads with an App that
// has nothing in memory.
func TestALongStockStreamIsSnapshotted(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 0)
	for range 205 {
		s.receive("MUG", 1)
	}
	s.level("MUG")
	stream := es.Stream{Type: app.StreamStock, ID: ids.StockStream("MUG")}
	snapshots, err := s.store.LoadSnapshots(t.Context(), stream)
	must(t, err)
	if snapshots[stream].Version < 200 {
		t.Fatalf("got a snapshot at version %d", snapshots[stream].Version)
	}
	cold := app.New(app.Deps{Store: s.store, Snapshots: s.store})
	res, err := cold.Stock(t.Context(), ware, "MUG")
	must(t, err)
	if res.State.OnHand != 205 || res.Version != 205 {
		t.Fatalf("got %+v at %d", res.State, res.Version)
	}
}

func TestADiscountIsCheckedAgainAtPlacement(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	_, err := s.DefineDiscount(t.Context(), s.by(admin), product.Define{Code: "TEN", Kind: product.PercentOff, Value: 1000, ValidTo: noon.Add(time.Hour)})
	must(t, err)
	n := cart("o", line("MUG", 1))
	n.Submit = nil
	res, err := s.Draft(t.Context(), s.by(anna), n)
	must(t, err)
	id := res.State.ID
	res, err = s.ApplyDiscount(t.Context(), s.by(anna), id, "TEN")
	must(t, err)
	if res.State.DiscountTotal != 100 {
		t.Fatalf("got %d off", res.State.DiscountTotal)
	}
	s.now = noon.Add(time.Hour)
	_, err = s.Place(t.Context(), s.by(anna), id, app.Submit{PaymentMethodToken: "tok_ok"})
	var gone *order.DiscountError
	if !errors.As(err, &gone) || gone.Totals.GrandTotal != 1490 {
		t.Fatalf("got %v", err)
	}
	_, err = s.RemoveDiscount(t.Context(), s.by(anna), id, res.State.Discounts[0].DiscountID)
	must(t, err)
	_, err = s.Place(t.Context(), s.by(anna), id, app.Submit{PaymentMethodToken: "tok_ok"})
	must(t, err)
}
