package subscription

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// errMoved is a checkpoint that somebody else moved: another owner, or [Rewind].
var errMoved = errors.New("checkpoint was moved by somebody else")

const (
	checkpointSQL = `select position from subscriptions where name = $1`
	createSQL     = `insert into subscriptions (name) values ($1) on conflict do nothing`
	advanceSQL    = `update subscriptions set position = $3, updated_at = now() where name = $1 and position = $2`
	rewindSQL     = `insert into subscriptions (name, position) values ($1, $2)
on conflict (name) do update set position = excluded.position, updated_at = now()`
)

// checkpoint is where a subscription remembers how far it came.
type checkpoint interface {
	load(ctx context.Context) (int64, error)
	// advance moves it from one position to the next, with the effect; errMoved if it was not at from any more.
	advance(ctx context.Context, from, to int64, effect effect) error
}

// effect is the handler with its events. tx is nil unless the effect belongs to the transaction of the checkpoint.
type effect func(ctx context.Context, tx pgx.Tx) error

// inMemory is the checkpoint of a subscription without a database.
type inMemory struct{ position int64 }

func (m *inMemory) load(context.Context) (int64, error) { return m.position, nil }

func (m *inMemory) advance(ctx context.Context, _, to int64, effect effect) error {
	if err := effect(ctx, nil); err != nil {
		return err
	}
	m.position = to
	return nil
}

// table is a row of subscriptions.
type table struct {
	name string
	pool *pgxpool.Pool
	tx   bool // the effect belongs to the transaction
	hook func(string) error
}

func (t table) load(ctx context.Context) (int64, error) {
	if _, err := t.pool.Exec(ctx, createSQL, t.name); err != nil {
		return 0, fmt.Errorf("load checkpoint: %w", err)
	}
	return Checkpoint(ctx, t.pool, t.name)
}

func (t table) advance(ctx context.Context, from, to int64, effect effect) error {
	if t.tx {
		return t.advanceWith(ctx, from, to, effect)
	}
	if err := effect(ctx, nil); err != nil {
		return err
	}
	// Not waiting for the disk: a checkpoint that a crash takes back means events again, which New allows anyway.
	b := &pgx.Batch{}
	b.Queue("select set_config('synchronous_commit', 'off', true)")
	b.Queue(advanceSQL, t.name, from, to)
	results := t.pool.SendBatch(ctx, b)
	defer results.Close()
	if _, err := results.Exec(); err != nil {
		return fmt.Errorf("advance checkpoint: %w", err)
	}
	tag, err := results.Exec()
	if err != nil {
		return fmt.Errorf("advance checkpoint: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return errMoved
	}
	return results.Close()
}

// advanceWith moves the checkpoint first: whoever was overtaken learns it before it has an effect, and two owners queue at the row.
func (t table) advanceWith(ctx context.Context, from, to int64, effect effect) error {
	err := pgx.BeginFunc(ctx, t.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, advanceSQL, t.name, from, to)
		if err != nil {
			return fmt.Errorf("advance checkpoint: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return errMoved
		}
		if err := effect(ctx, tx); err != nil {
			return err
		}
		return t.hook("before_commit")
	})
	if err == nil {
		err = t.hook("after_commit")
	}
	return err
}

// Checkpoint returns the position up to which the subscription has handled everything; 0 if it never ran.
func Checkpoint(ctx context.Context, pool *pgxpool.Pool, name string) (position int64, err error) {
	err = pool.QueryRow(ctx, checkpointSQL, name).Scan(&position)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("checkpoint of %s: %w", name, err)
	}
	return position, nil
}

// Rewind has the subscription handle everything after position to once more, or skips up to it. One that runs notices at its next
// checkpoint, or within a second.
func Rewind(ctx context.Context, pool *pgxpool.Pool, name string, to int64) error {
	if to < 0 {
		return fmt.Errorf("rewind %s: position %d is negative", name, to)
	}
	if _, err := pool.Exec(ctx, rewindSQL, name, to); err != nil {
		return fmt.Errorf("rewind %s: %w", name, err)
	}
	return nil
}

// State is a row of the table subscriptions.
type State struct {
	Name      string
	Position  int64
	UpdatedAt time.Time
}

// List returns all subscriptions of a database by name.
func List(ctx context.Context, pool *pgxpool.Pool) ([]State, error) {
	rows, err := pool.Query(ctx, `select name, position, updated_at from subscriptions order by name`)
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	states, err := pgx.CollectRows(rows, pgx.RowToStructByPos[State])
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	return states, nil
}
