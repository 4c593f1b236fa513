package pgsink

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// ApplyFunc has the effect of messages within tx: the next versions of their streams, in order. An error that is [messaging.IsPermanent], a value or
// constraint that Postgres refuses, or a panic makes the batch come again one by one, to find the message whose key is parked. Any other error
// is tried again and holds the partition meanwhile. It must neither commit nor keep tx.
type ApplyFunc func(ctx context.Context, tx pgx.Tx, messages []messaging.Message) error

// Tx is a [messaging.Sink] whose effects are rows: effect, offset and parked records are one transaction. Safe for concurrent use; each of its claims is
// for one goroutine.
type Tx struct {
	*sink
	apply ApplyFunc
}

// NewTx returns a sink that applies with apply. It panics when cfg has no consumer.
func NewTx(pool *pgxpool.Pool, cfg Config, apply ApplyFunc) *Tx {
	return &Tx{newSink(pool, cfg), apply}
}

// Claim takes a partition over.
func (t *Tx) Claim(ctx context.Context, topic string, partition int) (messaging.Claim, error) {
	c, err := t.sink.claim(ctx, topic, partition)
	if err != nil {
		return nil, err
	}
	return &txClaim{c, t}, nil
}

type txClaim struct {
	*claim
	tx *Tx
}

// suspect is an error of the effect which says that one of the messages is to blame.
type suspect struct{ error }

func (s suspect) Unwrap() error { return s.error }

// Apply tries the whole batch, and if one of its messages is to blame, each by itself.
func (c *txClaim) Apply(ctx context.Context, batch []messaging.Message) error {
	if len(batch) == 0 {
		return nil
	}
	if err := c.check(batch); err != nil {
		return err
	}
	err := c.transact(ctx, batch, c.together)
	var s suspect
	if errors.As(err, &s) {
		err = c.transact(ctx, batch, c.oneByOne)
	}
	if err != nil {
		return err
	}
	c.next, c.last = after(batch)
	return c.hook("view.after_commit")
}

type effect func(ctx context.Context, tx pgx.Tx, l *ledger, batch []messaging.Message) (applied []messaging.Message, err error)

// transact moves the offset first, so that a claim that was lost does nothing, then has the effect, then keeps the books.
func (c *txClaim) transact(ctx context.Context, batch []messaging.Message, have effect) error {
	var l *ledger
	var applied []messaging.Message
	err := pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) (err error) {
		if l, err = c.open(ctx, tx, batch, false, c.limits, c.advance(batch)); err != nil {
			return err
		}
		if applied, err = have(ctx, tx, l, batch); err != nil {
			return err
		}
		if c.cfg.AfterApply != nil && len(applied) > 0 {
			if err := c.cfg.AfterApply(ctx, tx, applied); err != nil {
				return err
			}
		}
		if err := l.save(ctx, tx); err != nil {
			return err
		}
		return c.hook("view.before_commit")
	})
	if err == nil {
		c.stats.applied.Add(int64(len(applied)))
		l.report(ctx)
	}
	return err
}

func (c *txClaim) together(ctx context.Context, tx pgx.Tx, l *ledger, batch []messaging.Message) ([]messaging.Message, error) {
	applied := make([]messaging.Message, 0, len(batch))
	for _, m := range batch {
		if l.settle(m) {
			l.done(m)
			applied = append(applied, m)
		}
	}
	if len(applied) == 0 {
		return nil, nil
	}
	err := guard(func() error { return c.tx.apply(ctx, tx, applied) })
	var p *panicError
	if errors.As(err, &p) || unstorable(err) {
		err = suspect{err}
	}
	return applied, err
}

func (c *txClaim) oneByOne(ctx context.Context, tx pgx.Tx, l *ledger, batch []messaging.Message) (applied []messaging.Message, err error) {
	for _, m := range batch {
		if !l.settle(m) {
			continue
		}
		reason, n, err := c.one(ctx, tx, m)
		switch {
		case reason != "":
			l.park(m, keyOf(m), reason, err.Error(), n)
		case err != nil:
			return nil, fmt.Errorf("apply %s: %w", m.ID, err)
		default:
			l.done(m)
			applied = append(applied, m)
		}
	}
	return applied, nil
}

// one applies m behind a savepoint.
func (c *txClaim) one(ctx context.Context, tx pgx.Tx, m messaging.Message) (reason string, n int, err error) {
	return attempt(func() error {
		return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return c.tx.apply(ctx, tx, []messaging.Message{m}) })
	}, unstorable)
}

// Idle applies records that were released.
func (c *txClaim) Idle(ctx context.Context) error {
	return c.released(ctx, func(key string) error {
		var d *drain
		err := c.inTx(ctx, func(tx pgx.Tx) (err error) {
			if err := c.fence(ctx, tx); err != nil {
				return err
			}
			if d, err = c.drain(ctx, tx, key, false, func(m messaging.Message) (string, int, error) { return c.one(ctx, tx, m) }); err != nil {
				return err
			}
			if c.cfg.AfterApply != nil && len(d.applied) > 0 {
				if err := c.cfg.AfterApply(ctx, tx, d.applied); err != nil {
					return err
				}
			}
			return d.save(ctx, tx)
		})
		if err == nil {
			d.report(ctx)
		}
		return err
	})
}
