package migrations

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
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
	if err := locked(ctx, pool, createRoles); err != nil {
		return 0, err
	}
	run, err := upFiles(ctx, pool, s)
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
	if err := grant(ctx, pool, string(grants)); err != nil {
		return 0, fmt.Errorf("grant the roles of %s: %w", s.Name, err)
	}
	return run, nil
}

func checkServer(ctx context.Context, pool *pgxpool.Pool) error {
	var version int
	var name string
	if err := pool.QueryRow(ctx, "select current_setting('server_version_num')::int, current_setting('server_version')").Scan(&version, &name); err != nil {
		return fmt.Errorf("ask the server's version: %w", err)
	}
	return checkVersion(version, name)
}

// checkVersion refuses a server that is too old. The number is Postgres's server_version_num: 150004 is 15.4.
func checkVersion(number int, name string) error {
	if number < 15_00_00 {
		return fmt.Errorf("this server is PostgreSQL %s: %w", name, ErrTooOld)
	}
	return nil
}

// upFiles runs the files that are new and returns how many they were.
func upFiles(ctx context.Context, pool *pgxpool.Pool, s Service) (run int, err error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // asks each second; the default delays every waiter by 5 s
	if err != nil {
		return 0, err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer func() { err = errors.Join(err, db.Close()) }() // ends its goroutine; the pool stays open
	p, err := goose.NewProvider(goose.DialectPostgres, db, s.files,
		goose.WithSessionLocker(locker), goose.WithTableName("schema_migrations"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, err
	}
	results, err := p.Up(ctx)
	return len(results), err
}

// upJobs makes River's tables. River takes no lock of its own here, so an advisory one keeps two runs apart.
func upJobs(ctx context.Context, pool *pgxpool.Pool) error {
	return locked(ctx, pool, func(ctx context.Context, conn *pgxpool.Conn) error {
		if _, err := conn.Exec(ctx, "create schema if not exists river"); err != nil {
			return err
		}
		migrator, err := jobs(pool)
		if err != nil {
			return err
		}
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
}

// jobs is the migrator of River's tables.
func jobs(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	return rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: "river"})
}
