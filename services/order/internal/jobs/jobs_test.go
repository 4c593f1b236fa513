package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/jobs"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// timers are use cases that say what they were asked for and answer as told.
type timers struct {
	mu    sync.Mutex
	asked chan string
	err   error
}

func (u *timers) fire(kind string, ask app.Ask, id order.ID) (app.Result, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	err := u.err
	u.err = nil
	u.asked <- kind + " " + ask.CommandID + " " + string(id)
	return app.Result{}, err
}

func (u *timers) ExpirePayment(_ context.Context, ask app.Ask, id order.ID) (app.Result, error) {
	return u.fire("payment", ask, id)
}

func (u *timers) ExpireDraft(_ context.Context, ask app.Ask, id order.ID) (app.Result, error) {
	return u.fire("draft", ask, id)
}

func stored(t *testing.T, position int64, e order.Event) es.Recorded {
	t.Helper()
	name, schema, data, err := app.OrderEvents.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	return es.Recorded{Position: position, Event: es.Event{
		EventID: ids.CommandFor("event", name), EventType: name, AggregateType: app.StreamOrder, AggregateID: "o-1", Version: position, Data: data,
		Metadata: es.Metadata{SchemaVersion: schema, CorrelationID: "corr"},
	}}
}

func start(t *testing.T, pool *pgxpool.Pool, c *jobs.Client, events ...es.Recorded) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return c.Start(t.Context(), tx, events) })
	if err != nil {
		t.Fatal(err)
	}
}

func newClient(t *testing.T, u jobs.UseCases) (*pgxpool.Pool, *jobs.Client) {
	t.Helper()
	pool := pgtest.Pool(t)
	if _, err := migrations.Up(t.Context(), pool, "order"); err != nil {
		t.Fatal(err)
	}
	c, err := jobs.New(jobs.Config{Pool: pool, UseCases: u})
	if err != nil {
		t.Fatal(err)
	}
	return pool, c
}

// job is what tests read of a job.
type job struct {
	Kind, State, OrderID string
	Due                  time.Time
}

func all(t *testing.T, pool *pgxpool.Pool) []job {
	t.Helper()
	rows, err := pool.Query(t.Context(), "select kind, state::text, args->>'order_id', scheduled_at from river.river_job order by scheduled_at")
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[job])
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i].Due = found[i].Due.UTC()
	}
	return found
}

func TestEventsArmTimersOnce(t *testing.T) {
	t.Parallel()
	pool, c := newClient(t, &timers{})
	now := time.Now().UTC().Truncate(time.Microsecond)
	due, later := now.Add(15*time.Minute), now.Add(30*time.Minute)
	head := order.Head{OrderID: "o-1", OccurredAt: now, After: order.Axes{Status: order.StatusDraft}}
	submitted := head
	submitted.After.Status = order.StatusPlaced
	events := []es.Recorded{
		stored(t, 1, order.Drafted{Head: head}),
		stored(t, 2, order.Placed{Head: head, PaymentDueAt: &due}),
		stored(t, 3, order.PaymentDeclined{Head: head, PaymentDueAt: &later}),
		stored(t, 4, order.PaymentRetryRequested{Head: head}),
		stored(t, 5, order.NoteAdded{Head: head, Note: "no timer"}),
		{Position: 6, Event: es.Event{AggregateType: app.StreamStock, EventType: "stock.reserved"}},
		{Position: 7, Event: es.Event{AggregateType: app.StreamOrder, EventType: "order.of_a_newer_release"}},
	}
	start(t, pool, c, events...)
	start(t, pool, c, events...) // the checkpoint was lost
	want := []job{
		{"payment_due", "scheduled", "o-1", due}, {"payment_due", "scheduled", "o-1", later},
		{"draft_abandoned", "scheduled", "o-1", now.Add(order.DraftLife)},
	}
	if diff := cmp.Diff(all(t, pool), want); diff != "" {
		t.Fatal(diff)
	}
	start(t, pool, c, stored(t, 8, order.Drafted{Head: submitted}))
	if got := len(all(t, pool)); got != 3 {
		t.Fatalf("got %d jobs: an order that was placed at once is no draft", got)
	}
	fresh := stored(t, 9, order.Drafted{Head: head})
	fresh.EventID = ids.CommandFor("event", "of another order")
	start(t, pool, c, append(events, fresh)...)
	if got := len(all(t, pool)); got != 4 {
		t.Fatalf("got %d jobs, want 4: one is new among those that are there already", got)
	}
}

func TestAnUnreadableEventStopsTheStarter(t *testing.T) {
	t.Parallel()
	pool, c := newClient(t, &timers{})
	broken := stored(t, 1, order.Placed{})
	broken.Data = json.RawMessage(`{"placed_at":1}`)
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return c.Start(t.Context(), tx, []es.Recorded{broken}) })
	if err == nil {
		t.Fatal("a broken event was passed over")
	}
}

func TestADueTimerSendsItsCommandAndAnEarlyOneSleeps(t *testing.T) {
	t.Parallel()
	u := &timers{asked: make(chan string, 10)}
	pool, c := newClient(t, u)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	past := time.Now().Add(-time.Minute)
	placed := stored(t, 1, order.Placed{Head: order.Head{OrderID: "o-1"}, PaymentDueAt: &past})
	start(t, pool, c, placed)
	want := "payment " + ids.Timer(placed.EventID, "payment_due") + " o-1"
	if got := receive(t, u.asked); got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	u.mu.Lock()
	u.err = &order.NotDueError{DueAt: time.Now().Add(time.Hour)}
	u.mu.Unlock()
	drafted := stored(t, 2, order.Drafted{Head: order.Head{OrderID: "o-1", OccurredAt: past.Add(-order.DraftLife), After: order.Axes{Status: order.StatusDraft}}})
	start(t, pool, c, drafted)
	if got, want := receive(t, u.asked), "draft "+ids.Timer(drafted.EventID, "draft_abandoned")+" o-1"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	await(t, pool, "draft_abandoned", "scheduled")
	await(t, pool, "payment_due", "completed")
}

func TestATimerOfAnOrderThatIsGoneEnds(t *testing.T) {
	t.Parallel()
	u := &timers{asked: make(chan string, 10), err: errors.Join(app.ErrNotFound)}
	pool, c := newClient(t, u)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	past := time.Now().Add(-time.Minute)
	start(t, pool, c, stored(t, 1, order.Placed{PaymentDueAt: &past}))
	receive(t, u.asked)
	await(t, pool, "payment_due", "cancelled")
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, c <-chan string) string {
	t.Helper()
	select {
	case s := <-c:
		return s
	case <-time.After(20 * time.Second):
		t.Fatal("no command came")
		return ""
	}
}

// await waits until the job of a kind has a state.
func await(t *testing.T, pool *pgxpool.Pool, kind, state string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(20 * time.Second)
	for {
		for _, j := range all(t, pool) {
			if j.Kind == kind && j.State == state {
				return
			}
		}
		select {
		case <-end:
			t.Fatalf("no %s job is %s: %v", kind, state, all(t, pool))
		case <-tick.C:
		}
	}
}
