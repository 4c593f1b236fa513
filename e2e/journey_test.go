package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// TestJourneys tells the business on one shop.
func TestJourneys(t *testing.T) {
	s := startStack(t)
	for _, j := range []struct {
		name string
		run  func(*testing.T, *stack)
	}{
		{"an order is paid, shipped in two parts, delivered and completed", wholeRoad},
		{"a declined payment keeps the stock and leaves the order open", declined},
		{"a cancelled order gets its authorization voided", cancelled},
		{"an unknown outcome is one charge", unknownOutcome},
		{"fifty twins of one key are one order with identical answers", twins},
		{"of a hundred buyers of one unit one gets it", lastUnit},
		{"a foreign order is not found", foreignOrder},
	} {
		t.Run(j.name, func(t *testing.T) {
			shop := *s
			shop.t = t
			j.run(t, &shop)
		})
	}
	t.Run("every view equals the fold of its stream", func(t *testing.T) {
		shop := *s
		shop.t = t
		shop.checkViews()
	})
	t.Run("the topic holds every version once in order", func(t *testing.T) {
		shop := *s
		shop.t = t
		shop.checkTopic()
	})
}

func wholeRoad(t *testing.T, s *stack) {
	s.stock("ROAD", 2500, 10)
	customer, warehouse := s.as("customer", "anna"), s.as("warehouse", "packer")
	o := customer.place("ROAD", 4, "tok_ok")
	customer.await(o.OrderID, "confirmed", status("confirmed"))
	if got, want := did(s.ledger(o.OrderID)), []string{"authorize 10000"}; !cmp.Equal(got, want) {
		t.Fatalf("ledger before shipping: got %v, want %v", got, want)
	}
	ship := func(units int, tracking string) string {
		t.Helper()
		var after order
		warehouse.do(http.MethodPost, "/v1/orders/"+o.OrderID+"/shipments", es.NewID(), map[string]any{
			"carrier": "DHL", "tracking_number": tracking, "lines": []map[string]any{{"line_id": o.Lines[0].LineID, "quantity": units}},
		}).decode(t, http.StatusCreated, &after)
		return after.Shipments[len(after.Shipments)-1].ShipmentID
	}
	first := ship(1, "T1")
	customer.await(o.OrderID, "partially captured", func(o order) bool { return o.Captured.Amount == 2500 && o.Fulfillment == "partially_shipped" })
	second := ship(3, "T2")
	customer.await(o.OrderID, "captured", func(o order) bool { return o.Captured.Amount == 10000 && o.Payment == "captured" })
	for _, id := range []string{first, second} {
		if a := warehouse.do(http.MethodPost, "/v1/orders/"+o.OrderID+"/shipments/"+id+"/delivered", es.NewID(), nil); a.status != http.StatusOK {
			t.Fatalf("deliver: %d %s", a.status, a.body)
		}
	}
	customer.await(o.OrderID, "completed", func(o order) bool { return o.Status == "completed" && o.Fulfillment == "delivered" })
	if got, want := did(s.ledger(o.OrderID)), []string{"authorize 10000", "capture 2500", "capture 7500"}; !cmp.Equal(got, want) {
		t.Errorf("ledger: got %v, want %v", got, want)
	}
	var timeline struct {
		Items []struct {
			Version int64  `json:"version"`
			Type    string `json:"type"`
		} `json:"items"`
	}
	customer.do(http.MethodGet, "/v1/orders/"+o.OrderID+"/timeline", "", nil).decode(t, http.StatusOK, &timeline)
	types := []string{}
	for i, e := range timeline.Items {
		if e.Version != int64(i)+1 {
			t.Errorf("entry %d of the timeline has version %d", i, e.Version)
		}
		types = append(types, e.Type)
	}
	want := []string{
		"order.drafted", "order.placed", "order.payment_authorized", "order.confirmed",
		"order.shipment_dispatched", "order.capture_requested", "order.payment_captured",
		"order.shipment_dispatched", "order.capture_requested", "order.payment_captured",
		"order.shipment_delivered", "order.shipment_delivered", "order.completed",
	}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

func declined(t *testing.T, s *stack) {
	s.stock("DECLINE", 1000, 1)
	customer := s.as("customer", "ben")
	o := customer.place("DECLINE", 1, "tok_declined_funds")
	customer.await(o.OrderID, "payment_failed", func(o order) bool { return o.Status == "payment_failed" && o.Payment == "declined" })
	if got := did(s.ledger(o.OrderID)); len(got) != 0 {
		t.Errorf("ledger: got %v, want no effect", got)
	}
	if got := s.available("DECLINE"); got != 0 {
		t.Errorf("available: got %d, want 0: the reservation is kept until the payment is due", got)
	}
}

func cancelled(t *testing.T, s *stack) {
	s.stock("CANCEL", 1000, 2)
	customer := s.as("customer", "cleo")
	o := customer.place("CANCEL", 2, "tok_ok")
	customer.await(o.OrderID, "confirmed", status("confirmed"))
	if a := customer.do(http.MethodPost, "/v1/orders/"+o.OrderID+"/cancel", es.NewID(), map[string]any{"reason_code": "customer"}); a.status != http.StatusAccepted {
		t.Fatalf("cancel: %d %s", a.status, a.body)
	}
	customer.await(o.OrderID, "cancelled and voided", func(o order) bool { return o.Status == "cancelled" && o.Payment == "voided" })
	if got, want := did(s.ledger(o.OrderID)), []string{"authorize 2000", "void 2000"}; !cmp.Equal(got, want) {
		t.Errorf("ledger: got %v, want %v", got, want)
	}
	if got := s.available("CANCEL"); got != 2 {
		t.Errorf("available: got %d, want 2", got)
	}
}

func unknownOutcome(t *testing.T, s *stack) {
	s.stock("UNKNOWN", 1000, 3)
	customer := s.as("customer", "dora")
	for _, token := range []string{"tok_reset_after_charge", "tok_500_then_ok"} {
		o := customer.place("UNKNOWN", 1, token)
		customer.await(o.OrderID, "confirmed", status("confirmed"))
		if got, want := did(s.ledger(o.OrderID)), []string{"authorize 1000"}; !cmp.Equal(got, want) {
			t.Errorf("ledger after %s: got %v, want %v", token, got, want)
		}
	}
}

func twins(t *testing.T, s *stack) {
	s.stock("TWINS", 1000, 100)
	customer := s.as("customer", "emil")
	key := es.NewID()
	answers := inParallel(50, func(int) answer { return customer.do(http.MethodPost, "/v1/orders", key, cart("TWINS", 1, "tok_ok")) })
	replayed := 0
	for _, a := range answers {
		if a.status != http.StatusCreated || !bytes.Equal(a.body, answers[0].body) || a.header.Get("Location") != answers[0].header.Get("Location") || a.header.Get("ETag") != answers[0].header.Get("ETag") {
			t.Fatalf("answers differ: %d %s and %d %s", answers[0].status, answers[0].body, a.status, a.body)
		}
		if a.header.Get("Idempotency-Replayed") == "true" {
			replayed++
		}
	}
	if replayed != 49 {
		t.Errorf("got %d replays, want 49", replayed)
	}
	if got := s.available("TWINS"); got != 99 {
		t.Errorf("available: got %d, want 99", got)
	}
	if a := customer.do(http.MethodPost, "/v1/orders", key, cart("TWINS", 2, "tok_ok")); a.status != http.StatusUnprocessableEntity || a.code() != "idempotency_key_reused" {
		t.Errorf("the key with another body: %d %s", a.status, a.body)
	}
}

func lastUnit(t *testing.T, s *stack) {
	s.stock("LAST", 1000, 1)
	buyers := make([]user, 100)
	for i := range buyers {
		buyers[i] = s.as("customer", fmt.Sprintf("buyer-%d", i))
	}
	answers := inParallel(len(buyers), func(i int) answer {
		return buyers[i].do(http.MethodPost, "/v1/orders", es.NewID(), cart("LAST", 1, "tok_ok"))
	})
	var won []order
	var winner user
	for i, a := range answers {
		switch {
		case a.status == http.StatusCreated:
			var o order
			a.decode(t, http.StatusCreated, &o)
			won, winner = append(won, o), buyers[i]
		case a.status != http.StatusConflict || a.code() != "insufficient_stock":
			t.Errorf("buyer %d: %d %s", i, a.status, a.body)
		}
	}
	if len(won) != 1 {
		t.Fatalf("%d orders got the one unit", len(won))
	}
	winner.await(won[0].OrderID, "confirmed", status("confirmed"))
	if got := s.available("LAST"); got != 0 {
		t.Errorf("available: got %d, want 0", got)
	}
}

func foreignOrder(t *testing.T, s *stack) {
	s.stock("FOREIGN", 1000, 1)
	owner, stranger := s.as("customer", "frida"), s.as("customer", "gil")
	o := owner.place("FOREIGN", 1, "tok_ok")
	owner.await(o.OrderID, "confirmed", status("confirmed"))
	path := "/v1/orders/" + o.OrderID
	for _, a := range []answer{
		stranger.do(http.MethodGet, path, "", nil), stranger.do(http.MethodGet, path+"/state", "", nil), stranger.do(http.MethodGet, path+"/timeline", "", nil),
		stranger.do(http.MethodPost, path+"/cancel", es.NewID(), map[string]any{"reason_code": "customer"}),
	} {
		if a.status != http.StatusNotFound || a.code() != "not_found" {
			t.Errorf("a stranger got %d %s", a.status, a.body)
		}
	}
	if got := owner.await(o.OrderID, "untouched", status("confirmed")); got.Version != 4 {
		t.Errorf("the order is at version %d, want 4", got.Version)
	}
}

// available asks the ledger of stock.
func (s *stack) available(sku string) int {
	s.t.Helper()
	var out struct {
		Available int `json:"available"`
	}
	s.as("warehouse", "packer").do(http.MethodGet, "/v1/stock/"+sku, "", nil).decode(s.t, http.StatusOK, &out)
	return out.Available
}

// inParallel calls do n times at once and returns what came back, in order.
func inParallel[T any](n int, do func(i int) T) []T {
	out := make([]T, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { out[i] = do(i) })
	}
	wg.Wait()
	return out
}

// same says whether two JSON documents say the same.
func same(a, b []byte) string {
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		return err.Error()
	}
	if err := json.Unmarshal(b, &y); err != nil {
		return err.Error()
	}
	return cmp.Diff(x, y)
}
