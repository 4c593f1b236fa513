package migrations

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"
)

// locked runs do under the session lock of everything here that goose does not guard. do gets the connection that holds the lock, so
// that a small pool suffices. Postgres keeps such locks per database: what belongs to the whole server must bear a second run beside it.
func locked(ctx context.Context, pool *pgxpool.Pool, do func(context.Context, *pgxpool.Conn) error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	const key = 0x6b6f6e746f72 // "kontor"
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", int64(key)); err != nil {
		return err
	}
	err = do(ctx, conn)
	_, unlock := conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", int64(key))
	return errors.Join(err, unlock)
}

// grant runs a file of grants, all of it or nothing.
func grant(ctx context.Context, pool *pgxpool.Pool, sql string) error {
	return locked(ctx, pool, func(ctx context.Context, conn *pgxpool.Conn) error {
		_, err := conn.Exec(ctx, sql) // several statements without arguments are one transaction
		return err
	})
}
