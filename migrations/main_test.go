package migrations_test

import (
	"context"
	"flag"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
)

var (
	update  = flag.Bool("update", false, "write testdata/grants.golden anew")
	release = flag.Bool("release", false, "add the migrations of this release to released.sum")
)

// TestMain fails when a run of Up leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// migrated is a database at the newest schema of the service, as its owner.
func migrated(t *testing.T, service string) *pgxpool.Pool {
	t.Helper()
	pool := pgtest.Pool(t)
	if _, err := migrations.Up(t.Context(), pool, service); err != nil {
		t.Fatal(err)
	}
	return pool
}

// as connects to the database of pool and acts as role, as if it had logged in.
func as(t *testing.T, pool *pgxpool.Pool, role string) *pgxpool.Pool {
	t.Helper()
	cfg := pool.Config().Copy()
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "set session authorization "+role)
		return err
	}
	own, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.Close)
	return own
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// lines are the values of a query with one text column.
func lines(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return all
}
