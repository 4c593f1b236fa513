package pgstore

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const dialTimeout = 2 * time.Second

// dial opens a connection beside the pool, in the way the pool would: whatever its hooks set, passwords and roles among them, is set
// here as well. The settings are the session's own, READ COMMITTED among them: each statement must see what was committed before it.
func (s *Store) dial(ctx context.Context, name string, timeout time.Duration) (*pgconn.PgConn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	cfg := s.pool.Config()
	conn := cfg.ConnConfig.Copy()
	if cfg.BeforeConnect != nil {
		if err := cfg.BeforeConnect(ctx, conn); err != nil {
			return nil, fmt.Errorf("connect: %w", err)
		}
	}
	conn.RuntimeParams["application_name"] = name
	c, err := pgx.ConnectConfig(ctx, conn)
	if err != nil {
		return nil, err
	}
	if cfg.AfterConnect != nil {
		if err := cfg.AfterConnect(ctx, c); err != nil {
			closeNow(c.PgConn())
			return nil, fmt.Errorf("connect: %w", err)
		}
	}
	for _, set := range [][2]string{
		{"plan_cache_mode", "force_generic_plan"}, // planning the array statement anew costs more than running it
		{"default_transaction_isolation", "read committed"},
		{"statement_timeout", strconv.FormatInt(timeout.Milliseconds(), 10)},
		{"lock_timeout", strconv.FormatInt(s.opts.LockTimeout.Milliseconds(), 10)},
	} {
		if _, err := c.Exec(ctx, "select set_config($1, $2, false)", set[0], set[1]); err != nil {
			closeNow(c.PgConn())
			return nil, fmt.Errorf("set %s: %w", set[0], err)
		}
	}
	return c.PgConn(), nil
}

// closeNow ends a connection without waiting for the server to agree.
func closeNow(c *pgconn.PgConn) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	c.Close(ctx) // only says that the connection is gone already
}

// check refuses a server on which an acknowledged append could be lost.
func (s *Store) check(ctx context.Context, c *pgconn.PgConn) error {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	res, err := c.Exec(ctx, "select current_setting('server_version_num')::int / 10000, current_setting('fsync'), current_setting('synchronous_commit')").ReadAll()
	if err != nil {
		return fmt.Errorf("check server: %w", err)
	}
	row := res[0].Rows[0]
	version, err := strconv.Atoi(string(row[0]))
	if err != nil {
		return fmt.Errorf("check server: version: %w", err)
	}
	fsync, commit := string(row[1]), string(row[2])
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
