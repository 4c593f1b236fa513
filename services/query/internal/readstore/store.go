package readstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// Config configures a [Store].
type Config struct {
	Customers *pgxpool.Pool // as the role query_read, made by [Open]
	Staff     *pgxpool.Pool // as the role query_staff, made by [Open]
	CursorKey []byte        // the secret of cursors; all replicas have the same
	MaxWaits  int           // reads that wait for a version at once; default 100
	Log       *slog.Logger  // hears when the listener loses its connection; default: nobody
}

// Store reads views. It is safe for concurrent use.
type Store struct {
	cfg     Config
	waiters *waiters
}

// New returns a store. [Store.Listen] must run for reads that wait.
func New(cfg Config) *Store {
	if cfg.MaxWaits == 0 {
		cfg.MaxWaits = 100
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Store{cfg: cfg, waiters: newWaiters(cfg.MaxWaits)}
}

// Open connects to the views for reading, with at most size connections. Statements end after 2 seconds.
func Open(ctx context.Context, url string, size int) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database URL of the views is no Postgres URL") // the error of the driver may quote it
	}
	cfg.MaxConns = int32(size)
	cfg.MaxConnLifetime, cfg.MaxConnLifetimeJitter = 30*time.Minute, 5*time.Minute
	params := cfg.ConnConfig.RuntimeParams
	params["application_name"] = "kontor-query"
	params["statement_timeout"] = "2000"
	// Statements are prepared against some side; each read sets the live one, and Postgres plans them anew if that differs.
	params["search_path"] = "view_a, public"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open views: %w", err)
	}
	return pool, nil
}

// sqlSide begins every read: which side, and who asks.
const sqlSide = `select set_config('search_path', 'view_' || side || ', public', true), set_config('app.customer', $2, true) from view_live where consumer = $1`

// statement is one query of a read, and what to do with its rows.
type statement struct {
	sql  string
	args []any
	rows func(pgx.Rows) error
}

// read runs statements on the live side of a unit, as who, in one round trip and one transaction.
func (s *Store) read(ctx context.Context, who auth.Principal, unit string, statements ...statement) error {
	pool := s.cfg.Customers
	if who.IsStaff() {
		pool = s.cfg.Staff
	}
	var batch pgx.Batch
	batch.Queue(sqlSide, unit, who.Customer()).QueryRow(func(row pgx.Row) error {
		var path, customer string
		return row.Scan(&path, &customer)
	})
	for _, st := range statements {
		batch.Queue(st.sql, st.args...).Query(st.rows)
	}
	return unavailable(pool.SendBatch(ctx, &batch).Close())
}

// unavailable marks what is no fault of the query.
func unavailable(err error) error {
	var pg *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &pg):
		if class := pg.Code[:min(2, len(pg.Code))]; class != "08" && class != "53" && class != "57" {
			return err
		}
	case errors.Is(err, pgx.ErrNoRows):
		return err
	}
	return fmt.Errorf("%w: %w", view.ErrUnavailable, err)
}

// Ping says whether both pools reach their database.
func (s *Store) Ping(ctx context.Context) error {
	return errors.Join(s.cfg.Customers.Ping(ctx), s.cfg.Staff.Ping(ctx))
}

// owned is the condition that every query of a customer's things has; staff see all.
func (q *query) owned(who auth.Principal) {
	if !who.IsStaff() {
		q.where("customer_id = %s", who.Customer())
	}
}

// micros are what Postgres keeps of an instant, as a number.
func micros(t time.Time) int64 { return t.UnixMicro() }
