package app_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// follow hands everything after a position to FollowStock, twice: a crash may repeat it.
func (s *shop) follow(after int64) {
	s.t.Helper()
	events, err := s.store.ReadAll(s.t.Context(), after, 1000)
	must(s.t, err)
	for range 2 {
		must(s.t, s.FollowStock(s.t.Context(), events))
	}
}

func TestAnOrderIsToldOfItsShortfall(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	first, second := s.confirmed("a", line("MUG", 3)), s.confirmed("b", line("MUG", 2))
	s.follow(0)
	start := s.head()
	_, err := s.BookMovement(t.Context(), s.by(ware), app.Movement{
		ID: stock.MovementID(ids.Movement("w", "k")), SKU: "MUG", Kind: stock.Adjustment, Delta: -3, Reason: stock.Damage,
	})
	must(t, err)
	s.follow(start)
	want := []string{"stockmove.booked", "stock.adjusted", "order.lines_backordered", "order.lines_backordered"}
	if diff := cmp.Diff(s.types(start), want); diff != "" {
		t.Fatal(diff)
	}
	for id, missing := range map[order.ID]int{first.State.ID: 1, second.State.ID: 2} {
		res, err := s.State(t.Context(), anna, id)
		must(t, err)
		if got := res.State.Lines[0].Backordered(); got != missing || res.State.FulfillmentStatus != order.GoodsBackordered {
			t.Errorf("got %d of %s backordered, %s", got, id, res.State.FulfillmentStatus)
		}
	}
	_, err = s.Ship(t.Context(), s.by(ware), second.State.ID, []order.LineQuantity{{LineID: second.State.Lines[0].LineID, Quantity: 1}}, app.Tracking{Carrier: "a", Number: "1"})
	is(t, err, stock.ErrInsufficient)
	start = s.head()
	s.receive("MUG", 1)
	s.follow(start)
	if diff := cmp.Diff(s.types(start), []string{"stockmove.booked", "stock.received", "order.lines_backordered"}); diff != "" {
		t.Fatal(diff)
	}
	_, err = s.Cancel(t.Context(), s.by(anna), first.State.ID, order.ByCustomer, "")
	must(t, err)
	s.follow(start)
	res, err := s.State(t.Context(), anna, second.State.ID)
	must(t, err)
	if got := res.State.Lines[0].Backordered(); got != 0 {
		t.Fatalf("got %d backordered after a cancellation freed units", got)
	}
}
