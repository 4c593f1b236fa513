package pgstore_test

import (
	"context"
	"os"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/pgtest"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/eventsourcingtest"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	fresh := func(t *testing.T) *pgstore.Store { return start(t, database(t), pgstore.Options{}) }
	shared := fresh(t) // appends of different tests meet in its flushes; only a log must be one's own
	eventsourcingtest.TestStore(t, func(*testing.T) es.Store { return shared })
	eventsourcingtest.TestAppender(t, func(*testing.T) eventsourcingtest.Appender { return shared })
	eventsourcingtest.TestLog(t, func(t *testing.T) eventsourcingtest.Log { return fresh(t) })
	eventsourcingtest.TestSnapshots(t, func(*testing.T) es.SnapshotStore { return shared })
}

func TestTwoProcessesOnOneDatabaseAreOneStore(t *testing.T) {
	t.Parallel()
	fresh := func(t *testing.T) *pair {
		pool := database(t)
		return &pair{Store: start(t, pool, pgstore.Options{}), other: start(t, pool, pgstore.Options{})}
	}
	shared := fresh(t)
	eventsourcingtest.TestStore(t, func(*testing.T) es.Store { return shared })
	eventsourcingtest.TestAppender(t, func(*testing.T) eventsourcingtest.Appender { return shared })
	eventsourcingtest.TestLog(t, func(t *testing.T) eventsourcingtest.Log { return fresh(t) })
}

// pair appends through two stores of one database in turn, as two processes would, and reads through the first.
type pair struct {
	*pgstore.Store
	other *pgstore.Store
	turn  atomic.Int64
}

func (p *pair) Append(ctx context.Context, writes ...es.Write) error {
	if p.turn.Add(1)%2 == 0 {
		return p.other.Append(ctx, writes...)
	}
	return p.Store.Append(ctx, writes...)
}

func (p *pair) Save(ctx context.Context, stream es.Stream, expected int64, events ...es.Event) error {
	return p.Append(ctx, es.Write{Stream: stream, Expected: expected, Events: events})
}

// database is a fresh one with the tables of the store.
func database(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := pgtest.Pool(t)
	if _, err := pool.Exec(t.Context(), pgstore.Schema); err != nil {
		t.Fatal(err)
	}
	return pool
}

// start runs a store until the test ends, and checks that it stopped in order.
func start(t testing.TB, pool *pgxpool.Pool, o pgstore.Options) *pgstore.Store {
	t.Helper()
	o.AllowUnsafe = o.AllowUnsafe || os.Getenv(envBench) == "" // the test server has fsync off
	store := pgstore.New(pool, o)
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- store.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return store
}
