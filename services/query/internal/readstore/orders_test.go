package readstore_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/services/query/internal/projection"
	"github.com/kontor-dev/kontor/services/query/internal/view"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

func TestAnOrderIsItsOwnersAndTheStaffs(t *testing.T) {
	s := open(t)
	story := viewtest.NewOrder("c-1", 1).Drafted().Placed()
	s.order(t, story)
	for _, tc := range []struct {
		name string
		who  auth.Principal
		want error
	}{
		{"the owner sees it", ann, nil},
		{"staff see it", staff, nil},
		{"to another customer it does not exist", bob, view.ErrNotFound},
		{"to somebody without a role it does not exist", auth.Principal{Issuer: "i", Subject: "c-1"}, view.ErrNotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := s.store.Order(t.Context(), tc.who, story.ID, view.Wait{})
			if !errors.Is(err, tc.want) || (err == nil) != (got.Version == 2) {
				t.Errorf("got version %d, %v", got.Version, err)
			}
			_, version, err := s.store.Timeline(t.Context(), tc.who, story.ID, view.TimelineQuery{Paging: view.Paging{Sort: "version", Limit: 50}}, view.Wait{})
			if !errors.Is(err, tc.want) || (err == nil) != (version == 2) {
				t.Errorf("timeline: got version %d, %v", version, err)
			}
		})
	}
}

func TestRowSecurityHoldsWithoutTheQuerysCondition(t *testing.T) {
	s := open(t)
	s.order(t, viewtest.NewOrder("c-1", 1).Drafted())
	s.order(t, viewtest.NewOrder("c-2", 2).Drafted().Placed())
	s.tell(t, view.UnitPayments, projection.SideA, viewtest.NewPayment("c-1", 1).Requested(5).Messages...)
	s.tell(t, view.UnitCatalog, projection.SideA, viewtest.NewSKU("TEA").Listed(5, 5).Messages...)
	for _, tc := range []struct {
		role, customer, table string
		want                  int
	}{
		{"query_read", "c-1", "orders", 1},
		{"query_read", "c-2", "timeline", 2},
		{"query_read", "c-2", "payments", 0},
		{"query_read", "", "orders", 0},
		{"query_read", "", "timeline", 0},
		{"query_read", "c-1", "stock", 0},
		{"query_read", "c-1", "products", 1},
		{"query_staff", "", "orders", 2},
		{"query_staff", "", "timeline", 3},
		{"query_staff", "", "stock", 1},
		{"kontor_audit", "", "payments", 1},
	} {
		t.Run(tc.role+" as "+tc.customer+" in "+tc.table, func(t *testing.T) {
			tx, err := s.as(t, tc.role).Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback(t.Context())
			var got int
			if _, err := tx.Exec(t.Context(), "select set_config('app.customer', $1, true)", tc.customer); err != nil {
				t.Fatal(err)
			}
			if err := tx.QueryRow(t.Context(), "select count(*) from view_a."+tc.table).Scan(&got); err != nil || got != tc.want {
				t.Errorf("sees %d rows, want %d (%v)", got, tc.want, err)
			}
		})
	}
}

func TestReadersMayNotWrite(t *testing.T) {
	s := open(t)
	for _, role := range []string{"query_read", "query_staff"} {
		for _, sql := range []string{"delete from view_a.orders", "insert into view_live values ('x', 'a')", "select * from parked_record", "truncate view_b.timeline"} {
			if _, err := s.as(t, role).Exec(t.Context(), sql); err == nil {
				t.Errorf("%s may %s", role, sql)
			}
		}
	}
}

// seeded makes n orders: even ones c-1 and confirmed, odd ones c-2 and drafts.
func seeded(t *testing.T, s *shop, n int) (ids []string) {
	t.Helper()
	for i := range n {
		story := viewtest.NewOrder("c-2", i).Drafted()
		if i%2 == 0 {
			story = viewtest.NewOrder("c-1", i).Drafted().Placed().Confirmed()
		}
		s.order(t, story)
		ids = append(ids, story.ID)
	}
	return ids
}

func walk(t *testing.T, s *shop, who auth.Principal, q view.OrderQuery) (ids []string) {
	t.Helper()
	for range 100 {
		page, err := s.store.Orders(t.Context(), who, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) > q.Limit {
			t.Fatalf("a page of %d has %d", q.Limit, len(page.Items))
		}
		for _, o := range page.Items {
			ids = append(ids, o.OrderID)
		}
		if page.Next == "" {
			return ids
		}
		q.Cursor = page.Next
	}
	t.Fatal("the list has no end")
	return nil
}

func TestListsAreWalkedWholeInEverySort(t *testing.T) {
	s := open(t)
	all := seeded(t, s, 11) // by time, by total and by update in the same order
	even := []string{all[0], all[2], all[4], all[6], all[8], all[10]}
	reversed := func(ids []string) []string { r := slices.Clone(ids); slices.Reverse(r); return r }
	for _, tc := range []struct {
		name string
		who  auth.Principal
		q    view.OrderQuery
		want []string
	}{
		{"staff see all, newest first", staff, view.OrderQuery{Paging: view.Paging{Sort: "-placed_at"}}, reversed(all)},
		{"oldest first", staff, view.OrderQuery{Paging: view.Paging{Sort: "placed_at"}}, all},
		{"by update", staff, view.OrderQuery{Paging: view.Paging{Sort: "updated_at"}}, all},
		{"by total", staff, view.OrderQuery{Currency: "EUR", Paging: view.Paging{Sort: "-grand_total"}}, reversed(all)},
		{"a customer sees the own ones", ann, view.OrderQuery{Paging: view.Paging{Sort: "placed_at"}}, even},
		{"and none of others", ann, view.OrderQuery{CustomerID: "c-2", Paging: view.Paging{Sort: "placed_at"}}, nil},
		{"by customer", staff, view.OrderQuery{CustomerID: "c-1", Paging: view.Paging{Sort: "-updated_at"}}, reversed(even)},
		{"by status", staff, view.OrderQuery{Status: []string{"confirmed"}, Paging: view.Paging{Sort: "placed_at"}}, even},
		{"by several statuses", staff, view.OrderQuery{Status: []string{"draft", "confirmed"}, Paging: view.Paging{Sort: "placed_at"}}, all},
		{"by where the money is", staff, view.OrderQuery{PaymentStatus: []string{"authorized"}, Paging: view.Paging{Sort: "placed_at"}}, even},
		{"by where the goods are", staff, view.OrderQuery{FulfillmentStatus: []string{"shipped"}, Paging: view.Paging{Sort: "placed_at"}}, nil},
		{"by a currency nobody used", staff, view.OrderQuery{Currency: "CHF", Paging: view.Paging{Sort: "placed_at"}}, nil},
		{"placed in [from, to): drafts were not", staff, view.OrderQuery{
			PlacedFrom: viewtest.NewOrder("", 2).At(2), PlacedTo: viewtest.NewOrder("", 6).At(2), Paging: view.Paging{Sort: "placed_at"},
		}, []string{all[2], all[4]}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, limit := range []int{1, 4, 200} {
				tc.q.Limit = limit
				if diff := cmp.Diff(tc.want, walk(t, s, tc.who, tc.q)); diff != "" {
					t.Errorf("limit %d (-want +got):\n%s", limit, diff)
				}
			}
		})
	}
}

func TestAWalkShowsNothingTwiceWhileOrdersCome(t *testing.T) {
	s := open(t)
	old := seeded(t, s, 6)
	q := view.OrderQuery{Paging: view.Paging{Sort: "-placed_at", Limit: 2}}
	first, err := s.store.Orders(t.Context(), staff, q)
	if err != nil {
		t.Fatal(err)
	}
	for n := 20; n < 25; n++ {
		s.order(t, viewtest.NewOrder("c-1", n).Drafted().Placed())
	}
	q.Cursor = first.Next
	rest := walk(t, s, staff, q)
	if diff := cmp.Diff([]string{old[3], old[2], old[1], old[0]}, rest); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACursorBelongsToItsListAlone(t *testing.T) {
	s := open(t)
	seeded(t, s, 5)
	q := view.OrderQuery{Status: []string{"confirmed"}, Currency: "EUR", Paging: view.Paging{Sort: "-placed_at", Limit: 1}}
	page, err := s.store.Orders(t.Context(), staff, q)
	if err != nil || page.Next == "" {
		t.Fatalf("got %q, %v", page.Next, err)
	}
	flipped := []byte(page.Next)
	flipped[len(flipped)/2] ^= 1
	for name, change := range map[string]func(who *auth.Principal, q *view.OrderQuery){
		"forged":               func(_ *auth.Principal, q *view.OrderQuery) { q.Cursor = string(flipped) },
		"nonsense":             func(_ *auth.Principal, q *view.OrderQuery) { q.Cursor = "x" },
		"of another status":    func(_ *auth.Principal, q *view.OrderQuery) { q.Status = []string{"draft"} },
		"of more statuses":     func(_ *auth.Principal, q *view.OrderQuery) { q.Status = []string{"confirmed", "draft"} },
		"of another currency":  func(_ *auth.Principal, q *view.OrderQuery) { q.Currency = "CHF" },
		"without its filter":   func(_ *auth.Principal, q *view.OrderQuery) { q.Currency = "" },
		"of another sort":      func(_ *auth.Principal, q *view.OrderQuery) { q.Sort = "placed_at" },
		"with one more filter": func(_ *auth.Principal, q *view.OrderQuery) { q.PlacedFrom = time.Unix(0, 0) },
		"of another caller":    func(who *auth.Principal, _ *view.OrderQuery) { who.Subject = "s-2" },
		"of the caller as a customer": func(who *auth.Principal, _ *view.OrderQuery) {
			who.Roles = []auth.Role{auth.Customer}
		},
	} {
		t.Run(name, func(t *testing.T) {
			who, ask := staff, q
			ask.Cursor = page.Next
			change(&who, &ask)
			if _, err := s.store.Orders(t.Context(), who, ask); !errors.Is(err, view.ErrCursor) {
				t.Errorf("got %v", err)
			}
		})
	}
	q.Cursor, q.Limit = page.Next, 7
	if _, err := s.store.Orders(t.Context(), staff, q); err != nil {
		t.Errorf("another limit may go on: %v", err)
	}
}

func TestTheTimelineTellsTheWholeOrder(t *testing.T) {
	s := open(t)
	story := viewtest.Everything("c-1", 4)
	s.order(t, story)
	var versions []int64
	ask := view.TimelineQuery{Paging: view.Paging{Sort: "version", Limit: 7}}
	var last *view.Axes
	for {
		page, version, err := s.store.Timeline(t.Context(), ann, story.ID, ask, view.Wait{})
		if err != nil || version != story.Version() {
			t.Fatalf("got version %d, %v", version, err)
		}
		for _, e := range page.Items {
			versions = append(versions, e.Version)
			if last != nil && (e.Before == nil || *e.Before != *last) {
				t.Errorf("version %d begins at %v, the one before it ended at %v", e.Version, e.Before, *last)
			}
			if e.EventID != story.Messages[e.Version-1].ID || e.Actor != "customer:c-1" || e.Summary == "" {
				t.Errorf("got %+v", e)
			}
			last = &e.After
		}
		if page.Next == "" {
			break
		}
		ask.Cursor = page.Next
	}
	if len(versions) != len(story.Messages) || !slices.IsSorted(versions) {
		t.Errorf("got versions %v of %d", versions, len(story.Messages))
	}
	some, _, err := s.store.Timeline(t.Context(), ann, story.ID, view.TimelineQuery{
		Types: []string{"order.placed", "order.completed"}, Paging: view.Paging{Sort: "-version", Limit: 9},
	}, view.Wait{})
	if err != nil || len(some.Items) != 2 || some.Items[0].Type != "order.completed" {
		t.Errorf("got %v, %v", some.Items, err)
	}
}

func TestReadsTakeTheLiveSide(t *testing.T) {
	s := open(t)
	old, young := viewtest.NewOrder("c-1", 1).Drafted(), viewtest.NewOrder("c-1", 1).Drafted().Placed()
	s.tell(t, view.UnitOrders, projection.SideA, old.Messages...)
	s.tell(t, view.UnitOrders, projection.SideB, young.Messages...)
	for _, tc := range []struct {
		side string
		want int64
	}{{"a", 1}, {"b", 2}, {"a", 1}} {
		if _, err := s.pool.Exec(t.Context(), "update view_live set side = $1 where consumer = 'query.orders'", tc.side); err != nil {
			t.Fatal(err)
		}
		for range 3 { // statements that were prepared for the other side, too
			got, err := s.store.Order(t.Context(), ann, old.ID, view.Wait{})
			if err != nil || got.Version != tc.want {
				t.Errorf("side %s: got version %d, %v", tc.side, got.Version, err)
			}
		}
	}
}

func TestOtherListsAreWalkedWhole(t *testing.T) {
	s := open(t)
	for n := range 5 {
		s.tell(t, view.UnitPayments, projection.SideA, viewtest.NewPayment(fmt.Sprint("c-", n%2+1), n).Requested(1000).Authorized(1000).Messages...)
		s.tell(t, view.UnitCatalog, projection.SideA, viewtest.NewSKU(fmt.Sprint("SKU-", n)).Listed(1000, int64(n)).Messages...)
	}
	hidden := viewtest.NewPayment("c-1", 9)
	s.tell(t, view.UnitPayments, projection.SideA, hidden.Messages...)
	payments := func(who auth.Principal, q view.PaymentQuery) (n int) {
		for q.Sort, q.Limit = "-requested_at", 2; ; {
			page, err := s.store.Payments(t.Context(), who, q)
			if err != nil {
				t.Fatal(err)
			}
			n += len(page.Items)
			if q.Cursor = page.Next; q.Cursor == "" {
				return n
			}
		}
	}
	if all, own, of, none := payments(staff, view.PaymentQuery{}), payments(ann, view.PaymentQuery{}),
		payments(staff, view.PaymentQuery{OrderID: hidden.OrderID}), payments(bob, view.PaymentQuery{Status: []string{"declined"}}); all != 5 || own != 3 || of != 0 || none != 0 {
		t.Errorf("got %d payments, %d own, %d of an order without, %d declined", all, own, of, none)
	}
	var skus []string
	q := view.ProductQuery{Currency: "EUR", At: viewtest.Start, Paging: view.Paging{Sort: "-sku", Limit: 2}}
	for {
		page, err := s.store.Products(t.Context(), bob, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Items {
			if skus = append(skus, p.SKU); len(p.Prices) != 1 || p.Prices[0].Amount.Amount != 1000 {
				t.Errorf("got %+v", p)
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"SKU-4", "SKU-3", "SKU-2", "SKU-1", "SKU-0"}, skus); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	stock, err := s.store.Stock(t.Context(), staff, view.StockQuery{Paging: view.Paging{Sort: "sku", Limit: 3}})
	if err != nil || len(stock.Items) != 3 || stock.Next == "" || stock.Items[2] != (view.Stock{SKU: "SKU-2", OnHand: 2, Available: 2, Version: 1}) {
		t.Errorf("got %+v, %v", stock, err)
	}
	if none, err := s.store.Stock(t.Context(), ann, view.StockQuery{Paging: view.Paging{Sort: "sku", Limit: 3}}); err != nil || len(none.Items) != 0 {
		t.Errorf("a customer sees stock: %v, %v", none.Items, err)
	}
}
