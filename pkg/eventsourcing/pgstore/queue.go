package pgstore

import (
	"slices"
	"sync"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// queue holds the appends that wait for the lane, in the order they came. It is open from the start, so that appends before Run wait for it.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	passed  int // requests at the front that the last take left behind because their stream was taken already
	closed  bool
	filled  chan struct{} // gets a token when there may be something to take
}

func newQueue() *queue { return &queue{filled: make(chan struct{}, 1)} }

func (q *queue) signal() {
	select {
	case q.filled <- struct{}{}:
	default:
	}
}

func (q *queue) put(r *request) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return es.ErrUnavailable
	case len(q.waiting) >= MaxQueue:
		return es.ErrOverloaded
	}
	q.waiting = append(q.waiting, r)
	q.signal()
	return nil
}

// withdraw takes r out again. False: it is in flight, or answered.
func (q *queue) withdraw(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, r)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	if i < q.passed {
		q.passed--
	}
	return true
}

// take moves the next flush into batch: the oldest requests that fit the limits, at most one for each stream. seen is scratch space.
func (q *queue) take(batch []*request, seen map[uuid]struct{}) []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	clear(seen)
	kept, bytes, i := 0, 0, 0
	for ; i < len(q.waiting) && len(batch) < MaxFlushAppends; i++ {
		r := q.waiting[i]
		if len(batch) > 0 && bytes+r.size > MaxFlushBytes {
			break
		}
		if r.meets(seen) {
			q.waiting[kept] = r
			kept++
			continue
		}
		for _, h := range r.heads {
			seen[r.rows[h].stream] = struct{}{}
		}
		bytes += r.size
		batch = append(batch, r)
	}
	q.waiting = slices.Delete(q.waiting, kept, i)
	q.passed = kept
	if len(q.waiting) > 0 {
		q.signal()
	}
	return batch
}

func (r *request) meets(seen map[uuid]struct{}) bool {
	for _, h := range r.heads {
		if _, ok := seen[r.rows[h].stream]; ok {
			return true
		}
	}
	return false
}

// passedBy answers what the last take left behind and judge finds an error for: it needs no flush of its own to lose.
func (q *queue) passedBy(judge func(*request) error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	kept := 0
	for _, r := range q.waiting[:q.passed] {
		if err := judge(r); err != nil {
			r.answer <- err
			continue
		}
		q.waiting[kept] = r
		kept++
	}
	q.waiting = slices.Delete(q.waiting, kept, q.passed)
	q.passed = 0
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// open and close say whether put takes anything. Requests that wait stay.
func (q *queue) open()  { q.mu.Lock(); q.closed = false; q.mu.Unlock() }
func (q *queue) close() { q.mu.Lock(); q.closed = true; q.mu.Unlock(); q.signal() }

// fail closes the queue and answers everybody who waits.
func (q *queue) fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, r := range q.waiting {
		r.answer <- err
	}
	q.waiting, q.passed = nil, 0
}
