package app_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// replicas are two processes over the store of s: nothing in memory joins them.
func (s *shop) replicas() [2]*app.App {
	other := app.New(app.Deps{Store: s.store, Snapshots: s.store, Clock: s.clock, Config: s.config})
	return [2]*app.App{s.App, other}
}

func TestTwinsInTwoProcessesMakeOneOrder(t *testing.T) {
	s := newShop(t)
	s.sells("A", 1000, 100)
	s.sells("B", 1000, 1)
	for round := range 20 {
		start := s.head()
		id := fmt.Sprint("o", round)
		ask := keyed(anna, id, "f")
		var wg sync.WaitGroup
		results := make([]app.Result, 16)
		for i := range results {
			n := cart(id, line("A", 1), line("B", 1)) // the last B: a twin that decides late finds it gone
			wg.Go(func() {
				var err error
				if results[i], err = s.replicas()[i%2].Draft(t.Context(), ask, n); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := len(s.types(start)); got != 4 {
			t.Fatalf("got %d events, want 4", got)
		}
		for _, r := range results {
			if diff := cmp.Diff(r.State, results[0].State); diff != "" {
				t.Fatal(diff)
			}
		}
		_, err := s.Cancel(t.Context(), s.by(anna), results[0].State.ID, order.ByCustomer, "")
		must(t, err)
	}
}

func TestTwoProcessesDoNotOversell(t *testing.T) {
	s := newShop(t)
	s.sells("A", 1000, 7)
	s.sells("B", 1000, 5)
	both := s.replicas()
	var wg sync.WaitGroup
	var mu sync.Mutex
	sold := 0
	for i := range 40 {
		ask, n := s.by(anna), cart(fmt.Sprint("o", i), line("B", 1), line("A", 1))
		if i%2 == 0 { // the other order of lines: no circular wait
			n = cart(fmt.Sprint("o", i), line("A", 1), line("B", 1))
		}
		wg.Go(func() {
			_, err := both[i%2].Draft(t.Context(), ask, n)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				sold++
			case !errors.Is(err, stock.ErrInsufficient) && !errors.Is(err, es.ErrConflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	a, b := s.level("A"), s.level("B")
	if sold > 5 || a.Reserved != int64(sold) || b.Reserved != int64(sold) || len(a.Open) != sold {
		t.Fatalf("sold %d, reserved %d and %d", sold, a.Reserved, b.Reserved)
	}
	if sold != 5 {
		t.Fatalf("sold %d of 5: who lost a race must try again", sold)
	}
}

func TestShippingAndCancellingInTwoProcessesHaveOneWinner(t *testing.T) {
	s := newShop(t)
	s.sells("A", 1000, 100)
	both := s.replicas()
	for round := range 20 {
		res := s.confirmed(fmt.Sprint("o", round), line("A", 2))
		id, lines := res.State.ID, []order.LineQuantity{{LineID: res.State.Lines[0].LineID, Quantity: 2}}
		shipAsk, cancelAsk := s.by(ware), s.by(anna)
		var wg sync.WaitGroup
		var shipped, cancelled error
		wg.Go(func() {
			_, shipped = both[0].Ship(t.Context(), shipAsk, id, lines, app.Tracking{Carrier: "a", Number: "1"})
		})
		wg.Go(func() { _, cancelled = both[1].Cancel(t.Context(), cancelAsk, id, order.ByCustomer, "") })
		wg.Wait()
		if (shipped == nil) == (cancelled == nil) {
			t.Fatalf("shipping: %v, cancelling: %v", shipped, cancelled)
		}
		if shipped != nil && !errors.Is(shipped, order.ErrStatus) || cancelled != nil && !errors.Is(cancelled, order.ErrShipped) {
			t.Fatalf("shipping: %v, cancelling: %v", shipped, cancelled)
		}
		if got := s.level("A").Kept(stock.OrderID(id)); got != 0 {
			t.Fatalf("%d units are still kept", got)
		}
	}
}
