package stock_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

var at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func head(onHand, reserved int64) stock.Head {
	return stock.Head{SKU: "MUG", OnHand: onHand, Reserved: reserved, OccurredAt: at}
}

func received(onHand, reserved, quantity int64) stock.Received {
	return stock.Received{Head: head(onHand, reserved), Quantity: quantity, Source: stock.Purchase, Reference: "PO-1", MovementID: "m"}
}

func reserved(onHand, res int64, o stock.OrderID, quantity int64) stock.Reserved {
	return stock.Reserved{Head: head(onHand, res), OrderID: o, Quantity: quantity}
}

func TestDecide(t *testing.T) {
	ten := received(10, 0, 10)
	short := []stock.Event{ten, reserved(10, 4, "a", 4), reserved(10, 10, "b", 6), stock.Adjusted{Head: head(5, 10), Delta: -5, Reason: stock.Damage}}
	for _, row := range []struct {
		name  string
		given []stock.Event
		when  stock.Command
		then  []stock.Event
		err   error
	}{
		{
			name: "a receipt adds to what is on hand",
			when: stock.Receive{SKU: "MUG", Quantity: 10, Reference: "PO-1", MovementID: "m", At: at},
			then: []stock.Event{ten},
		},
		{name: "a receipt of nothing is refused", when: stock.Receive{SKU: "MUG", At: at}, err: stock.ErrQuantity},
		{name: "a negative receipt is refused", when: stock.Receive{SKU: "MUG", Quantity: -1, At: at}, err: stock.ErrQuantity},
		{
			name: "stock has a ceiling", given: []stock.Event{ten},
			when: stock.Receive{SKU: "MUG", Quantity: stock.MaxQuantity, At: at}, err: stock.ErrQuantity,
		},
		{
			name: "what an order brings back is on hand again", given: []stock.Event{ten},
			when: stock.Restock{SKU: "MUG", Quantity: 2, Reference: "r", OrderID: "a", At: at},
			then: []stock.Event{stock.Received{Head: head(12, 0), Quantity: 2, Source: stock.Return, Reference: "r", OrderID: "a"}},
		},
		{name: "restocking nothing is refused", when: stock.Restock{SKU: "MUG", At: at}, err: stock.ErrQuantity},
		{
			name: "an order reserves what is available", given: []stock.Event{ten},
			when: stock.Reserve{SKU: "MUG", OrderID: "a", Quantity: 10, At: at},
			then: []stock.Event{reserved(10, 10, "a", 10)},
		},
		{
			name: "reserving more than is available is refused", given: []stock.Event{ten, reserved(10, 4, "a", 4)},
			when: stock.Reserve{SKU: "MUG", OrderID: "b", Quantity: 7, At: at}, err: stock.ErrInsufficient,
		},
		{name: "a SKU without stock is refused", when: stock.Reserve{SKU: "MUG", OrderID: "b", Quantity: 1, At: at}, err: stock.ErrInsufficient},
		{
			name: "an order reserves once", given: []stock.Event{ten, reserved(10, 4, "a", 4)},
			when: stock.Reserve{SKU: "MUG", OrderID: "a", Quantity: 1, At: at}, err: stock.ErrAlreadyReserved,
		},
		{name: "reserving nothing is refused", given: []stock.Event{ten}, when: stock.Reserve{SKU: "MUG", OrderID: "a", At: at}, err: stock.ErrQuantity},
		{
			name: "a release makes units available", given: []stock.Event{ten, reserved(10, 4, "a", 4)},
			when: stock.Release{SKU: "MUG", OrderID: "a", Quantity: 3, Reason: stock.LinesCancelled, At: at},
			then: []stock.Event{stock.Released{Head: head(10, 1), OrderID: "a", Quantity: 3, Reason: stock.LinesCancelled}},
		},
		{
			name: "more than was reserved cannot be released", given: []stock.Event{ten, reserved(10, 4, "a", 4)},
			when: stock.Release{SKU: "MUG", OrderID: "a", Quantity: 5, Reason: stock.Cancelled, At: at}, err: stock.ErrNotReserved,
		},
		{
			name: "a shipment takes units off both counts", given: []stock.Event{ten, reserved(10, 4, "a", 4)},
			when: stock.Ship{SKU: "MUG", OrderID: "a", ShipmentID: "s", Quantity: 3, At: at},
			then: []stock.Event{stock.Shipped{Head: head(7, 1), OrderID: "a", ShipmentID: "s", Quantity: 3}},
		},
		{
			name: "what is reserved by another order does not ship", given: []stock.Event{ten, reserved(10, 4, "a", 4)},
			when: stock.Ship{SKU: "MUG", OrderID: "b", ShipmentID: "s", Quantity: 1, At: at}, err: stock.ErrNotReserved,
		},
		{
			name: "covered units ship", given: short,
			when: stock.Ship{SKU: "MUG", OrderID: "b", ShipmentID: "s", Quantity: 1, At: at},
			then: []stock.Event{stock.Shipped{Head: head(4, 9), OrderID: "b", ShipmentID: "s", Quantity: 1}},
		},
		{
			name: "uncovered units do not ship", given: short,
			when: stock.Ship{SKU: "MUG", OrderID: "b", ShipmentID: "s", Quantity: 2, At: at}, err: stock.ErrInsufficient,
		},
		{
			name: "a correction may go below what is reserved", given: []stock.Event{ten, reserved(10, 4, "a", 4)},
			when: stock.Adjust{SKU: "MUG", Delta: -10, Reason: stock.Loss, Note: "fire", MovementID: "m", At: at},
			then: []stock.Event{stock.Adjusted{Head: head(0, 4), MovementID: "m", Delta: -10, Reason: stock.Loss, Note: "fire"}},
		},
		{
			name: "a correction may not go below zero", given: []stock.Event{ten},
			when: stock.Adjust{SKU: "MUG", Delta: -11, Reason: stock.Loss, At: at}, err: stock.ErrBelowZero,
		},
		{name: "a correction by nothing is refused", when: stock.Adjust{SKU: "MUG", Reason: stock.Loss, At: at}, err: stock.ErrQuantity},
		{name: "a correction has a known reason", when: stock.Adjust{SKU: "MUG", Delta: 1, Reason: "mood", At: at}, err: stock.ErrReason},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := fold(row.given)
			got, err := stock.Decide(row.when, s)
			if !errors.Is(err, row.err) {
				t.Fatalf("got error %v, want %v", err, row.err)
			}
			if diff := cmp.Diff(got, row.then); diff != "" {
				t.Fatalf("events (-got +want):\n%s", diff)
			}
		})
	}
}

func TestInsufficientErrorNamesTheSKUAndWhatCouldBeHad(t *testing.T) {
	_, err := stock.Decide(stock.Reserve{SKU: "MUG", OrderID: "b", Quantity: 7}, fold([]stock.Event{received(10, 0, 10), reserved(10, 4, "a", 4)}))
	var short *stock.InsufficientError
	if !errors.As(err, &short) {
		t.Fatalf("got %v, want an InsufficientError", err)
	}
	if diff := cmp.Diff(*short, stock.InsufficientError{SKU: "MUG", Requested: 7, Available: 6}); diff != "" {
		t.Fatal(diff)
	}
	if short.Error() != "MUG: 7 requested, 6 available" {
		t.Fatalf("got %q", short.Error())
	}
}

func TestAShortfallFallsOnTheNewestReservations(t *testing.T) {
	s := stock.State{OnHand: 5, Reserved: 12, Open: []stock.Reservation{{"a", 4}, {"b", 6}, {"c", 2}}}
	if diff := cmp.Diff(s.Uncovered(), []stock.Reservation{{"b", 5}, {"c", 2}}); diff != "" {
		t.Fatal(diff)
	}
	if s.Available() != -7 || s.Covered("a") != 4 || s.Covered("b") != 1 || s.Covered("c") != 0 || s.Covered("x") != 0 {
		t.Fatalf("got available %d, covered %d %d %d", s.Available(), s.Covered("a"), s.Covered("b"), s.Covered("c"))
	}
}

func TestAMovementIsBookedOnce(t *testing.T) {
	book := stock.Book{MovementID: "m", Kind: stock.Receipt, Quantity: 3, Reference: "PO-1", After: head(3, 0), StockVersion: 1}
	events, err := stock.DecideMovement(book, stock.NoMovement())
	want := []stock.MovementBooked{{
		MovementID: "m", SKU: "MUG", Kind: stock.Receipt, Quantity: 3, Reference: "PO-1", OnHand: 3, StockVersion: 1, OccurredAt: at,
	}}
	if diff := cmp.Diff(events, want); diff != "" || err != nil {
		t.Fatal(err, diff)
	}
	again, err := stock.DecideMovement(book, stock.EvolveMovement(stock.NoMovement(), events[0]))
	if len(again) != 0 || err != nil {
		t.Fatalf("got %v, %v: want nothing", again, err)
	}
}

// TestInvariants runs random commands and checks S1 to S5 after each.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := stock.Initial()
		reservedBy, endedBy := map[stock.OrderID]int64{}, map[stock.OrderID]int64{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			c := command(t)
			before := s
			events, err := stock.Decide(c, s)
			if err != nil {
				continue
			}
			if r, ok := c.(stock.Reserve); ok && before.Available() < r.Quantity {
				t.Fatalf("S1: %+v accepted on %+v", r, before)
			}
			for _, e := range events {
				s = stock.Evolve(s, e)
				checkEvent(t, e, before, s, reservedBy, endedBy)
			}
			checkState(t, s, reservedBy, endedBy)
		}
	})
}

func command(t *rapid.T) stock.Command {
	o := rapid.SampledFrom([]stock.OrderID{"a", "b", "c", "d"}).Draw(t, "order")
	n := rapid.Int64Range(-1, 12).Draw(t, "quantity")
	return rapid.SampledFrom([]stock.Command{
		stock.Receive{SKU: "MUG", Quantity: n}, stock.Restock{SKU: "MUG", Quantity: n, OrderID: o},
		stock.Adjust{SKU: "MUG", Delta: n - 6, Reason: stock.Count}, stock.Reserve{SKU: "MUG", OrderID: o, Quantity: n},
		stock.Release{SKU: "MUG", OrderID: o, Quantity: n, Reason: stock.Cancelled}, stock.Ship{SKU: "MUG", OrderID: o, Quantity: n},
	}).Draw(t, "command")
}

func checkEvent(t *rapid.T, e stock.Event, before, after stock.State, reservedBy, endedBy map[stock.OrderID]int64) {
	var h stock.Head
	switch e := e.(type) {
	case stock.Received:
		h = e.Head
	case stock.Adjusted:
		h = e.Head
	case stock.Reserved:
		h = e.Head
		reservedBy[e.OrderID] += e.Quantity
	case stock.Released:
		h = e.Head
		endedBy[e.OrderID] += e.Quantity
	case stock.Shipped:
		h = e.Head
		endedBy[e.OrderID] += e.Quantity
		if before.Kept(e.OrderID) < e.Quantity {
			t.Fatalf("S5: %+v shipped from %+v", e, before)
		}
	}
	if h.OnHand != after.OnHand || h.Reserved != after.Reserved {
		t.Fatalf("the event says %+v, the fold %+v", h, after)
	}
}

func checkState(t *rapid.T, s stock.State, reservedBy, endedBy map[stock.OrderID]int64) {
	var sum int64
	for _, r := range s.Open {
		sum += r.Quantity
		if r.Quantity != reservedBy[r.OrderID]-endedBy[r.OrderID] {
			t.Fatalf("S3: %+v open, reserved %d, ended %d", r, reservedBy[r.OrderID], endedBy[r.OrderID])
		}
	}
	for o, n := range endedBy {
		if n > reservedBy[o] || s.Kept(o) != reservedBy[o]-n {
			t.Fatalf("S3: order %s: reserved %d, ended %d, kept %d", o, reservedBy[o], n, s.Kept(o))
		}
	}
	if sum != s.Reserved {
		t.Fatalf("S2: %d reserved, %d open", s.Reserved, sum)
	}
	if s.OnHand < 0 {
		t.Fatalf("S4: %d on hand", s.OnHand)
	}
}

func TestEvolveLeavesItsArgumentAlone(t *testing.T) {
	s := fold([]stock.Event{received(10, 0, 10), reserved(10, 4, "a", 4), reserved(10, 6, "b", 2)})
	kept := fold([]stock.Event{received(10, 0, 10), reserved(10, 4, "a", 4), reserved(10, 6, "b", 2)})
	one := stock.Evolve(s, reserved(10, 7, "c", 1))
	two := stock.Evolve(s, stock.Shipped{OrderID: "a", Quantity: 3})
	three := stock.Evolve(s, reserved(10, 8, "d", 2))
	if diff := cmp.Diff(s, kept); diff != "" {
		t.Fatalf("the state changed:\n%s", diff)
	}
	if one.Kept("c") != 1 || one.Kept("d") != 0 || two.Kept("a") != 1 || three.Kept("d") != 2 {
		t.Fatalf("states share memory: %+v %+v %+v", one, two, three)
	}
}

func fold(events []stock.Event) stock.State {
	s := stock.Initial()
	for _, e := range events {
		s = stock.Evolve(s, e)
	}
	return s
}
