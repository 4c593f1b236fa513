package pgsink

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// Config configures [Tx] and [Each].
type Config struct {
	// Consumer is the name under which offsets are kept. It is state: under another name everything is consumed again.
	Consumer string
	// Owner is shown in consumer_offset; default: host and process id.
	Owner string
	// Known says which types the consumer can handle; default: all. An unknown one is that of a newer release: Tx parks its key until a
	// claim knows the type, Each counts and passes it.
	Known func(typ string) bool
	// MaxParked stops the partition when the consumer has parked that many records, as then the release is wrong and not a record; default 10 000.
	MaxParked int
	// AfterApply is called once per transaction of Tx, after the effects, with what was applied. A NOTIFY in it reaches listeners after the commit.
	AfterApply func(ctx context.Context, tx pgx.Tx, applied []messaging.Message) error
	// Log hears of parked keys; default: nobody.
	Log *slog.Logger
	// Hook is called at "view.before_commit" and "view.after_commit" (Tx), "cmd.after_append", after a handler, "cmd.before_offset" and
	// "cmd.after_offset" (Each), "park.before_commit" and "park.drain_step" (both). Its error fails the batch. Default: none.
	Hook func(point string) error

	idle time.Duration // how long a session may sleep in a transaction; default 5 s
}

// ErrTooManyParked is a consumer that has parked MaxParked records. Its partitions stand until some are released or discarded.
var ErrTooManyParked = errors.New("too many parked records")

// Stats counts what happened to messages since the start. Messages of batches that came again are counted again.
type Stats struct {
	Applied    int64
	Duplicates int64 // skipped
	Unknown    int64 // passed by Each without a handler
	Parked     int64 // records
	Released   int64 // parked records applied, skipped or discarded
	Fenced     int64 // claims lost
}

// sink is what Tx and Each share.
type sink struct {
	cfg   Config
	pool  *pgxpool.Pool
	stats struct{ applied, duplicates, unknown, parked, released, fenced atomic.Int64 }
}

func newSink(pool *pgxpool.Pool, cfg Config) *sink {
	if cfg.Consumer == "" {
		panic("pgsink: a consumer needs a name")
	}
	if cfg.Owner == "" {
		host, _ := os.Hostname() // for people only
		cfg.Owner = host + "/" + strconv.Itoa(os.Getpid())
	}
	if cfg.Known == nil {
		cfg.Known = func(string) bool { return true }
	}
	cfg.MaxParked = cmp.Or(cfg.MaxParked, 10_000)
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	cfg.idle = cmp.Or(cfg.idle, 5*time.Second)
	return &sink{cfg: cfg, pool: pool}
}

// Stats is how it went so far.
func (s *sink) Stats() Stats {
	return Stats{
		s.stats.applied.Load(), s.stats.duplicates.Load(), s.stats.unknown.Load(),
		s.stats.parked.Load(), s.stats.released.Load(), s.stats.fenced.Load(),
	}
}

// hook is nil-safe.
func (s *sink) hook(point string) error {
	if s.cfg.Hook == nil {
		return nil
	}
	return s.cfg.Hook(point)
}

// claim is a partition under an epoch. Used by one goroutine.
type claim struct {
	*sink
	topic       string
	part        int
	epoch, next int64
	last        string
	looked      time.Time // when released keys were looked for
}

// Next is the offset to read from.
func (c *claim) Next() int64 { return c.next }

// Last is the ID of the message before Next.
func (c *claim) Last() string { return c.last }

// claim takes the partition over and releases keys that waited for a type which is known by now.
func (s *sink) claim(ctx context.Context, topic string, part int) (*claim, error) {
	c := &claim{sink: s, topic: topic, part: part}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		row := tx.QueryRow(ctx, sqlClaim, s.cfg.Consumer, topic, part, s.cfg.Owner)
		if err := row.Scan(&c.epoch, &c.next, &c.last); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlUnknownTypes, s.cfg.Consumer, topic, part, reasonUnknown)
		if err != nil {
			return err
		}
		types, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		known := make([]string, 0, len(types))
		for _, t := range types {
			if s.cfg.Known(t) {
				known = append(known, t)
			}
		}
		if len(known) == 0 {
			return nil
		}
		_, err = tx.Exec(ctx, sqlReleaseTypes, s.cfg.Consumer, topic, part, reasonUnknown, known)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim %s/%d for %s: %w", topic, part, s.cfg.Consumer, err)
	}
	return c, nil
}

// inTx runs do in a transaction that cannot hold its locks for long.
func (s *sink) inTx(ctx context.Context, do func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlTimeouts, s.idle()); err != nil {
			return err
		}
		return do(tx)
	})
}

func (s *sink) idle() string { return strconv.FormatInt(s.cfg.idle.Milliseconds(), 10) }

// limits is the question that inTx asks first.
func (c *claim) limits(b *pgx.Batch) { b.Queue(sqlTimeouts, c.idle()) }

// fenced is the question whether the claim still stands.
func (c *claim) fenced(b *pgx.Batch) {
	b.Queue(sqlFence, c.cfg.Consumer, c.topic, c.part, c.epoch, c.next).Exec(c.alone)
}

// fence makes sure that the claim stands until tx ends.
func (c *claim) fence(ctx context.Context, tx pgx.Tx) error {
	tag, err := tx.Exec(ctx, sqlFence+" for update", c.cfg.Consumer, c.topic, c.part, c.epoch, c.next)
	if err != nil {
		return err
	}
	return c.alone(tag)
}

// advance moves the offset past batch.
func (c *claim) advance(batch []messaging.Message) func(*pgx.Batch) {
	next, last := after(batch)
	return func(b *pgx.Batch) {
		b.Queue(sqlAdvance, c.cfg.Consumer, c.topic, c.part, c.epoch, c.next, next, last).Exec(c.alone)
	}
}

// alone is ErrFenced for an answer without a row.
func (c *claim) alone(tag pgconn.CommandTag) error {
	if tag.RowsAffected() == 1 {
		return nil
	}
	c.stats.fenced.Add(1)
	return messaging.ErrFenced
}

// after is where a partition stands behind batch.
func after(batch []messaging.Message) (next int64, last string) {
	m := batch[len(batch)-1]
	return m.Offset + 1, text(m.ID)
}

// check refuses batches that no consumer may build.
func (c *claim) check(batch []messaging.Message) error {
	at := c.next
	for _, m := range batch {
		if m.Topic != c.topic || m.Partition != c.part || m.Offset < at {
			return fmt.Errorf("message %s/%d offset %d does not follow %s/%d offset %d", m.Topic, m.Partition, m.Offset, c.topic, c.part, at-1)
		}
		at = m.Offset + 1
	}
	return nil
}
