package pgstore

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontor-dev/kontor/pkg/eventsourcing/internal/pgdial"
)

// session is the lane's connection with its prepared statements, and buffers for the parameters.
type session struct {
	conn           *pgx.Conn
	lock           *pgconn.StatementDescription
	flush, plain   *pgconn.StatementDescription
	versions, look *pgconn.StatementDescription
	lockArgs       [][]byte
	columns        [10]array
	formats        []int16
	stored         []uuid // of the last plain flush
}

// newSession dials, checks the server and prepares. The check is made for every connection: the next server may be another one.
func (s *Store) newSession(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, pgdial.Timeout)
	defer cancel()
	conn, err := s.dial(ctx, "kontor append")
	if err != nil {
		return nil, err
	}
	c := &session{conn: conn, formats: []int16{1}}
	if err = s.check(ctx, conn); err == nil {
		err = c.prepare(ctx, s.opts)
	}
	if err != nil {
		pgdial.Close(conn)
		return nil, err
	}
	return c, nil
}

func (c *session) prepare(ctx context.Context, o Options) (err error) {
	sql := lockSQL
	c.lockArgs = [][]byte{binary.BigEndian.AppendUint64(nil, uint64(o.Log))}
	if o.Notify != "" {
		sql = lockNotifySQL
		c.lockArgs = append(c.lockArgs, []byte(o.Notify))
	}
	for _, p := range []struct {
		name, sql string
		to        **pgconn.StatementDescription
	}{{"lock", sql, &c.lock}, {"flush", flushSQL, &c.flush}, {"plain", plainSQL, &c.plain}, {"versions", versionsSQL, &c.versions}, {"look", lookSQL, &c.look}} {
		if *p.to, err = c.conn.PgConn().Prepare(ctx, "kontor_"+p.name, p.sql, nil); err != nil {
			return fmt.Errorf("prepare %s: %w", p.name, err)
		}
	}
	return nil
}

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
