package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

const (
	readDeadline = 5 * time.Second
	maxWait      = 250 * time.Millisecond
	maxFetch     = 1 << 20
	slowest      = 5 * time.Second // between two tries of a partition
)

// worker reads one partition during one generation.
type worker struct {
	*Consumer
	part part
}

// run goes on until the generation ends or ctx does, or somebody else claimed the partition. To return early would rebalance the whole group, so
// every other trouble is waited out here.
func (w *worker) run(parent, gctx context.Context) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	defer context.AfterFunc(gctx, cancel)()
	applying, abort := context.WithCancel(context.WithoutCancel(parent))
	defer abort()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(w.cfg.Grace, abort) })()

	for wait := 100 * time.Millisecond; ctx.Err() == nil; {
		began := w.status.applied(w.part)
		err := w.partition(ctx, applying)
		w.status.failed(w.part, err)
		if err == nil || ctx.Err() != nil {
			continue
		}
		w.cfg.Log.WarnContext(ctx, "partition", "group", w.cfg.Group, "topic", w.part.topic, "partition", w.part.id, "error", err)
		if errors.Is(err, messaging.ErrFenced) {
			return
		}
		if w.status.applied(w.part) > began {
			wait = 100 * time.Millisecond // it got on: not the same trouble for ever
		}
		_ = sleep(ctx, wait/2+rand.N(wait))
		wait = min(2*wait, slowest)
	}
}

// partition claims and reads until ctx ends, which is nil. applying ends a little later.
func (w *worker) partition(ctx, applying context.Context) error {
	claim, err := w.sink.Claim(applying, w.part.topic, w.part.id)
	if err != nil {
		w.status.unclaimed(w.part)
		return fmt.Errorf("claim: %w", err)
	}
	read, interrupt := context.WithCancel(ctx)
	defer interrupt()
	w.status.claimed(w.part, claim.Next(), interrupt, time.Now())
	conn, err := w.dialLeader(read)
	if err != nil {
		return fmt.Errorf("find leader: %w", err)
	}
	defer conn.Close()

	if err := w.verify(conn, claim); err != nil {
		return err
	}
	defer context.AfterFunc(read, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })() // ends a long poll at once
	for {
		_ = conn.SetDeadline(time.Now().Add(readDeadline))
		switch { // after the deadline, which would overwrite that of AfterFunc
		case ctx.Err() != nil:
			return nil
		case read.Err() != nil:
			return errors.New("no answer to a fetch, though there is something to read")
		}
		w.status.waiting(w.part, time.Now())
		records, last, err := fetch(conn, claim.Next())
		if err != nil {
			if ctx.Err() != nil {
				return nil // an interrupted poll
			}
			return fmt.Errorf("fetch: %w", err)
		}
		w.status.answered(w.part, time.Now())
		w.status.seen(w.part, last)
		if len(records) == 0 && last > claim.Next() {
			return fmt.Errorf("fetch: nothing at offset %d, although the log ends at %d", claim.Next(), last)
		}
		if err := w.apply(ctx, applying, claim, records); err != nil {
			return err
		}
	}
}

// apply hands records to the claim, chunk by chunk. It stops between two when ctx ends.
func (w *worker) apply(ctx, applying context.Context, claim messaging.Claim, records []kafkago.Message) error {
	if len(records) > 0 && w.cfg.Hook != nil {
		if err := w.cfg.Hook("cmd.after_fetch"); err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(records, w.cfg.Chunk) {
		if ctx.Err() != nil {
			return nil
		}
		messages := make([]messaging.Message, len(chunk))
		for i, r := range chunk {
			messages[i] = decode(r, len(w.start[w.part.topic]))
		}
		if err := w.traced(applying, claim, messages); err != nil {
			return fmt.Errorf("apply from offset %d: %w", chunk[0].Offset, err)
		}
		w.status.moved(w.part, claim.Next(), len(chunk), messages[len(messages)-1].Time)
	}
	if idler, ok := claim.(messaging.Idler); ok && ctx.Err() == nil {
		if err := idler.Idle(applying); err != nil {
			return fmt.Errorf("between batches: %w", err)
		}
	}
	return nil
}

func (w *worker) traced(ctx context.Context, claim messaging.Claim, messages []messaging.Message) (err error) {
	if w.cfg.Trace != nil {
		var done func(error)
		ctx, done = w.cfg.Trace(ctx, messages)
		defer func() { done(err) }()
	}
	return claim.Apply(ctx, messages)
}

// dialLeader asks every broker for the leader, the next one when one does not answer.
func (w *worker) dialLeader(ctx context.Context) (*kafkago.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	return dialLeader(ctx, w.dialer, w.cfg.Brokers, w.part)
}

func dialLeader(ctx context.Context, d *kafkago.Dialer, brokers []string, p part) (*kafkago.Conn, error) {
	var errs []error
	for _, i := range rand.Perm(len(brokers)) {
		conn, err := d.DialLeader(ctx, "tcp", brokers[i], p.topic, p.id)
		if err == nil {
			return conn, nil
		}
		if errs = append(errs, err); ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(errs...)
}

// verify makes sure that the log goes on where the claim does: the offset exists, and the record before it is the one the sink remembers.
func (w *worker) verify(conn *kafkago.Conn, claim messaging.Claim) error {
	_ = conn.SetDeadline(time.Now().Add(readDeadline))
	first, last, err := conn.ReadOffsets()
	if err != nil {
		return fmt.Errorf("read offsets: %w", err)
	}
	w.status.seen(w.part, last)
	next := claim.Next()
	halt := &HaltError{Topic: w.part.topic, Partition: w.part.id, Next: next, First: first, Last: last}
	if next < first || next > last {
		return halt
	}
	if claim.Last() == "" || next == first {
		return nil
	}
	before, err := recordAt(conn, next-1)
	if err != nil {
		return fmt.Errorf("read record before offset %d: %w", next, err)
	}
	if m := decode(before, len(w.start[w.part.topic])); m.ID != claim.Last() || before.Offset != next-1 {
		halt.Remade = true
		return halt
	}
	return nil
}

// recordAt reads the record at offset, or the next one if there is none.
func recordAt(conn *kafkago.Conn, offset int64) (kafkago.Message, error) {
	if _, err := conn.Seek(offset, kafkago.SeekAbsolute|kafkago.SeekDontCheck); err != nil {
		return kafkago.Message{}, err
	}
	_ = conn.SetDeadline(time.Now().Add(readDeadline))
	b := conn.ReadBatchWith(kafkago.ReadBatchConfig{MinBytes: 1, MaxBytes: maxFetch, MaxWait: maxWait})
	m, err := b.ReadMessage()
	return m, errors.Join(err, b.Close())
}

// fetch reads what there is from offset on, for a quarter of a second at most, and says where the log ends. The offset is told each time: a
// connection's own idea of it may run ahead of what was applied.
func fetch(conn *kafkago.Conn, offset int64) (records []kafkago.Message, last int64, err error) {
	if _, err := conn.Seek(offset, kafkago.SeekAbsolute|kafkago.SeekDontCheck); err != nil {
		return nil, 0, err
	}
	b := conn.ReadBatchWith(kafkago.ReadBatchConfig{MinBytes: 1, MaxBytes: maxFetch, MaxWait: maxWait})
	for {
		m, err := b.ReadMessage()
		if err == nil {
			records = append(records, m)
			continue
		}
		last = b.HighWaterMark()
		closed := b.Close() // always: it holds the connection's lock
		if errors.Is(err, io.EOF) || errors.Is(err, kafkago.RequestTimedOut) {
			if closed != nil && !errors.Is(closed, kafkago.RequestTimedOut) {
				return nil, 0, closed
			}
			return records, last, nil
		}
		return nil, 0, err
	}
}
