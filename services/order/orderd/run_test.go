package orderd_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
	"github.com/kontor-dev/kontor/services/order/orderd"
)

// authorize tells that the order's payment was authorized.
func (w *world) authorize(o order) paymentv1.Head {
	w.t.Helper()
	head := paymentv1.Head{PaymentID: o.Payments[0].PaymentID, OrderID: o.OrderID, Version: 1, OccurredAt: time.Now()}
	w.tell(paymentv1.TypeRequested, head, paymentv1.Requested{Head: head, Attempt: 1, Amount: o.GrandTotal.Amount, Currency: "EUR"})
	head.Version = 2
	w.tell(paymentv1.TypeAuthorized, head, paymentv1.Authorized{
		Head: head, Attempt: 1, OpID: ids.Operation(head.PaymentID, "authorize", 1), Amount: o.GrandTotal.Amount, GatewayRef: "a-1",
		AuthorizedAt: time.Now(), ExpiresAt: time.Now().Add(7 * 24 * time.Hour), Source: "call",
	})
	return head
}

func TestAnOrderIsPlacedPaidShippedAndPublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.sells("MUG")
	placed := w.send(auth.Customer, "POST", "/v1/orders", placing, 201)
	if placed.Status != "placed" || placed.GrandTotal.Amount != 4490 {
		t.Fatalf("got %+v", placed)
	}
	path := "/v1/orders/" + placed.OrderID
	head := w.authorize(placed)
	w.await(placed.OrderID, "confirmed", "authorized")
	shipped := w.send(auth.Warehouse, "POST", path+"/shipments",
		`{"lines":[{"line_id":"`+placed.Lines[0].LineID+`","quantity":2}],"carrier":"dhl","tracking_number":"1"}`, 201)
	captureID := ""
	if err := w.pool.QueryRow(t.Context(), "select data->>'capture_id' from events where event_type = 'order.capture_requested'").Scan(&captureID); err != nil {
		t.Fatal(err)
	}
	head.Version = 3
	w.tell(paymentv1.TypeCaptured, head, paymentv1.Captured{
		Head: head, CaptureID: captureID, ShipmentID: shipped.Shipments[0].ShipmentID, Amount: 4490, GatewayRef: "c-1", CapturedAt: time.Now(),
		Source: "call",
	})
	w.await(placed.OrderID, "confirmed", "captured")
	done := w.send(auth.Warehouse, "POST", path+"/shipments/"+shipped.Shipments[0].ShipmentID+"/delivered", `{}`, 200)
	if done.Status != "completed" {
		t.Fatalf("got %s", done.Status)
	}
	want := "order.drafted order.placed order.payment_authorized order.confirmed order.shipment_dispatched order.capture_requested " +
		"order.payment_captured order.shipment_delivered order.completed"
	if diff := cmp.Diff(w.published(orderv1.Topic, placed.OrderID, 9), strings.Fields(want)); diff != "" {
		t.Error(diff)
	}
	want = "product.listed product.price_changed stock.received stock.reserved stock.shipped"
	if diff := cmp.Diff(w.published(catalogv1.Topic, "MUG", 5), strings.Fields(want)); diff != "" {
		t.Error(diff)
	}
}

func TestEventsOfADeadRelayArePublishedLaterAndRewoundOnesAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.sells("MUG")
	first := w.send(auth.Customer, "POST", "/v1/orders", placing, 201)
	w.published(orderv1.Topic, first.OrderID, 2)
	w.stop()
	at, err := subscription.Checkpoint(t.Context(), w.pool, orderd.RelayName)
	if err != nil || at == 0 {
		t.Fatalf("got position %d, %v", at, err)
	}
	if err := subscription.Rewind(t.Context(), w.pool, orderd.RelayName, 0); err != nil {
		t.Fatal(err)
	}
	w.start()
	w.eventually("published again", func() (bool, string) {
		again, err := subscription.Checkpoint(t.Context(), w.pool, orderd.RelayName)
		return err == nil && again == at, "behind"
	})
	w.published(orderv1.Topic, first.OrderID, 2)
	again := w.send(auth.Support, "GET", "/v1/orders/"+first.OrderID+"/state", "", 200)
	if diff := cmp.Diff(again, first); diff != "" {
		t.Error(diff)
	}
}

func TestAnOrderThatIsNotPaidInTimeExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.sells("MUG")
	placed := w.send(auth.Customer, "POST", "/v1/orders", placing, 201)
	var scheduled time.Time
	w.eventually("armed", func() (bool, string) {
		err := w.pool.QueryRow(t.Context(), "select scheduled_at from river.river_job where kind = 'payment_due' and state = 'scheduled'").Scan(&scheduled)
		return err == nil, "no job"
	})
	if wait := time.Until(scheduled); wait < 14*time.Minute || wait > 15*time.Minute {
		t.Fatalf("the timer is due in %v", wait)
	}
	if _, err := w.pool.Exec(t.Context(), "update river.river_job set scheduled_at = now() where kind = 'payment_due'"); err != nil {
		t.Fatal(err)
	}
	// Early: the order says when it is due, and the job sleeps until then.
	w.eventually("asleep again", func() (bool, string) {
		var at time.Time
		err := w.pool.QueryRow(t.Context(), "select scheduled_at from river.river_job where kind = 'payment_due' and state = 'scheduled'").Scan(&at)
		return err == nil && at.Sub(scheduled).Abs() < time.Minute, at.String()
	})
	w.await(placed.OrderID, "placed", "pending")
}

func TestAnImpossibleFactIsParkedAndOthersFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.sells("MUG")
	bad, good := w.send(auth.Customer, "POST", "/v1/orders", placing, 201), w.send(auth.Customer, "POST", "/v1/orders", placing, 201)
	head := paymentv1.Head{PaymentID: bad.Payments[0].PaymentID, OrderID: bad.OrderID, Version: 1, OccurredAt: time.Now()}
	w.tell(paymentv1.TypeCaptured, head, paymentv1.Captured{Head: head, CaptureID: ids.Capture(bad.OrderID, "nobody asked", 1), Amount: 1})
	w.authorize(good)
	w.await(good.OrderID, "confirmed", "authorized")
	w.eventually("parked", func() (bool, string) {
		var key, reason string
		err := w.pool.QueryRow(t.Context(), "select key, reason from parked_record").Scan(&key, &reason)
		return err == nil && key == bad.OrderID && reason == "refused", reason
	})
}

func TestADamagedUnitShowsOnTheOrderItWasKeptFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.sells("MUG")
	placed := w.send(auth.Customer, "POST", "/v1/orders", placing, 201)
	w.authorize(placed)
	w.await(placed.OrderID, "confirmed", "authorized")
	w.send(auth.Warehouse, "POST", "/v1/stock/MUG/adjustments", `{"delta":-9,"reason_code":"damage"}`, 201)
	w.eventually("backordered", func() (bool, string) {
		o := w.send(auth.Support, "GET", "/v1/orders/"+placed.OrderID+"/state", "", 200)
		return o.Lines[0].Backordered == 1, "covered"
	})
}

func TestATakenPortFailsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := orderd.Run(ctx, w.cfg, t.Output())
	if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "listen on") {
		t.Fatalf("got %v", err)
	}
}
