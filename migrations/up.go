package migrations

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Service is a service with a database.
type Service struct {
	Name     string // as in its folder here
	Database string // default name of its database
	Jobs     bool   // whether it needs River's tables
	files    fs.FS
}

// Services are all of them, in the order they are migrated.
var Services = []Service{
	{Name: "order", Database: "kontor_order", Jobs: true, files: Order},
	{Name: "payment", Database: "kontor_payment", Jobs: true, files: Payment},
	{Name: "query", Database: "kontor_query", files: Query},
}

// Find returns the service of that name.
func Find(name string) (Service, error) {
	for _, s := range Services {
		if s.Name == name {
			return s, nil
		}
	}
	return Service{}, fmt.Errorf("no service is called %q", name)
}

// ErrTooOld is a server before PostgreSQL 15.
var ErrTooOld = errors.New("Kontor needs PostgreSQL 15 or later")

// Up brings the database behind pool to the schema of the service: roles, goose's files, River's tables, grants. What is there
// already is left alone. The pool's role must own the database and be allowed to make roles. It returns how many files were run.
func Up(ctx context.Context, pool *pgxpool.Pool, service string) (int, error) {
	s, err := Find(service)
	if err != nil {
		return 0, err
	}
	if err := checkServer(ctx, pool); err != nil {
		return 0, err
	}
	if err := createRoles(ctx, pool); err != nil {
		return 0, err
	}
	p, err := provider(pool, s)
	if err != nil {
		return 0, err
	}
	results, err := p.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate %s: %w", s.Name, err)
	}
	if s.Jobs {
		if err := upJobs(ctx, pool); err != nil {
			return 0, fmt.Errorf("migrate the jobs of %s: %w", s.Name, err)
		}
	}
	grants, err := fs.ReadFile(files, "grants/"+s.Name+".sql")
	if err != nil {
		return 0, err
	}
	if err := guarded(ctx, pool, string(grants)); err != nil {
		return 0, fmt.Errorf("grant the roles of %s: %w", s.Name, err)
	}
	return len(results), nil
}

func checkServer(ctx context.Context, pool *pgxpool.Pool) error {
	var version int
	var name string
	if err := pool.QueryRow(ctx, "select current_setting('server_version_num')::int, current_setting('server_version')").Scan(&version, &name); err != nil {
		return fmt.Errorf("ask the server's version: %w", err)
	}
	if version < 15_00_00 {
		return fmt.Errorf("this server is PostgreSQL %s: %w", name, ErrTooOld)
	}
	return nil
}

func provider(pool *pgxpool.Pool, s Service) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // asks each second; the default delays every waiter by 5 s
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, stdlib.OpenDBFromPool(pool), s.files,
		goose.WithSessionLocker(locker), goose.WithTableName("schema_migrations"), goose.WithDisableGlobalRegistry(true))
}

// upJobs makes River's tables. River takes no lock of its own here, so an advisory one keeps two runs apart.
func upJobs(ctx context.Context, pool *pgxpool.Pool) error {
	return locked(ctx, pool, func(ctx context.Context) error {
		if _, err := pool.Exec(ctx, "create schema if not exists river"); err != nil {
			return err
		}
		migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: "river"})
		if err != nil {
			return err
		}
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
}

// locked runs do under the session lock of everything here that goose does not guard.
func locked(ctx context.Context, pool *pgxpool.Pool, do func(context.Context) error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	const key = 0x6b6f6e746f72 // "kontor"
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", int64(key)); err != nil {
		return err
	}
	err = do(ctx)
	_, unlock := conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", int64(key))
	return errors.Join(err, unlock)
}

// guarded runs SQL under the lock.
func guarded(ctx context.Context, pool *pgxpool.Pool, sql string) error {
	return locked(ctx, pool, func(ctx context.Context) error {
		_, err := pool.Exec(ctx, sql)
		return err
	})
}

// Wait returns once nothing is pending for the service, and gives up with a sentence after timeout. A database that cannot be
// reached yet counts as pending.
func Wait(ctx context.Context, pool *pgxpool.Pool, service string, timeout time.Duration) error {
	s, err := Find(service)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		pending, err := pendingFiles(ctx, pool, s)
		if err == nil && !pending {
			return nil
		}
		select {
		case <-ctx.Done():
			if err == nil {
				err = errors.New("migrations are pending: run `kontor migrate`")
			}
			return fmt.Errorf("wait for the database of %s: %w", service, err)
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// pendingFiles compares versions by plain SELECTs, as a service's role may make no table.
func pendingFiles(ctx context.Context, pool *pgxpool.Pool, s Service) (bool, error) {
	sources, err := fs.Glob(s.files, "*.sql")
	if err != nil {
		return false, err
	}
	var applied int
	err = pool.QueryRow(ctx, "select count(distinct version_id) from schema_migrations where is_applied and version_id > 0").Scan(&applied)
	if err != nil {
		return false, fmt.Errorf("read the migrations of %s: %w", s.Name, err)
	}
	if !s.Jobs {
		return applied < len(sources), nil
	}
	var jobs bool
	if err := pool.QueryRow(ctx, "select to_regclass('river.river_job') is not null").Scan(&jobs); err != nil {
		return false, err
	}
	return applied < len(sources) || !jobs, nil
}
