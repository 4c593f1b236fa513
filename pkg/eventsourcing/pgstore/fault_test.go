package pgstore_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/pgtest"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/eventsourcingtest"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
)

const rawInsert = `insert into events (stream_id, event_id, version, stream_type, event_type, data, metadata)
values (gen_random_uuid(), gen_random_uuid(), 1, 'raw', 'raw', '{}', '{}') returning global_position`

func TestAReaderOfAPlainSequenceLosesEvents(t *testing.T) {
	t.Parallel()
	pool := database(t)
	slow := begin(t, pool)
	var late, early int64
	if err := slow.QueryRow(t.Context(), rawInsert).Scan(&late); err != nil {
		t.Fatal(err)
	}
	if err := pool.QueryRow(t.Context(), rawInsert).Scan(&early); err != nil { // does not take the append lock
		t.Fatal(err)
	}
	log := pgstore.New(pool, pgstore.Options{})
	seen, err := log.ReadAll(t.Context(), 0, 10)
	if err != nil || len(seen) != 1 || seen[0].Position != early {
		t.Fatalf("got %v, %v, want position %d", seen, err, early)
	}
	if err := slow.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	more, err := log.ReadAll(t.Context(), early, 10)
	if err != nil || len(more) != 0 || late > early {
		t.Errorf("got %v, %v: position %d should have been passed over, which is why every writer takes the lock", more, err, late)
	}
}

func TestAWriterWaitsForTheLockOfAnother(t *testing.T) {
	t.Parallel()
	pool := database(t)
	// Without NOTIFY: the lock that it takes at its commit is one for all databases of the server, and other tests hold it, too.
	store := start(t, pool, pgstore.Options{Notify: "-", LockTimeout: 200 * time.Millisecond})
	release := holdLock(t, pool)
	w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)
	if err := store.Append(t.Context(), w); !errors.Is(err, es.ErrUnavailable) || errors.Is(err, es.ErrOutcomeUnknown) {
		t.Errorf("got %v, want %v", err, es.ErrUnavailable)
	}
	wantEvents(t, pool, 0)
	release()
	if err := store.Append(t.Context(), w); err != nil {
		t.Errorf("after the release: %v", err)
	}
}

func TestAForeignTransactionDelaysNobody(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := start(t, pool, pgstore.Options{})
	foreign := begin(t, pool)
	if _, err := foreign.Exec(t.Context(), "insert into subscriptions (name) values ('x')"); err != nil {
		t.Fatal(err)
	}
	stream := eventsourcingtest.NewStream()
	for version := range int64(5) {
		if err := store.Append(t.Context(), eventsourcingtest.Write(stream, version, 1)); err != nil {
			t.Fatal(err)
		}
		events, err := store.ReadAll(t.Context(), 0, 10)
		if err != nil || int64(len(events)) != version+1 {
			t.Fatalf("got %d events, %v, want %d", len(events), err, version+1)
		}
	}
}

func TestTwoProcessesShareALogWhileTheirBackendsAreTerminated(t *testing.T) {
	t.Parallel()
	pool := database(t)
	a, b := start(t, pool, pgstore.Options{LockTimeout: 5 * time.Second}), start(t, pool, pgstore.Options{LockTimeout: 5 * time.Second})
	for _, store := range []*pgstore.Store{a, b} { // both run
		if err := store.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)); err != nil {
			t.Fatal(err)
		}
	}
	head, err := a.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var killer sync.WaitGroup
	killer.Go(func() {
		for ctx.Err() == nil {
			terminateBackends(t, pool, "kontor append")
			terminateBackends(t, pool, "kontor load")
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	eventsourcingtest.ReadBeside(t, a, head, patient{a}, patient{b})
	stop()
	killer.Wait()
}

// patient appends again while the store is away for a moment, as clients do. An unknown outcome stays an error.
type patient struct{ *pgstore.Store }

func (p patient) Append(ctx context.Context, writes ...es.Write) (err error) {
	for range 4000 {
		if err = p.Store.Append(ctx, writes...); !errors.Is(err, es.ErrUnavailable) || errors.Is(err, es.ErrOutcomeUnknown) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
	return err
}

func TestSerializationFailuresAreTriedAgain(t *testing.T) {
	t.Parallel()
	pool := database(t)
	exec(t, pool, `create sequence tries; create function shaky() returns trigger language plpgsql as $$ begin
		if nextval('tries') % 4 <> 0 then raise exception 'shaky' using errcode = '40001'; end if; return null; end $$;
		create trigger shaky after insert on events for each statement execute function shaky()`)
	store := start(t, pool, pgstore.Options{})
	stream := eventsourcingtest.NewStream()
	for version := range int64(3) {
		if err := store.Append(t.Context(), eventsourcingtest.Write(stream, version, 1)); err != nil {
			t.Errorf("version %d: %v", version, err)
		}
	}
	exec(t, pool, `create or replace function shaky() returns trigger language plpgsql as
		$$ begin raise exception 'shaky' using errcode = '40P01'; end $$`)
	if err := store.Append(t.Context(), eventsourcingtest.Write(stream, 3, 1)); !errors.Is(err, es.ErrUnavailable) {
		t.Errorf("without end: got %v, want %v", err, es.ErrUnavailable)
	}
	wantEvents(t, pool, 3)
}

func TestHolesInPositionsDelayNobody(t *testing.T) {
	t.Parallel()
	pool := database(t)
	store := start(t, pool, pgstore.Options{})
	var got []int64
	for range 5 {
		rolledBack := begin(t, pool)
		if _, err := rolledBack.Exec(t.Context(), rawInsert); err != nil {
			t.Fatal(err)
		}
		if err := rolledBack.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := store.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)); err != nil {
			t.Fatal(err)
		}
	}
	events, err := store.ReadAll(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		got = append(got, e.Position)
	}
	if !slices.Equal(got, []int64{2, 4, 6, 8, 10}) {
		t.Errorf("got positions %v", got)
	}
}

func TestAWriterWithoutTheProtocolIsALostRace(t *testing.T) {
	t.Parallel()
	pool := database(t)
	w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)
	exec(t, pool, `create function intrude() returns trigger language plpgsql as $$ begin
		insert into events (stream_id, event_id, version, stream_type, event_type, data, metadata)
		values (new.stream_id, gen_random_uuid(), new.version, 'raw', 'raw', '{}', '{}'); return new; end $$;
		create trigger intrude before insert on events for each row when (pg_trigger_depth() = 0) execute function intrude()`)
	store := start(t, pool, pgstore.Options{})
	if err := store.Append(t.Context(), w); !errors.Is(err, es.ErrConflict) {
		t.Errorf("got %v, want a conflict", err)
	}
}

func TestTheStoreOutlivesItsServer(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	pool := pgtest.Connect(t, server.URL())
	exec(t, pool, pgstore.Schema)
	store := start(t, pool, pgstore.Options{})
	stream := eventsourcingtest.NewStream()
	for round, end := range []func() error{server.Restart, server.Kill, server.Stop} {
		if err := (patient{store}).Append(t.Context(), eventsourcingtest.Write(stream, int64(round), 1)); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if round > 0 {
			err := store.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1))
			if !errors.Is(err, es.ErrUnavailable) && !errors.Is(err, es.ErrOutcomeUnknown) {
				t.Errorf("without a server: got %v", err)
			}
			if _, err := store.Load(t.Context(), stream, 0); !errors.Is(err, es.ErrUnavailable) {
				t.Errorf("load without a server: got %v, want %v", err, es.ErrUnavailable)
			}
			if err := server.Restart(); err != nil {
				t.Fatal(err)
			}
		}
	}
	eventually(t, "all three are there", func() bool {
		events, err := store.Load(t.Context(), stream, 0)
		return err == nil && len(events) == 3
	})
}

func TestLoadsAreServedWithoutTheLane(t *testing.T) {
	t.Parallel()
	pool := database(t)
	running := start(t, pool, pgstore.Options{})
	w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 3)
	if err := running.Append(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	for name, store := range map[string]*pgstore.Store{
		"not running":   pgstore.New(pool, pgstore.Options{}),
		"not gathering": start(t, pool, pgstore.Options{LoadConns: -1}),
	} {
		events, err := store.Load(t.Context(), w.Stream, 1)
		if err != nil || len(events) != 2 {
			t.Errorf("%s: Load: got %v, %v", name, events, err)
		}
		all, err := store.LoadAll(t.Context(), map[es.Stream]int64{w.Stream: 0, eventsourcingtest.NewStream(): 0})
		if err != nil || len(all[w.Stream]) != 3 {
			t.Errorf("%s: LoadAll: got %v, %v", name, all, err)
		}
	}
	if head, err := running.Head(t.Context()); err != nil || head != 3 {
		t.Errorf("Head: got %d, %v, want 3", head, err)
	}
}

func TestGatheredLoadsBelongToTheirCallers(t *testing.T) {
	t.Parallel()
	store := start(t, database(t), pgstore.Options{})
	var wg sync.WaitGroup
	for n := range 100 {
		wg.Go(func() {
			w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1+n%5)
			if err := store.Append(t.Context(), w); err != nil {
				t.Error(err)
				return
			}
			for after := range int64(3) {
				events, err := store.Load(t.Context(), w.Stream, after)
				if err != nil || len(events) != max(0, 1+n%5-int(after)) || (len(events) > 0 && events[0].EventID != w.Events[after].EventID) {
					t.Errorf("after %d: got %v, %v", after, events, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestAFlushNotifiesOnce(t *testing.T) {
	t.Parallel()
	pool := database(t)
	conn, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "listen events_of_test"); err != nil {
		t.Fatal(err)
	}
	store := start(t, pool, pgstore.Options{Notify: "events_of_test"})
	grown := store.Appended()
	if err := store.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 4)); err != nil {
		t.Fatal(err)
	}
	<-grown
	if n, err := conn.WaitForNotification(t.Context()); err != nil || n.Channel != "events_of_test" {
		t.Errorf("got %v, %v", n, err)
	}
}

func TestStoredEventsCannotBeChanged(t *testing.T) {
	t.Parallel()
	pool := database(t)
	exec(t, pool, rawInsert)
	for _, sql := range []string{"update events set version = 2", "delete from events", "truncate events"} {
		_, err := pool.Exec(t.Context(), sql)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "42501" {
			t.Errorf("%s: got %v, want 42501", sql, err)
		}
	}
	wantEvents(t, pool, 1)
}

func TestRunRefusesAServerThatLosesEvents(t *testing.T) {
	t.Parallel()
	careless := pgtest.Start(t) // has fsync off; the shared one has it on where it is a server of somebody else's
	store := pgstore.New(pgtest.Connect(t, careless.URL()), pgstore.Options{})
	if err := store.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "fsync") {
		t.Errorf("got %v, want a word about fsync", err)
	}
	if err := store.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)); !errors.Is(err, es.ErrUnavailable) {
		t.Errorf("append: got %v, want %v", err, es.ErrUnavailable)
	}
}

func TestRunRunsOnce(t *testing.T) {
	t.Parallel()
	store := start(t, database(t), pgstore.Options{})
	if err := store.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)); err != nil {
		t.Fatal(err)
	}
	if err := store.Run(t.Context()); err == nil {
		t.Error("a second Run was let in")
	}
}

func begin(t *testing.T, pool *pgxpool.Pool) pgx.Tx {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback(context.Background()) })
	return tx
}

// holdLock takes the append lock as another process would, until release.
func holdLock(t *testing.T, pool *pgxpool.Pool) (release func()) {
	t.Helper()
	tx := begin(t, pool)
	if _, err := tx.Exec(t.Context(), "select pg_advisory_xact_lock(7308325)"); err != nil {
		t.Error(err)
	}
	return func() {
		if err := tx.Rollback(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

func terminateBackends(t *testing.T, pool *pgxpool.Pool, name string) {
	t.Helper()
	_, err := pool.Exec(context.Background(), `select pg_terminate_backend(pid, 5000) from pg_stat_activity
		where application_name = $1 and datname = current_database()`, name)
	if err != nil {
		t.Error(err)
	}
}

func exec(t testing.TB, pool *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func wantEvents(t *testing.T, pool *pgxpool.Pool, want int) {
	t.Helper()
	var got, broken int
	err := pool.QueryRow(t.Context(), `select count(*), (select count(*) from (select from events group by stream_id
		having min(version) <> 1 or max(version) <> count(*)) s) from events`).Scan(&got, &broken)
	if err != nil {
		t.Fatal(err)
	}
	if got != want || broken != 0 {
		t.Errorf("got %d events and %d streams with gaps, want %d and none", got, broken, want)
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
