package projection_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/query/internal/projection"
	"github.com/kontor-dev/kontor/services/query/internal/view"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

func database(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := pgtest.Pool(t)
	if _, err := migrations.Up(context.Background(), pool, "query"); err != nil {
		t.Fatal(err)
	}
	return pool
}

// feed gives the messages to a consumer as one partition, in batches of size.
func feed(t testing.TB, c projection.Consumer, size int, messages ...messaging.Message) messaging.Claim {
	t.Helper()
	claim, err := c.Sink.Claim(t.Context(), c.Topic, 0)
	if err != nil {
		t.Fatal(err)
	}
	batch := viewtest.Deliver(c.Topic, claim.Next(), messages...)
	for len(batch) > 0 {
		n := min(size, len(batch))
		if err := claim.Apply(t.Context(), batch[:n]); err != nil {
			t.Fatal(err)
		}
		batch = batch[n:]
	}
	return claim
}

// dump is a table as text, in key order: equal text is equal bytes.
func dump(t testing.TB, pool *pgxpool.Pool, table, order string) string {
	t.Helper()
	rows, err := pool.Query(t.Context(), fmt.Sprintf("select x::text from %s x order by %s", table, order))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func count(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func stories(n int) (messages []messaging.Message) {
	for i := range n {
		s := viewtest.NewOrder(fmt.Sprint("c-", i%3), i).Drafted().Placed()
		if i%2 == 0 {
			s.Confirmed().Shipped(1, 2, "shipped", "captured").Delivered(1, "completed", "delivered")
		} else {
			s.Cancelled()
		}
		messages = append(messages, s.Messages...)
	}
	return append(messages, viewtest.Everything("c-9", n).Messages...)
}

func TestTheViewIsTheFoldHoweverItIsDelivered(t *testing.T) {
	pool := database(t)
	messages := stories(6)
	a := projection.NewConsumer(pool, projection.Orders, projection.Config{})
	b := projection.NewConsumer(pool, projection.Orders, projection.Config{Side: projection.SideB})
	feed(t, a, 500, messages...)
	feed(t, b, 3, messages...)
	feed(t, b, 7, messages...) // all of it again, behind: duplicates
	for table, order := range map[string]string{"orders": "order_id", "timeline": "order_id, version"} {
		if diff := cmp.Diff(dump(t, pool, "view_a."+table, order), dump(t, pool, "view_b."+table, order)); diff != "" {
			t.Errorf("%s differs between one batch and many with duplicates:\n%s", table, diff)
		}
	}
	if got := count(t, pool, "select count(*) from view_a.timeline"); got != len(messages) {
		t.Errorf("the timeline has %d entries for %d events", got, len(messages))
	}
	if got := count(t, pool, "select count(*) from parked_record"); got != 0 {
		t.Errorf("%d records were parked", got)
	}
	if all := dump(t, pool, "view_a.orders", "order_id") + dump(t, pool, "view_a.timeline", "order_id"); strings.Contains(all, viewtest.Token) {
		t.Error("a view has a payment method token")
	}
	checkFold(t, pool, messages)
}

// checkFold compares the documents with a fold in memory.
func checkFold(t *testing.T, pool *pgxpool.Pool, messages []messaging.Message) {
	t.Helper()
	states := map[string]view.OrderState{}
	for _, m := range messages {
		e, err := view.DecodeOrder(m.Type, m.Data)
		if err != nil {
			t.Fatal(err)
		}
		if states[m.Key], err = view.ApplyOrder(states[m.Key], e); err != nil {
			t.Fatal(err)
		}
	}
	for id, want := range states {
		var doc []byte
		if err := pool.QueryRow(t.Context(), "select doc from view_a.orders where order_id = $1", id).Scan(&doc); err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if string(doc) != string(data) {
			t.Errorf("order %s:\ngot  %s\nwant %s", id, doc, data)
		}
	}
}

func TestWhatCannotBeAppliedParksItsOrderAndNoOther(t *testing.T) {
	bad, good := viewtest.NewOrder("c-1", 1).Drafted().Placed().Confirmed(), viewtest.NewOrder("c-2", 2).Drafted().Placed().Confirmed()
	for name, spoil := range map[string]func(m *messaging.Message){
		"undecodable":      func(m *messaging.Message) { m.Data = json.RawMessage(`{"order_id":5}`) },
		"of another order": func(m *messaging.Message) { m.Stream = good.ID },
		"of a newer type":  func(m *messaging.Message) { m.Type = "order.exploded" },
		"another version": func(m *messaging.Message) {
			m.Data = json.RawMessage(strings.Replace(string(m.Data), `"version":2`, `"version":7`, 1))
		},
		"another customer": func(m *messaging.Message) {
			m.Data = json.RawMessage(strings.Replace(string(m.Data), `"c-1"`, `"c-3"`, 1))
		},
		"an id of no event": func(m *messaging.Message) { m.ID = "no-uuid" },
	} {
		t.Run(name, func(t *testing.T) {
			pool := database(t)
			messages := append([]messaging.Message{}, bad.Messages...)
			spoil(&messages[1])
			feed(t, projection.NewConsumer(pool, projection.Orders, projection.Config{}), 500, append(messages, good.Messages...)...)
			if got := count(t, pool, "select version from view_a.orders where order_id = $1", good.ID); got != 4 {
				t.Errorf("the other order is at version %d", got)
			}
			if got := count(t, pool, "select version from view_a.orders where order_id = $1", bad.ID); got != 1 {
				t.Errorf("the spoilt order is at version %d", got)
			}
			if got := count(t, pool, "select count(*) from parked_record where consumer = $1", projection.Orders); got != 3 {
				t.Errorf("%d records are parked, want the spoilt one and the two behind it", got)
			}
		})
	}
}

func TestCommitsAreToldWithOrdersAndVersions(t *testing.T) {
	pool := database(t)
	conn, err := pgx.ConnectConfig(t.Context(), pool.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "listen "+view.Channel); err != nil {
		t.Fatal(err)
	}
	var messages []messaging.Message
	want := map[string]bool{}
	for n := range 400 { // more than one payload holds
		s := viewtest.NewOrder("c-1", n).Drafted().Placed()
		messages = append(messages, s.Messages...)
		want[s.ID+"=2"] = true
	}
	feed(t, projection.NewConsumer(pool, projection.Orders, projection.Config{}), len(messages), messages...)
	for len(want) > 0 {
		note, err := conn.WaitForNotification(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(note.Payload) > 7999 {
			t.Errorf("a payload has %d bytes", len(note.Payload))
		}
		for entry := range strings.FieldsSeq(note.Payload) {
			if !want[entry] {
				t.Errorf("told twice or wrong: %s", entry)
			}
			delete(want, entry)
		}
	}
}

func TestPaymentsOfOneOrderAreStreamsOfTheirOwn(t *testing.T) {
	pool := database(t)
	one, other := viewtest.NewPayment("c-1", 1).Requested(1000).Authorized(1000), viewtest.NewPayment("c-2", 2).Requested(500)
	c := projection.NewConsumer(pool, projection.Payments, projection.Config{})
	feed(t, c, 2, append(append([]messaging.Message{}, one.Messages...), other.Messages...)...)
	feed(t, c, 500, one.Messages...)
	var got view.Payment
	var doc []byte
	if err := pool.QueryRow(t.Context(), "select doc from view_a.payments where payment_id = $1 and visible", one.ID).Scan(&doc); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(doc, &got); err != nil {
		t.Fatal(err)
	}
	if got.Status != "authorized" || got.Authorized.Amount != 1000 || got.Version != 3 || got.CustomerID != "c-1" {
		t.Errorf("got %+v", got)
	}
	if n := count(t, pool, "select count(*) from view_a.payments where status = 'requested'"); n != 1 {
		t.Errorf("%d other payments", n)
	}
}

func TestProductsAndStockShareTheirKeyOnly(t *testing.T) {
	pool := database(t)
	tea, mug := viewtest.NewSKU("TEA").Listed(1000, 5), viewtest.NewSKU("MUG").Listed(900, 3)
	tea.TellStock(catalogv1.TypeStockReserved, catalogv1.StockReserved{Head: tea.StockHead(), Level: catalogv1.Level{OnHand: 5, Reserved: 2}, Quantity: 2})
	c := projection.NewConsumer(pool, projection.Catalog, projection.Config{})
	feed(t, c, 2, append(append([]messaging.Message{}, tea.Messages...), mug.Messages...)...)
	feed(t, c, 500, tea.Messages...)
	want := "(MUG,1,3,0)\n(TEA,2,5,2)"
	if got := dump(t, pool, "view_a.stock", "sku"); got != want {
		t.Errorf("stock is\n%s\nwant\n%s", got, want)
	}
	if got := count(t, pool, "select count(*) from view_a.products where version = 2 and currencies = array['EUR']"); got != 2 {
		t.Errorf("%d products", got)
	}
}

func TestAGapStopsTheOrderUntilItIsFilled(t *testing.T) {
	pool := database(t)
	s := viewtest.NewOrder("c-1", 1).Drafted().Placed().Confirmed()
	c := projection.NewConsumer(pool, projection.Orders, projection.Config{})
	feed(t, c, 500, s.Messages[0], s.Messages[2])
	if got := count(t, pool, "select version from view_a.orders"); got != 1 {
		t.Fatalf("version %d in spite of the gap", got)
	}
	claim := feed(t, c, 500, s.Messages...) // republished
	if idler, ok := claim.(messaging.Idler); ok {
		if err := idler.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := count(t, pool, "select version from view_a.orders"); got != 4 {
		t.Errorf("version %d after the gap was filled", got)
	}
}

func TestEveryConsumerHasItsNameAndTopic(t *testing.T) {
	pool := database(t)
	var got []string
	for _, side := range []projection.Side{projection.SideA, projection.SideB} {
		for _, c := range projection.Consumers(pool, projection.Config{Side: side}) {
			got = append(got, c.Name+" "+c.Topic)
		}
	}
	want := []string{
		"query.orders orders.v1", "query.payments payments.v1", "query.catalog catalog.v1",
		"query.orders@b orders.v1", "query.payments@b payments.v1", "query.catalog@b catalog.v1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := projection.NewConsumer(pool, projection.Orders, projection.Config{Topics: map[string]string{projection.Orders: "t"}}); got.Topic != "t" || orderv1.Topic == "t" {
		t.Errorf("got topic %q", got.Topic)
	}
}

func TestBothSidesHaveTheSameTables(t *testing.T) {
	pool := database(t)
	describe := func(schema string) string {
		return dump(t, pool, fmt.Sprintf(`(select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable from information_schema.columns where table_schema = '%[1]s'
union all select replace(indexdef, '%[1]s', '') from pg_indexes where schemaname = '%[1]s'
union all select tablename || policyname || roles::text || coalesce(replace(qual, '%[1]s', ''), '') from pg_policies where schemaname = '%[1]s')`, schema), "1")
	}
	a, b := describe("view_a"), describe("view_b")
	if diff := cmp.Diff(a, b); diff != "" || !strings.Contains(a, "orders_placed") {
		t.Errorf("the sides differ:\n%s\n%s", diff, a)
	}
}
