package pgsink

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// atOnce is how many keys of a partition are handled side by side: enough to fill a group append.
const atOnce = 32

// Each is a [messaging.Sink] whose effects happen elsewhere, message by message, before the offset moves. After a crash in between a message comes again,
// so the handler must find out that it is done: it uses the message's ID as its command's. Safe for concurrent use; each of its claims is for one goroutine.
type Each struct {
	*sink
	handle messaging.Handler
}

// NewEach returns a sink that hands messages to handle, up to 32 keys at once and each key in order. A [messaging.Permanent] error or the third
// panic parks the key; after any other error the batch comes again, with all its messages. It panics when cfg has no consumer.
func NewEach(pool *pgxpool.Pool, cfg Config, handle messaging.Handler) *Each {
	return &Each{newSink(pool, cfg), handle}
}

// Claim takes a partition over.
func (e *Each) Claim(ctx context.Context, topic string, partition int) (messaging.Claim, error) {
	c, err := e.sink.claim(ctx, topic, partition)
	if err != nil {
		return nil, err
	}
	return &eachClaim{c, e}, nil
}

type eachClaim struct {
	*claim
	each *Each
}

// Apply handles batch, then moves the offset.
func (c *eachClaim) Apply(ctx context.Context, batch []messaging.Message) error {
	if len(batch) == 0 {
		return nil
	}
	if err := c.check(batch); err != nil {
		return err
	}
	l, err := c.open(ctx, c.pool, batch, true, c.fenced) // the fence here spares the successor most double work
	if err != nil {
		return err
	}
	var keys errgroup.Group // without a context: the trouble of one key must not cancel the others
	keys.SetLimit(atOnce)
	for _, messages := range byKey(batch) {
		keys.Go(func() error { return c.inOrder(ctx, l, messages) })
	}
	if err := keys.Wait(); err != nil {
		return err
	}
	if err := c.hook("cmd.before_offset"); err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		questions := &pgx.Batch{}
		c.limits(questions)
		c.advance(batch)(questions)
		if err := tx.SendBatch(ctx, questions).Close(); err != nil {
			return err
		}
		return l.save(ctx, tx)
	})
	if err != nil {
		return err
	}
	l.report(ctx)
	c.next, c.last = after(batch)
	return c.hook("cmd.after_offset")
}

// inOrder handles messages of one key, one after another.
func (c *eachClaim) inOrder(ctx context.Context, l *ledger, messages []messaging.Message) error {
	for _, m := range messages {
		if !l.settle(m) {
			continue
		}
		reason, n, err := c.one(ctx, m)
		switch {
		case reason != "":
			l.park(m, keyOf(m), reason, err.Error(), n)
		case err != nil:
			return fmt.Errorf("handle %s %s: %w", m.Type, m.ID, err)
		default:
			c.stats.applied.Add(1)
			l.done(m)
		}
	}
	return nil
}

func (c *eachClaim) one(ctx context.Context, m messaging.Message) (reason string, n int, err error) {
	reason, n, err = attempt(func() error { return c.each.handle(ctx, m) }, messaging.IsPermanent)
	if err == nil {
		err = c.hook("cmd.after_append")
	}
	return reason, n, err
}

// byKey groups batch, each group in order.
func byKey(batch []messaging.Message) map[string][]messaging.Message {
	groups := map[string][]messaging.Message{}
	for _, m := range batch {
		groups[keyOf(m)] = append(groups[keyOf(m)], m)
	}
	return groups
}

// Idle handles records that were released.
func (c *eachClaim) Idle(ctx context.Context) error {
	return c.released(ctx, func(key string) error {
		d, err := c.drain(ctx, c.pool, key, true, func(m messaging.Message) (string, int, error) { return c.one(ctx, m) })
		if err != nil {
			return err
		}
		err = c.inTx(ctx, func(tx pgx.Tx) error {
			if err := c.fence(ctx, tx); err != nil {
				return err
			}
			return d.save(ctx, tx)
		})
		if err == nil {
			d.report(ctx)
		}
		return err
	})
}
