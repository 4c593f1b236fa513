package subscription_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/kontor-dev/kontor/internal/pgtest"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/eventsourcingtest"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestASubscriptionHandlesEverythingInOrder(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := startStore(t, pool)
	var seen journal
	first := run(t, subscription.New(subscription.Config{Name: "s", Log: store, Pool: pool, Wake: store.Appended, Batch: 7}, seen.handle))
	appendEvents(t, store, 40)
	head := appendEvents(t, store, 40)
	waitFor(t, first.Subscription, head)
	first.stop()
	head = appendEvents(t, store, 20)
	second := run(t, subscription.New(subscription.Config{Name: "s", Log: store, Pool: pool, Batch: 7}, seen.handle))
	waitFor(t, second.Subscription, head)
	seen.wantAll(t, store)
	if lag, err := second.Lag(t.Context()); err != nil || lag != 0 {
		t.Errorf("Lag: got %d, %v, want 0", lag, err)
	}
}

func TestASubscriptionIsWokenWithoutThePoll(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := startStore(t, pool)
	for name, cfg := range map[string]subscription.Config{
		"by the lane of its process": {Wake: store.Appended},
		"by the notify of another":   {Listen: "kontor_events"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.Name, cfg.Log, cfg.Pool, cfg.Poll = name, store, pool, time.Hour
			var seen journal
			s := run(t, subscription.New(cfg, seen.handle))
			for range 5 { // the first may be read before it waits for anything
				waitFor(t, s.Subscription, appendEvents(t, store, 1))
			}
			seen.wantAll(t, store)
		})
	}
}

func TestAFailedHandlerGetsTheSameEventsAgain(t *testing.T) {
	t.Parallel()
	store := memstore.New(nil)
	head := appendEvents(t, store, 10)
	var seen journal
	var failures []error
	failing := func(ctx context.Context, events []es.Recorded) error {
		if len(failures) < 3 {
			return fmt.Errorf("no broker")
		}
		return seen.handle(ctx, events)
	}
	s := run(t, subscription.New(subscription.Config{Name: "s", Log: store, OnError: func(err error) { failures = append(failures, err) }}, failing))
	waitFor(t, s.Subscription, head)
	s.stop()
	seen.wantAll(t, store)
	if len(failures) != 3 {
		t.Errorf("got failures %v, want 3", failures)
	}
}

func TestATransactionalHandlerHasItsEffectExactlyOnce(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := startStore(t, pool)
	exec(t, pool, "create table effects (n bigserial, position bigint)")
	head := appendEvents(t, store, 200)
	calls := 0
	hook := func(point string) error { // fails now and then: before the commit, and after it as if the reply was lost
		if calls++; (point == "before_commit" && calls%5 == 0) || (point == "after_commit" && calls%7 == 0) {
			return errors.New(point)
		}
		return nil
	}
	cfg := subscription.Config{Name: "s", Log: store, Pool: pool, Batch: 9, Hook: hook}
	waitFor(t, run(t, subscription.NewTx(cfg, recordEffects)).Subscription, head)
	wantEffects(t, pool, store)
}

func TestAnotherProcessTakesOver(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := startStore(t, pool)
	exec(t, pool, "create table effects (n bigserial, position bigint)")
	var subs []*running
	lost := make(chan error, 8)
	for range 3 {
		subs = append(subs, run(t, subscription.NewTx(subscription.Config{
			Name: "s", Log: store, Pool: pool, Batch: 5, StandBy: 50 * time.Millisecond,
			OnError: func(err error) { lost <- err },
		}, recordEffects)))
	}
	for round := range 4 {
		head := appendEvents(t, store, 50)
		eventually(t, "the checkpoint is at the head", func() bool {
			at, err := subscription.Checkpoint(t.Context(), pool, "s")
			return err == nil && at == head
		})
		if round == 3 {
			break
		}
		exec(t, pool, `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and objsubid = 1
			and pid in (select pid from pg_stat_activity where application_name = 'kontor s' and datname = current_database())`)
		if err := <-lost; err == nil {
			t.Fatal("a lost lock is no error")
		}
	}
	for _, s := range subs {
		s.stop()
	}
	wantEffects(t, pool, store)
}

func TestOfTwoOwnersOneHasTheEffect(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := startStore(t, pool)
	exec(t, pool, "create table effects (n bigserial, position bigint)")
	head := appendEvents(t, store, 30)
	entered, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	errs := make(chan error, 8)
	// The handler lets another owner in while it holds its transaction: Rewind stands for that owner's checkpoint.
	s := run(t, subscription.New(subscription.Config{Name: "s", Log: store, Pool: pool, Batch: 10, OnError: func(err error) { errs <- err }},
		func(ctx context.Context, events []es.Recorded) error {
			once.Do(func() { close(entered); <-release })
			return nil
		}))
	<-entered
	if err := subscription.Rewind(t.Context(), pool, "s", 20); err != nil {
		t.Fatal(err)
	}
	close(release)
	if err := <-errs; err == nil {
		t.Error("the overtaken owner noticed nothing")
	}
	waitFor(t, s.Subscription, head)
}

func TestRewindHandlesEventsOnceMore(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := startStore(t, pool)
	head := appendEvents(t, store, 10)
	batches := make(chan int64, 100)
	s := run(t, subscription.New(subscription.Config{Name: "s", Log: store, Pool: pool}, func(_ context.Context, events []es.Recorded) error {
		batches <- events[0].Position
		return nil
	}))
	waitFor(t, s.Subscription, head)
	<-batches
	if err := subscription.Rewind(t.Context(), pool, "s", head-4); err != nil {
		t.Fatal(err)
	}
	if got := <-batches; got != head-3 {
		t.Errorf("got events from %d, want %d", got, head-3)
	}
	if err := subscription.Rewind(t.Context(), pool, "s", -1); err == nil {
		t.Error("a negative position was taken")
	}
	states, err := subscription.List(t.Context(), pool)
	if err != nil || len(states) != 1 || states[0].Name != "s" {
		t.Errorf("List: got %v, %v", states, err)
	}
}

func TestTheBatchUnderWayFinishesAtShutdown(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := startStore(t, pool)
	head := appendEvents(t, store, 3)
	entered, release := make(chan struct{}), make(chan struct{})
	s := run(t, subscription.New(subscription.Config{Name: "s", Log: store, Pool: pool}, func(ctx context.Context, _ []es.Recorded) error {
		close(entered)
		<-release
		return ctx.Err()
	}))
	<-entered
	s.cancel()
	close(release)
	s.stop()
	if at, err := subscription.Checkpoint(t.Context(), pool, "s"); err != nil || at != head {
		t.Errorf("got checkpoint %d, %v, want %d", at, err, head)
	}
}

func TestAHandlerThatDoesNotEndIsCancelledAfterTheGrace(t *testing.T) {
	t.Parallel()
	store := memstore.New(nil)
	appendEvents(t, store, 1)
	entered := make(chan struct{})
	s := run(t, subscription.New(subscription.Config{Name: "s", Log: store, Grace: time.Millisecond}, func(ctx context.Context, _ []es.Recorded) error {
		close(entered)
		<-ctx.Done()
		return ctx.Err()
	}))
	<-entered
	s.stop()
	if s.Position() != 0 {
		t.Errorf("got position %d, want 0", s.Position())
	}
}

// journal is a handler that remembers the positions it was given.
type journal struct {
	mu        sync.Mutex
	positions []int64
}

func (j *journal) handle(_ context.Context, events []es.Recorded) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range events {
		j.positions = append(j.positions, e.Position)
	}
	return nil
}

func (j *journal) wantAll(t *testing.T, log es.Log) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if d := cmp.Diff(positions(t, log), j.positions); d != "" {
		t.Errorf("positions (-want +got):\n%s", d)
	}
}

func recordEffects(ctx context.Context, tx pgx.Tx, events []es.Recorded) error {
	for _, e := range events {
		if _, err := tx.Exec(ctx, "insert into effects (position) values ($1)", e.Position); err != nil {
			return err
		}
	}
	return nil
}

func wantEffects(t *testing.T, pool *pgxpool.Pool, log es.Log) {
	t.Helper()
	rows, err := pool.Query(t.Context(), "select position from effects order by n")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(positions(t, log), got); d != "" {
		t.Errorf("effects (-want +got):\n%s", d)
	}
}

func positions(t *testing.T, log es.Log) []int64 {
	t.Helper()
	events, err := log.ReadAll(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var all []int64
	for _, e := range events {
		all = append(all, e.Position)
	}
	if !slices.IsSorted(all) || len(all) == 0 {
		t.Fatalf("log has positions %v", all)
	}
	return all
}

type store interface {
	es.Appender
	es.Log
}

// appendEvents appends n events to n streams and returns the last position.
func appendEvents(t *testing.T, s store, n int) (head int64) {
	t.Helper()
	for range n {
		if err := s.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)); err != nil {
			t.Fatal(err)
		}
	}
	all := positions(t, s)
	return all[len(all)-1]
}

type running struct {
	*subscription.Subscription
	cancel context.CancelFunc
	stop   func()
}

// run works until it is stopped, or the test ends.
func run(t *testing.T, s *subscription.Subscription) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return &running{Subscription: s, cancel: cancel, stop: stop}
}

func waitFor(t *testing.T, s *subscription.Subscription, position int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := s.WaitFor(ctx, position); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := pgtest.Pool(t)
	exec(t, pool, pgstore.Schema)
	return pool
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func startStore(t *testing.T, pool *pgxpool.Pool) *pgstore.Store {
	t.Helper()
	s := pgstore.New(pool, pgstore.Options{AllowUnsafe: true})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return s
}
