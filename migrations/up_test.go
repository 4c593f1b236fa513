package migrations_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/nettest"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
)

// sources are the files of each service.
var sources = map[string]fs.FS{"order": migrations.Order, "payment": migrations.Payment, "query": migrations.Query}

func fileCount(t *testing.T, service string) int {
	t.Helper()
	all, err := fs.Glob(sources[service], "*.sql")
	if err != nil || len(all) == 0 {
		t.Fatalf("files of %s: %d, %v", service, len(all), err)
	}
	return len(all)
}

func TestUpRunsEachFileOnce(t *testing.T) {
	t.Parallel()
	for _, s := range migrations.Services {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			pool := pgtest.Pool(t)
			first, err := migrations.Up(t.Context(), pool, s.Name)
			if err != nil || first != fileCount(t, s.Name) {
				t.Fatalf("first run: %d, %v; want every file", first, err)
			}
			before := catalogue(t, pool)
			if again, err := migrations.Up(t.Context(), pool, s.Name); err != nil || again != 0 {
				t.Fatalf("second run: %d, %v; want nothing", again, err)
			}
			if after := catalogue(t, pool); !slices.Equal(before, after) {
				t.Errorf("the second run changed the schema:\n%s", difference(before, after))
			}
		})
	}
}

func TestSeveralRunsAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	for _, s := range migrations.Services {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			pool := pgtest.Pool(t)
			var total atomic.Int64
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					run, err := migrations.Up(t.Context(), pool, s.Name)
					if err != nil {
						t.Errorf("a run beside others: %v", err)
					}
					total.Add(int64(run))
				})
			}
			wg.Wait()
			if want := fileCount(t, s.Name); total.Load() != int64(want) {
				t.Errorf("%d files were run, want %d", total.Load(), want)
			}
		})
	}
}

func TestTwoConnectionsSuffice(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Pool(t).Config().Copy()
	cfg.MaxConns = 2 // the lock, and the work under it
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := migrations.Up(ctx, pool, "order"); err != nil {
		t.Fatal(err)
	}
}

func TestAServiceNobodyKnowsIsRefused(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	_, up := migrations.Up(t.Context(), pool, "billing")
	wait := migrations.Wait(t.Context(), pool, "billing", time.Minute)
	for _, err := range []error{up, wait} {
		if err == nil || !strings.Contains(err.Error(), `"billing"`) {
			t.Errorf("got %v", err)
		}
	}
}

func TestWaitGivesUpWithASentence(t *testing.T) {
	t.Parallel()
	behind := migrated(t, "order")
	exec(t, behind, "delete from schema_migrations where version_id = 2")
	jobsBehind := migrated(t, "order")
	exec(t, jobsBehind, "delete from river.river_migration where version = (select max(version) from river.river_migration)")
	for name, c := range map[string]*pgxpool.Pool{
		"an empty database":       pgtest.Pool(t),
		"a file that was not run": behind,
		"jobs of a release ago":   jobsBehind,
		"nothing granted yet":     as(t, migrated(t, "payment"), "query_read"),
	} {
		t.Run(name, func(t *testing.T) {
			err := migrations.Wait(t.Context(), c, "order", 100*time.Millisecond)
			if !errors.Is(err, migrations.ErrPending) {
				t.Fatalf("got %v, want ErrPending", err)
			}
			if s := err.Error(); !strings.Contains(s, "order") || !strings.Contains(s, "kontor migrate") {
				t.Errorf("%q says neither which database nor what to do", s)
			}
		})
	}
	t.Run("a server that is away", func(t *testing.T) {
		cfg := behind.Config().Copy()
		port, err := nettest.Free()
		if err != nil {
			t.Fatal(err)
		}
		cfg.ConnConfig.Port = uint16(port)
		away, err := pgxpool.NewWithConfig(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer away.Close()
		err = migrations.Wait(t.Context(), away, "order", 500*time.Millisecond)
		if err == nil || errors.Is(err, migrations.ErrPending) || !strings.Contains(err.Error(), "refused") {
			t.Errorf("got %v, want that the connection was refused", err)
		}
	})
}

func TestWaitReturnsOnceAnotherMigrates(t *testing.T) {
	t.Parallel()
	for service, role := range map[string]string{"order": "order_app", "payment": "payment_app", "query": "query_project"} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			if _, err := migrations.Up(t.Context(), pgtest.Pool(t), service); err != nil { // the roles are there
				t.Fatal(err)
			}
			owner := pgtest.Pool(t)
			done := make(chan error, 1)
			app := as(t, owner, role)
			go func() { done <- migrations.Wait(t.Context(), app, service, time.Minute) }()
			if _, err := migrations.Up(t.Context(), owner, service); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}
