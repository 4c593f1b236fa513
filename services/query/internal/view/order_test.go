package view_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/query/internal/view"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

// deliver applies a message by the version rule, as a consumer does.
func deliver(t interface{ Fatalf(string, ...any) }, s view.OrderState, m messaging.Message) view.OrderState {
	if m.Version != s.Version+1 {
		return s
	}
	e, err := view.DecodeOrder(m.Type, m.Data)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if s, err = view.ApplyOrder(s, e); err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

func fold(t *testing.T, story *viewtest.OrderStory) view.OrderState {
	t.Helper()
	var s view.OrderState
	for _, m := range story.Messages {
		s = deliver(t, s, m)
	}
	if s.Version != story.Version() {
		t.Fatalf("got version %d of %d", s.Version, story.Version())
	}
	return s
}

func eur(minor int64) money.Money { return money.Money{Amount: money.Amount(minor), Currency: "EUR"} }

func encode(t interface{ Fatalf(string, ...any) }, v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(data)
}

func TestOrderIsFoldedFromItsEvents(t *testing.T) {
	type quantities struct{ Ordered, Cancelled, Shipped, Delivered, Returned, Refunded, Backordered int }
	story := func() *viewtest.OrderStory { return viewtest.NewOrder("c-1", 0).Drafted() }
	for _, tc := range []struct {
		name         string
		story        *viewtest.OrderStory
		status       string
		line         quantities
		captured     int64
		refunded     int64
		payment      string
		due, expires bool
	}{
		{"a draft has its units ordered and no payment", story(), "draft", quantities{Ordered: 2}, 0, 0, "", false, false},
		{"a placed order waits for its payment", story().Placed(), "placed", quantities{Ordered: 2}, 0, 0, "running", true, false},
		{"a confirmed order has an authorization and no deadline", story().Placed().Confirmed(), "confirmed", quantities{Ordered: 2}, 0, 0, "authorized", false, true},
		{"a cancelled order has all its units cancelled", story().Placed().Cancelled(), "cancelled", quantities{Ordered: 2, Cancelled: 2}, 0, 0, "running", false, false},
		{
			"a part shipped is a part captured", story().Placed().Confirmed().Shipped(1, 1, "partially_shipped", "partially_captured"),
			"confirmed", quantities{Ordered: 2, Shipped: 1}, 1000, 0, "authorized", false, true,
		},
		{
			"two parcels delivered are all of it",
			story().Placed().Confirmed().Shipped(1, 1, "", "").Shipped(2, 1, "", "captured").Delivered(1, "", "").Delivered(2, "completed", "delivered"),
			"completed", quantities{Ordered: 2, Shipped: 2, Delivered: 2}, 2000, 0, "authorized", false, false,
		},
		{
			"every event has its effect on quantities and money", viewtest.Everything("c-1", 0),
			"completed", quantities{Ordered: 2, Cancelled: 1, Shipped: 1, Delivered: 1, Returned: 1, Refunded: 1}, 1000, 1000, "expired", false, false,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := fold(t, tc.story)
			l := s.Lines[0]
			got := quantities{l.Ordered, l.Cancelled, l.Shipped, l.Delivered, l.Returned, l.Refunded, l.Backordered}
			if got != tc.line || s.Status != tc.status || s.Captured != eur(tc.captured) || s.Refunded != eur(tc.refunded) {
				t.Errorf("got %s %+v captured %v refunded %v", s.Status, got, s.Captured, s.Refunded)
			}
			payment := ""
			if len(s.Payments) > 0 {
				payment = s.Payments[0].Status
			}
			if payment != tc.payment || (s.PaymentDueAt != nil) != tc.due || (s.Item().AuthExpiresAt != nil) != tc.expires {
				t.Errorf("got payment %q, due %v, expires %v", payment, s.PaymentDueAt, s.Item().AuthExpiresAt)
			}
		})
	}
}

func TestEveryTypeOfTheContractHasARuleAndASentence(t *testing.T) {
	story := viewtest.Everything("c-1", 3)
	told := map[string]bool{}
	var before view.OrderState
	for _, m := range story.Messages {
		told[m.Type] = true
		e, err := view.DecodeOrder(m.Type, m.Data)
		if err != nil {
			t.Fatal(err)
		}
		after, err := view.ApplyOrder(before, e)
		if err != nil {
			t.Fatal(err)
		}
		entry, err := view.EntryOf(before.Order, after.Order, e, m.Data)
		if err != nil {
			t.Fatal(err)
		}
		if entry.Summary == m.Type || !strings.HasSuffix(entry.Summary, ".") {
			t.Errorf("%s is told as %q", m.Type, entry.Summary)
		}
		if (entry.Before == nil) != (m.Version == 1) || entry.After != view.Axes(e.Head.After) {
			t.Errorf("version %d: before %v, after %v", m.Version, entry.Before, entry.After)
		}
		if strings.Contains(string(entry.Data), viewtest.Token) {
			t.Errorf("the timeline has the payment method token: %s", entry.Data)
		}
		before = after
	}
	for _, typ := range slices.Sorted(maps.Keys(orderv1.Types)) {
		if !told[typ] {
			t.Errorf("%s is in no story", typ)
		}
	}
	if strings.Contains(encode(t, before), viewtest.Token) {
		t.Error("the order has the payment method token")
	}
}

func TestDuplicateAndLateDeliveriesGiveTheFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		story := viewtest.Everything("c-1", rapid.IntRange(0, 9).Draw(t, "order"))
		upTo := rapid.IntRange(1, len(story.Messages)).Draw(t, "prefix")
		var want, got view.OrderState
		for i, m := range story.Messages[:upTo] {
			want = deliver(t, want, m)
			for range rapid.IntRange(0, 2).Draw(t, "late") { // anything that was told before
				got = deliver(t, got, story.Messages[rapid.IntRange(0, i).Draw(t, "which")])
			}
			got = deliver(t, got, m)
			if rapid.Bool().Draw(t, "stored in between") { // as between two batches
				var read view.OrderState
				if err := json.Unmarshal([]byte(encode(t, got)), &read); err != nil {
					t.Fatalf("%v", err)
				}
				got = read
			}
		}
		if w, g := encode(t, want), encode(t, got); w != g {
			t.Fatalf("got  %s\nwant %s", g, w)
		}
	})
}

func TestApplyNeverChangesWhatItWasGiven(t *testing.T) {
	var s view.OrderState
	for _, m := range viewtest.Everything("c-1", 1).Messages {
		was := encode(t, s)
		after := deliver(t, s, m)
		if now := encode(t, s); now != was {
			t.Fatalf("%s changed the view before it:\n%s", m.Type, cmp.Diff(was, now))
		}
		s = after
	}
}

func TestWhatCannotBeIsRefused(t *testing.T) {
	confirmed := viewtest.NewOrder("c-1", 1).Drafted().Placed().Confirmed()
	s := fold(t, confirmed)
	other := ids.Line(confirmed.ID, "NOT-THERE")
	for name, e := range map[string]view.OrderEvent{
		"a line nobody ordered": {Type: orderv1.TypeLinesBackordered, Head: confirmed.Head(), Body: orderv1.LinesBackordered{
			Lines: []orderv1.LineQuantity{{LineID: other, Quantity: 1}},
		}},
		"a parcel nobody sent":      {Type: orderv1.TypeShipmentDelivered, Head: confirmed.Head(), Body: orderv1.ShipmentDelivered{ShipmentID: other}},
		"a return nobody requested": {Type: orderv1.TypeReturnApproved, Head: confirmed.Head(), Body: orderv1.ReturnApproved{ReturnID: other}},
		"a refund nobody requested": {Type: orderv1.TypeRefundSettled, Head: confirmed.Head(), Body: orderv1.RefundSettled{RefundID: other}},
		"another customer":          {Type: orderv1.TypePaymentRetryRequested, Head: confirmed.Head(), Body: orderv1.PaymentRetryRequested{CustomerID: "c-2"}},
		"another order":             {Type: orderv1.TypeConfirmed, Head: orderv1.Head{OrderID: other}, Body: orderv1.Confirmed{}},
		"a body of no order":        {Type: "x", Head: confirmed.Head(), Body: 5},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := view.ApplyOrder(s, e); !isImpossible(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestBackorderedNeverExceedsWhatIsToBeShipped(t *testing.T) {
	story := viewtest.NewOrder("c-1", 1).Drafted().Placed().Confirmed()
	story.Tell(orderv1.TypeLinesBackordered, orderv1.LinesBackordered{Head: story.Head(), Lines: []orderv1.LineQuantity{{LineID: story.LineID(), Quantity: 2}}})
	if got := fold(t, story).Lines[0].Backordered; got != 2 {
		t.Errorf("got %d backordered", got)
	}
	story.Shipped(1, 1, "", "")
	if got := fold(t, story).Lines[0].Backordered; got != 1 {
		t.Errorf("got %d backordered after one unit was shipped", got)
	}
	story.Cancelled()
	if got := fold(t, story).Lines[0].Backordered; got != 0 {
		t.Errorf("got %d backordered in a cancelled order", got)
	}
}

func TestADraftSortsByItsCreation(t *testing.T) {
	story := viewtest.NewOrder("c-1", 2).Drafted()
	if got := fold(t, story).SortedAt(); !got.Equal(story.At(1)) {
		t.Errorf("a draft sorts at %v", got)
	}
	if got := fold(t, story.Placed()).SortedAt(); !got.Equal(story.At(2)) {
		t.Errorf("a placed order sorts at %v", got)
	}
	if got := fold(t, story).UpdatedAt; !got.Equal(story.At(2)) || got.Location() != time.UTC {
		t.Errorf("updated at %v", got)
	}
}
