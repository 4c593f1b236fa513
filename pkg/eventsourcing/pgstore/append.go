package pgstore

import (
	"context"
	"fmt"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Save implements [es.Store].
func (s *Store) Save(ctx context.Context, stream es.Stream, expected int64, events ...es.Event) error {
	return s.Append(ctx, es.Write{Stream: stream, Expected: expected, Events: events})
}

// Append implements [es.Appender]: it joins the next flush of the lane and waits for the answer.
//
// A full queue is [es.ErrOverloaded] at once, and a store that does not run any more [es.ErrUnavailable]. When ctx ends while the
// append is queued it is withdrawn; once it is in flight it may be stored or not, and the error is [es.ErrOutcomeUnknown] as well.
func (s *Store) Append(ctx context.Context, writes ...es.Write) error {
	if err := es.CheckWrites(writes...); err != nil {
		return err
	}
	r, err := newRequest(writes)
	if err != nil || len(r.rows) == 0 {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("append to %s: %w", r, err)
	}
	if err := s.queue.put(r); err != nil {
		return fmt.Errorf("append to %s: %w", r, err)
	}
	if err := s.opts.Hook("append.queued"); err != nil && s.queue.withdraw(r) {
		return fmt.Errorf("append to %s: %w: %w", r, es.ErrUnavailable, err)
	}
	select {
	case err = <-r.answer:
	case <-ctx.Done():
		if s.queue.withdraw(r) {
			return fmt.Errorf("append to %s: %w", r, ctx.Err())
		}
		select {
		case err = <-r.answer: // it came at the same moment
		default:
			return fmt.Errorf("append to %s: %w: %w", r, es.ErrOutcomeUnknown, ctx.Err())
		}
	}
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	return nil
}

// request is one append on its way through the lane.
type request struct {
	writes []es.Write // as the caller gave them, without empty ones
	heads  []int      // index in rows of each write's first event
	rows   []row
	size   int
	answer chan error // gets exactly one, and never blocks

	unsure bool              // an earlier flush of it may yet turn out to have been stored
	tries  int               // flushes that came to nothing through no fault of its own
	lost   *es.ConflictError // the conflict to verify, when unsure
}

func newRequest(writes []es.Write) (*request, error) {
	n := 0
	for _, w := range writes {
		n += len(w.Events)
	}
	r := &request{rows: make([]row, 0, n), answer: make(chan error, 1), writes: writes[:0:0]}
	for _, w := range writes {
		id, err := parseID(w.Stream.ID)
		if err != nil {
			return nil, fmt.Errorf("append to %s: %w", w.Stream, err)
		}
		if len(w.Events) == 0 {
			continue
		}
		r.writes, r.heads = append(r.writes, w), append(r.heads, len(r.rows))
		for _, e := range w.Events {
			encoded, err := encodeEvent(e, id, w.Expected)
			if err != nil {
				return nil, fmt.Errorf("append to %s: %w", w.Stream, err)
			}
			r.size += encoded.size()
			r.rows = append(r.rows, encoded)
		}
	}
	if r.size > MaxFlushBytes {
		return nil, fmt.Errorf("append to %s: %d bytes, at most %d: %w", r, r.size, MaxFlushBytes, es.ErrInvalidEvent)
	}
	return r, nil
}

// String names the streams for messages.
func (r *request) String() string {
	if len(r.writes) == 1 {
		return r.writes[0].Stream.String()
	}
	return fmt.Sprintf("%s and %d more", r.writes[0].Stream, len(r.writes)-1)
}

// conflict is the answer to a request whose write i met a stream at version actual.
func (r *request) conflict(i int, actual int64) *es.ConflictError {
	return &es.ConflictError{Stream: r.writes[i].Stream, Expected: r.writes[i].Expected, Actual: actual}
}
