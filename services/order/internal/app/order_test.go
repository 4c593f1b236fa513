package app_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

func TestAnOrderGoesFromDraftToCompleted(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1999, 10)
	s.sells("BOWL", 2999, 10)
	start := s.head()
	res := s.confirmed("o", line("MUG", 2), line("BOWL", 1))
	want := []string{"order.drafted", "order.placed", "stock.reserved", "stock.reserved", "order.payment_authorized", "order.confirmed"}
	if diff := cmp.Diff(s.types(start), want); diff != "" {
		t.Fatal(diff)
	}
	if res.State.Status != order.StatusConfirmed || res.State.GrandTotal != 2*1999+2999 || res.Version != 4 {
		t.Fatalf("got %s, total %d, version %d", res.State.Status, res.State.GrandTotal, res.Version)
	}
	if got := s.level("MUG"); got.OnHand != 10 || got.Reserved != 2 {
		t.Fatalf("got %+v", got)
	}
	lines := []order.LineQuantity{{LineID: res.State.Lines[0].LineID, Quantity: 2}, {LineID: res.State.Lines[1].LineID, Quantity: 1}}
	shipped, err := s.Ship(t.Context(), s.by(ware), res.State.ID, lines, app.Tracking{Carrier: "dhl", Number: "1"})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.level("MUG"); got.OnHand != 8 || got.Reserved != 0 {
		t.Fatalf("got %+v", got)
	}
	done, err := s.Deliver(t.Context(), s.by(ware), res.State.ID, shipped.State.Shipments[0].ID)
	if err != nil || done.State.Status != order.StatusCompleted {
		t.Fatalf("got %s, %v", done.State.Status, err)
	}
}

func TestADraftIsEditedAndPlaced(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	s.sells("BOWL", 2000, 5)
	empty := cart("o")
	empty.Submit, empty.Address = nil, nil
	res, err := s.Draft(t.Context(), s.by(anna), empty)
	must(t, err)
	id := res.State.ID
	_, err = s.Place(t.Context(), s.by(anna), id, app.Submit{PaymentMethodToken: "tok_ok"})
	is(t, err, order.ErrIncomplete)
	_, err = s.AddLine(t.Context(), s.by(anna), id, line("MUG", 2))
	must(t, err)
	res, err = s.AddLine(t.Context(), s.by(anna), id, line("BOWL", 1))
	must(t, err)
	mug, _ := res.State.LineOf("MUG")
	bowl, _ := res.State.LineOf("BOWL")
	_, err = s.ChangeQuantity(t.Context(), s.by(anna), id, mug.LineID, 3)
	must(t, err)
	_, err = s.RemoveLine(t.Context(), s.by(anna), id, bowl.LineID)
	must(t, err)
	_, err = s.SetAddress(t.Context(), s.by(anna), id, home)
	must(t, err)
	res, err = s.Place(t.Context(), s.by(anna), id, app.Submit{PaymentMethodToken: "tok_ok"})
	must(t, err)
	if res.State.Status != order.StatusPlaced || res.State.GrandTotal != 3490 || s.level("MUG").Reserved != 3 {
		t.Fatalf("got %s, total %d, reserved %d", res.State.Status, res.State.GrandTotal, s.level("MUG").Reserved)
	}
	_, err = s.AddLine(t.Context(), s.by(anna), id, line("BOWL", 1))
	is(t, err, order.ErrStatus)
}

func TestAShortOrderNamesEveryShortProductAndStoresNothing(t *testing.T) {
	s := newShop(t)
	s.sells("A", 100, 1)
	s.sells("B", 100, 5)
	s.sells("C", 100, 0)
	start := s.head()
	_, err := s.Draft(t.Context(), keyed(anna, "k", "f"), cart("o", line("C", 1), line("B", 2), line("A", 2)))
	var short *app.InsufficientStockError
	if !errors.As(err, &short) {
		t.Fatalf("got %v", err)
	}
	want := []*stock.InsufficientError{{SKU: "A", Requested: 2, Available: 1}, {SKU: "C", Requested: 1}}
	if diff := cmp.Diff(short.Short, want); diff != "" {
		t.Fatal(diff)
	}
	if s.head() != start {
		t.Fatal("something was stored")
	}
	s.receive("A", 1)
	s.receive("C", 1)
	if _, err := s.Draft(t.Context(), keyed(anna, "k", "f"), cart("o", line("C", 1), line("B", 2), line("A", 2))); err != nil {
		t.Fatalf("the same key when stock is there: %v", err)
	}
}

func TestACommandIsAnsweredAgain(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	ask := keyed(anna, "k", "f")
	first, err := s.Draft(t.Context(), ask, cart("o", line("MUG", 1)))
	must(t, err)
	_, err = s.Cancel(t.Context(), s.by(anna), first.State.ID, order.ByCustomer, "")
	must(t, err)
	again, err := s.Draft(t.Context(), ask, cart("o", line("MUG", 1)))
	must(t, err)
	if !again.Repeated || again.Version != first.Version {
		t.Fatalf("got repeated %v, version %d", again.Repeated, again.Version)
	}
	if diff := cmp.Diff(again.State, first.State); diff != "" {
		t.Fatal(diff)
	}
	_, err = s.Draft(t.Context(), keyed(anna, "k", "other"), cart("o", line("MUG", 2)))
	is(t, err, es.ErrCommandReused)
}

func TestTwinsMakeOneOrder(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 100)
	start := s.head()
	var wg sync.WaitGroup
	results := make([]app.Result, 50)
	for i := range results {
		wg.Go(func() {
			var err error
			if results[i], err = s.Draft(t.Context(), keyed(anna, "k", "f"), cart("o", line("MUG", 1))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(s.types(start)); got != 3 {
		t.Fatalf("got %d events, want 3", got)
	}
	for _, r := range results {
		if diff := cmp.Diff(r.State, results[0].State); diff != "" || r.Version != 2 {
			t.Fatal(r.Version, diff)
		}
	}
}

func TestOneUnitIsSoldOnce(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 1)
	var wg sync.WaitGroup
	var mu sync.Mutex
	sold := 0
	for i := range 100 {
		ask, n := s.by(anna), cart(time.Duration(i).String(), line("MUG", 1))
		wg.Go(func() {
			_, err := s.Draft(t.Context(), ask, n)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				sold++
			case !errors.Is(err, stock.ErrInsufficient):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := s.level("MUG"); sold != 1 || got.Reserved != 1 {
		t.Fatalf("sold %d, %+v", sold, got)
	}
}

func TestCancellingReleasesStockAndVoids(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	res := s.confirmed("o", line("MUG", 2))
	start := s.head()
	res, err := s.Cancel(t.Context(), s.by(anna), res.State.ID, order.ByCustomer, "")
	must(t, err)
	if diff := cmp.Diff(s.types(start), []string{"order.cancelled", "order.payment_void_requested", "stock.released"}); diff != "" {
		t.Fatal(diff)
	}
	if res.State.Status != order.StatusCancelled || s.level("MUG").Reserved != 0 {
		t.Fatalf("got %s, %+v", res.State.Status, s.level("MUG"))
	}
	start = s.head()
	if _, err = s.Cancel(t.Context(), s.by(anna), res.State.ID, order.ByCustomer, ""); err != nil || s.head() != start {
		t.Fatalf("again: %v, %d events", err, s.head()-start)
	}
}

func TestAnOrderIsNobodyElses(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	id := s.confirmed("o", line("MUG", 1)).State.ID
	start := s.head()
	unknown := order.ID(ids.Order("x", "y"))
	for _, c := range []struct {
		name string
		do   func() error
		want error
	}{
		{"read", func() error { _, err := s.State(t.Context(), bert, id); return err }, app.ErrNotFound},
		{"cancelled", func() error { _, err := s.Cancel(t.Context(), s.by(bert), id, order.ByCustomer, ""); return err }, app.ErrNotFound},
		{"cancelled at a stale version", func() error {
			ask := s.by(bert)
			ask.IfVersion = 1
			_, err := s.Cancel(t.Context(), ask, id, order.ByCustomer, "")
			return err
		}, app.ErrNotFound},
		{"shipped by another customer", func() error {
			_, err := s.Ship(t.Context(), s.by(bert), id, nil, app.Tracking{})
			return err
		}, app.ErrNotFound},
		{"shipped by its customer", func() error {
			_, err := s.Ship(t.Context(), s.by(anna), id, nil, app.Tracking{})
			return err
		}, app.ErrForbidden},
		{"cancelled by the warehouse", func() error {
			_, err := s.Cancel(t.Context(), s.by(ware), id, order.ByStaff, "")
			return err
		}, app.ErrForbidden},
		{"one that is not there", func() error { _, err := s.Cancel(t.Context(), s.by(anna), unknown, order.ByCustomer, ""); return err }, app.ErrNotFound},
		{"one that is not there, at a version", func() error {
			ask := s.by(desk)
			ask.IfVersion = 3
			_, err := s.Cancel(t.Context(), ask, unknown, order.ByCustomer, "")
			return err
		}, app.ErrNotFound},
		{"told a fact by a person", func() error {
			_, err := s.Record(t.Context(), s.by(admin), id, func(c order.Cause) order.Command { return order.AddNote{Cause: c, Note: "x"} })
			return err
		}, app.ErrForbidden},
	} {
		t.Run(c.name, func(t *testing.T) { is(t, c.do(), c.want) })
	}
	if s.head() != start {
		t.Fatal("something was stored")
	}
}

func TestStaffSayWhoseOrderItIs(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	n := cart("o", line("MUG", 1))
	_, err := s.Draft(t.Context(), s.by(desk), n)
	is(t, err, app.ErrCustomerMissing)
	n.CustomerID = "anna"
	res, err := s.Draft(t.Context(), s.by(desk), n)
	must(t, err)
	if res.State.Channel != order.Staff || res.State.CustomerID != "anna" {
		t.Fatalf("got %+v", res.State)
	}
	_, err = s.Draft(t.Context(), s.by(bert), n)
	is(t, err, app.ErrForbidden)
	_, err = s.Draft(t.Context(), s.by(ware), n)
	is(t, err, app.ErrForbidden)
}

func TestTheBookSaysWhatCanBeSold(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	s.sells("OLD", 1000, 5)
	_, err := s.Discontinue(t.Context(), s.by(admin), "OLD", "gone")
	must(t, err)
	yen := cart("o", line("MUG", 1))
	yen.Currency = "JPY"
	dollars := cart("o", line("MUG", 1))
	dollars.Currency = "USD"
	for _, c := range []struct {
		name string
		n    app.NewOrder
		want error
	}{
		{"a product nobody knows", cart("o", line("MUG", 1), line("NONE", 1)), app.ErrUnknownSKU},
		{"a product that is no longer sold", cart("o", line("OLD", 1)), app.ErrDiscontinued},
		{"a product without a price in the currency", yen, app.ErrNoPrice},
		{"a currency the shop does not place in", dollars, app.ErrCurrency},
	} {
		_, err := s.Draft(t.Context(), s.by(anna), c.n)
		t.Run(c.name, func(t *testing.T) { is(t, err, c.want) })
	}
}

func TestPricesAreThoseOfThePlacement(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	n := cart("o", line("MUG", 1))
	n.Submit = nil
	res, err := s.Draft(t.Context(), s.by(anna), n)
	must(t, err)
	s.now = s.now.Add(time.Minute)
	_, err = s.ChangePrice(t.Context(), s.by(admin), app.Price{SKU: "MUG", Currency: "EUR", Amount: 1200, Reason: "regular"})
	must(t, err)
	_, err = s.Place(t.Context(), s.by(anna), res.State.ID, app.Submit{PaymentMethodToken: "tok_ok"})
	var changed *order.PriceChangedError
	if !errors.As(err, &changed) || changed.Totals.GrandTotal != 1690 {
		t.Fatalf("got %v", err)
	}
	total := money.Amount(1690)
	_, err = s.Place(t.Context(), s.by(anna), res.State.ID, app.Submit{PaymentMethodToken: "tok_ok", ExpectedTotal: &total, Currency: "JPY"})
	is(t, err, app.ErrOtherCurrency)
	res, err = s.Place(t.Context(), s.by(anna), res.State.ID, app.Submit{PaymentMethodToken: "tok_ok", ExpectedTotal: &total, Currency: "EUR"})
	must(t, err)
	if res.State.Lines[0].UnitPrice != 1200 {
		t.Fatalf("got %d", res.State.Lines[0].UnitPrice)
	}
}

func TestAnOrderAsItWas(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	n := cart("o", line("MUG", 1))
	n.Submit = nil
	placed, err := s.Draft(t.Context(), s.by(anna), n)
	must(t, err)
	_, err = s.Place(t.Context(), s.by(anna), placed.State.ID, app.Submit{PaymentMethodToken: "tok_ok"})
	must(t, err)
	s.now = s.now.Add(time.Hour)
	_, err = s.Cancel(t.Context(), s.by(anna), placed.State.ID, order.ByCustomer, "")
	must(t, err)
	id := placed.State.ID
	one, err := s.StateAtVersion(t.Context(), anna, id, 1)
	must(t, err)
	then, err := s.StateAt(t.Context(), desk, id, s.now.Add(-time.Minute))
	must(t, err)
	now, err := s.State(t.Context(), anna, id)
	must(t, err)
	got := []order.Status{one.State.Status, then.State.Status, now.State.Status}
	if diff := cmp.Diff(got, []order.Status{order.StatusDraft, order.StatusPlaced, order.StatusCancelled}); diff != "" {
		t.Fatal(diff)
	}
	_, err = s.StateAtVersion(t.Context(), anna, id, 99)
	is(t, err, app.ErrVersionUnknown)
	_, err = s.StateAt(t.Context(), anna, id, noon.Add(-time.Hour))
	is(t, err, app.ErrNotFound)
	_, err = s.StateAtVersion(t.Context(), bert, id, 99)
	is(t, err, app.ErrNotFound)
	_, err = s.State(t.Context(), auth.Principal{}, id)
	is(t, err, app.ErrForbidden)
}

func TestTimers(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	id := s.placed("o", line("MUG", 1)).State.ID
	_, err := s.ExpirePayment(t.Context(), s.fact(), id)
	var early *order.NotDueError
	if !errors.As(err, &early) || !early.DueAt.Equal(noon.Add(order.PaymentTime)) {
		t.Fatalf("got %v", err)
	}
	s.now = early.DueAt
	res, err := s.ExpirePayment(t.Context(), s.fact(), id)
	must(t, err)
	if res.State.Status != order.StatusExpired || s.level("MUG").Reserved != 0 {
		t.Fatalf("got %s, %+v", res.State.Status, s.level("MUG"))
	}
	_, err = s.ExpirePayment(t.Context(), s.by(admin), id)
	is(t, err, app.ErrForbidden)
}

func TestEveryEventSaysWhoAndWhy(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 1000, 5)
	ask := s.by(anna)
	ask.TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	res, err := s.Draft(t.Context(), ask, cart("o", line("MUG", 1)))
	must(t, err)
	for _, e := range s.events(res.State.ID) {
		want := es.Metadata{
			CommandID: ask.CommandID, Fingerprint: "f", CorrelationID: ask.CommandID, Actor: "customer:anna", TraceParent: ask.TraceParent, SchemaVersion: 1,
		}
		if diff := cmp.Diff(e.Metadata, want); diff != "" {
			t.Error(diff)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}
