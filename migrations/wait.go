package migrations

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Wait returns once nothing is pending for the service, and gives up with a sentence after timeout. A database that cannot be
// reached yet counts as pending.
func Wait(ctx context.Context, pool *pgxpool.Pool, service string, timeout time.Duration) error {
	s, err := Find(service)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var last error
	for {
		err := upToDate(ctx, pool, s)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil { // otherwise it says no more than that time is up
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("gave up waiting for the database of %s: %w", service, cmp.Or(last, ctx.Err()))
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// ErrPending is a database that `kontor migrate` has not brought up to this release.
var ErrPending = errors.New("migrations are pending: run `kontor migrate`")

// upToDate compares versions by plain SELECTs, as a service's role may make no table. Newer versions than ours are fine: a database is
// migrated before the last process of the previous release ends.
func upToDate(ctx context.Context, pool *pgxpool.Pool, s Service) error {
	sources, err := fs.Glob(s.files, "*.sql")
	if err != nil {
		return err
	}
	files, err := count(ctx, pool, "select count(distinct version_id) from schema_migrations where is_applied and version_id > 0")
	if err != nil {
		return err
	}
	if files < len(sources) {
		return ErrPending
	}
	if !s.Jobs {
		return nil
	}
	migrator, err := jobs(pool)
	if err != nil {
		return err
	}
	version, err := count(ctx, pool, "select coalesce(max(version), 0) from river.river_migration where line = 'main'")
	if err != nil {
		return err
	}
	if all := migrator.AllVersions(); version < all[len(all)-1].Version {
		return ErrPending
	}
	return nil
}

// count asks for a number. A table that is not there yet, or not yet granted, is pending.
func count(ctx context.Context, pool *pgxpool.Pool, sql string) (n int, err error) {
	err = pool.QueryRow(ctx, sql).Scan(&n)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "42P01" || pg.Code == "42501") {
		return 0, fmt.Errorf("%w (%s)", ErrPending, pg.Message)
	}
	return n, err
}
