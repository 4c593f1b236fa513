package pgstore_test

import (
	"context"
	"os"
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
	eventsourcingtest.TestStore(t, func(t *testing.T) es.Store { return fresh(t) })
	eventsourcingtest.TestAppender(t, func(t *testing.T) eventsourcingtest.Appender { return fresh(t) })
	eventsourcingtest.TestLog(t, func(t *testing.T) eventsourcingtest.Log { return fresh(t) })
	eventsourcingtest.TestSnapshots(t, func(t *testing.T) es.SnapshotStore { return fresh(t) })
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
