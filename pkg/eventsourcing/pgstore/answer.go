package pgstore

import (
	"context"
	"fmt"
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// answer tells the callers of a committed flush what became of their appends.
func (l *lane) answer(batch []*request, refused []refusal) {
	if err := l.store.opts.Hook("append.before_answers"); err != nil {
		l.fail(batch, fmt.Errorf("%w: %w", es.ErrOutcomeUnknown, err))
		return
	}
	lost := losers(batch, refused)
	if len(lost) < len(batch) {
		l.store.wake()
	}
	l.settleOthers(batch, lost)
	var doubtful []*request
	for i, r := range batch {
		conflict, isLost := lost[i]
		switch {
		case !isLost:
			r.answer <- nil
		case r.unsure: // perhaps it lost to itself
			r.lost = conflict
			doubtful = append(doubtful, r)
		default:
			r.answer <- conflict
		}
	}
	if len(doubtful) > 0 {
		l.verify(doubtful)
	}
}

// losers are the conflicts of a flush by index of the request.
func losers(batch []*request, refused []refusal) map[int]*es.ConflictError {
	if len(refused) == 0 {
		return nil
	}
	lost := make(map[int]*es.ConflictError, len(refused))
	first := make([]int, len(batch)) // row of each request
	for i := 1; i < len(batch); i++ {
		first[i] = first[i-1] + len(batch[i-1].rows)
	}
	for _, f := range refused {
		r := batch[f.request]
		for w, h := range r.heads {
			if lost[f.request] == nil && h == f.row-first[f.request] {
				lost[f.request] = r.conflict(w, f.actual)
			}
		}
	}
	return lost
}

// settleOthers answers appends that wait for a stream of this flush and were decided on a version that is gone now: twenty racers
// then cost one flush, not twenty.
func (l *lane) settleOthers(batch []*request, lost map[int]*es.ConflictError) {
	var at map[es.Stream]int64
	l.store.queue.passedBy(func(r *request) error {
		if at == nil {
			at = versions(batch, lost)
		}
		for i, w := range r.writes {
			if actual, ok := at[w.Stream]; ok && actual > w.Expected {
				return r.conflict(i, actual)
			}
		}
		return nil
	})
}

// versions are the streams of a flush as it left them, as far as it tells.
func versions(batch []*request, lost map[int]*es.ConflictError) map[es.Stream]int64 {
	at := map[es.Stream]int64{}
	for i, r := range batch {
		if conflict, ok := lost[i]; ok {
			at[conflict.Stream] = conflict.Actual
			continue
		}
		for _, w := range r.writes {
			at[w.Stream] = w.Expected + int64(len(w.Events))
		}
	}
	return at
}

// fail answers everybody in batch with err. What may be stored after all is unknown, whatever err says.
func (l *lane) fail(batch []*request, err error) {
	for _, r := range batch {
		if r.unsure {
			r.answer <- fmt.Errorf("append to %s: %w: %w", r, es.ErrOutcomeUnknown, err)
		} else {
			r.answer <- err
		}
	}
}

// resolve finds out what became of a flush whose answer was lost. Those that are stored get their answer; the others are flushed once
// more, which is safe whatever the old backend still does: of two flushes of the same append the version check lets one pass.
func (l *lane) resolve(batch []*request, cause error) {
	l.drop()
	for _, r := range batch {
		r.unsure = true
	}
	missing, err := l.lookUp(batch)
	if err != nil {
		l.fail(batch, fmt.Errorf("%w: look up: %w", cause, err))
		return
	}
	if len(missing) < len(batch) {
		l.store.wake()
	}
	if len(missing) > 0 {
		l.retry(missing, cause)
	}
}

// verify answers appends that lost a race, unless it was against an earlier flush of themselves.
func (l *lane) verify(batch []*request) {
	missing, err := l.lookUp(batch)
	if err != nil {
		l.fail(batch, fmt.Errorf("look up: %w", err))
		return
	}
	for _, r := range missing {
		r.answer <- r.lost
	}
}

// lookUp answers those of batch that are stored, and returns the others. It keeps trying for Options.FlushTimeout.
func (l *lane) lookUp(batch []*request) (missing []*request, err error) {
	heads := make([]head, len(batch))
	for i, r := range batch {
		heads[i] = head{stream: r.rows[0].stream, version: r.rows[0].version}
	}
	var found []uuid
	for end := time.Now().Add(l.store.opts.FlushTimeout); ; {
		if found, err = l.tryLookUp(heads); err == nil {
			break
		}
		l.drop()
		if time.Now().After(end) {
			return nil, err
		}
		time.Sleep(max(time.Millisecond, time.Until(l.retryAt)))
	}
	for i, r := range batch {
		if found[i] == r.rows[0].event {
			r.answer <- nil
		} else {
			missing = append(missing, r)
		}
	}
	return missing, nil
}

func (l *lane) tryLookUp(heads []head) ([]uuid, error) {
	c, err := l.connect()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(l.base, l.store.opts.FlushTimeout)
	defer cancel()
	return c.lookUp(ctx, heads)
}
