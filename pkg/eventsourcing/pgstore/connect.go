package pgstore

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/pkg/eventsourcing/internal/pgdial"
)

// dial opens a connection beside the pool. READ COMMITTED is needed: each statement must see what was committed before it.
func (s *Store) dial(ctx context.Context, name string) (*pgx.Conn, error) {
	return pgdial.Dial(ctx, s.pool, name, map[string]string{
		"plan_cache_mode":               "force_generic_plan", // planning the array statement anew costs more than running it
		"default_transaction_isolation": "read committed",
		"statement_timeout":             strconv.FormatInt(s.opts.StatementTimeout.Milliseconds(), 10),
		"lock_timeout":                  strconv.FormatInt(s.opts.LockTimeout.Milliseconds(), 10),
	})
}

const checkSQL = `select current_setting('server_version_num')::int / 10000, current_setting('fsync'), current_setting('synchronous_commit')`

// check refuses a server on which an acknowledged append could be lost.
func (s *Store) check(ctx context.Context, c *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, pgdial.Timeout)
	defer cancel()
	var version int
	var fsync, commit string
	err := c.QueryRow(ctx, checkSQL).Scan(&version, &fsync, &commit)
	if err != nil {
		return fmt.Errorf("check server: %w", err)
	}
	switch {
	case version < 15:
		return fmt.Errorf("check server: PostgreSQL %d, 15 or later is needed", version)
	case s.opts.AllowUnsafe:
		return nil
	case fsync != "on":
		return fmt.Errorf("check server: fsync is %s: acknowledged events could be lost", fsync)
	case commit != "on" && commit != "remote_apply":
		return fmt.Errorf("check server: synchronous_commit is %s: acknowledged events could be lost", commit)
	}
	return nil
}
