package pgstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/internal/pgdial"
)

// Run is the append lane: it answers appends until ctx ends, then closes the intake, flushes the queue within Options.Grace, and
// returns nil; whoever could not be served by then gets [es.ErrUnavailable]. It also gathers loads and writes snapshots. It returns an
// error when it cannot start: the server cannot be reached, is older than 15, or would lose acknowledged events. A lost connection
// later is no reason to return. Run may be called again after it returned, but not twice at once.
func (s *Store) Run(ctx context.Context) error {
	if !s.running.CompareAndSwap(false, true) {
		return errors.New("run append lane: it runs already")
	}
	defer s.running.Store(false)
	l := &lane{store: s, base: context.WithoutCancel(ctx), seen: make(map[uuid]struct{}, MaxFlushAppends)}
	if _, err := l.connect(); err != nil {
		s.queue.fail(es.ErrUnavailable)
		return fmt.Errorf("start append lane: %w", unavailable(err))
	}
	s.queue.open()
	var helpers sync.WaitGroup
	for range s.opts.LoadConns {
		helpers.Go(func() { s.serveLoads(ctx) })
	}
	helpers.Go(func() { s.writeSnapshots(ctx) })
	l.run(ctx)
	helpers.Wait()
	return nil
}

// lane is the one goroutine that appends.
type lane struct {
	store   *Store
	base    context.Context // outlives the one given to Run, for the flushes at shutdown
	session *session        // nil while there is no connection
	batch   []*request
	seen    map[uuid]struct{}
	mixed   int // flushes for which the plain statement is not worth a try

	down    error // why the last dial failed
	pause   time.Duration
	retryAt time.Time
}

func (l *lane) run(ctx context.Context) {
	q := l.store.queue
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-q.filled:
			l.gather()
			l.next()
		}
	}
	q.close()
	for end := time.Now().Add(l.store.opts.Grace); q.len() > 0 && time.Now().Before(end); {
		l.next()
	}
	q.fail(es.ErrUnavailable)
	l.drop()
}

// gather lets callers that are ready to run queue their appends first. It waits for nobody: without it the callers of one flush, woken
// together, would be split into a flush of one and a flush of the rest.
func (l *lane) gather() {
	for before := 0; ; {
		now := l.store.queue.len()
		if now == before || now >= MaxFlushAppends {
			return
		}
		before = now
		runtime.Gosched()
	}
}

// next takes one flush from the queue and answers everybody in it.
func (l *lane) next() {
	l.batch = l.store.queue.take(l.batch[:0], l.seen)
	if len(l.batch) > 0 {
		l.flush(l.batch)
		clear(l.batch)
	}
}

// flush gives every request of batch its answer.
func (l *lane) flush(batch []*request) {
	refused, err := l.try(batch)
	for tries := 0; err != nil && classify(err) == again && tries < 3; tries++ {
		time.Sleep(rand.N(10 * time.Millisecond << tries))
		refused, err = l.try(batch)
	}
	if err == nil {
		l.answer(batch, refused)
		return
	}
	switch classify(err) {
	case refusedOne:
		if len(batch) == 1 {
			l.fail(batch, rejected(batch[0], err))
			return
		}
		l.flush(batch[:len(batch)/2]) // halves find one bad append among 256 in 17 flushes; one by one it takes 256
		l.flush(batch[len(batch)/2:])
	case notSent:
		l.drop()
		l.retry(batch, err)
	case unknown:
		l.resolve(batch, err)
	default:
		if !keepsSession(err) {
			l.drop()
		}
		l.fail(batch, unavailable(err))
	}
}

// retry flushes once more what came to nothing for want of a connection.
func (l *lane) retry(batch []*request, err error) {
	if batch[0].tries > 0 || l.down != nil {
		l.fail(batch, fmt.Errorf("%w: %w", es.ErrUnavailable, err))
		return
	}
	for _, r := range batch {
		r.tries++
	}
	l.flush(batch)
}

// try is one round trip. The answer to an error is the caller's business: [classify] tells.
func (l *lane) try(batch []*request) (refused []refusal, err error) {
	opts := &l.store.opts
	if err := opts.Hook("append.before_flush"); err != nil {
		return nil, unsent{err}
	}
	c, err := l.connect()
	if err != nil {
		return nil, unsent{err}
	}
	ctx, cancel := context.WithTimeout(l.base, opts.FlushTimeout)
	defer cancel()
	start := time.Now()
	plain := l.plain(batch)
	reply := c.send(ctx, batch, plain)
	if err = opts.Hook("append.after_send"); err == nil {
		refused, err = c.receive(ctx, reply, batch, plain)
	}
	if plain && len(refused) > 0 {
		l.mixed = afterConflict
	}
	if err == nil {
		err = opts.Hook("append.after_commit")
	}
	if err != nil && classify(err) == unknown {
		l.drop()
	}
	l.observe(batch, refused, time.Since(start), err)
	return refused, err
}

// afterConflict is for how many flushes races are expected to go on: meanwhile losers should not cost a look each.
const afterConflict = 64

// plain says whether the statement for single events does.
func (l *lane) plain(batch []*request) bool {
	if l.mixed > 0 {
		l.mixed--
		return false
	}
	return !slices.ContainsFunc(batch, func(r *request) bool { return len(r.rows) > 1 })
}

func (l *lane) observe(batch []*request, refused []refusal, took time.Duration, err error) {
	f := Flush{Appends: len(batch), Waiting: l.store.queue.len(), Took: took, Err: err}
	if err != nil && classify(err) == unknown {
		f.Err = fmt.Errorf("%w: %w", es.ErrOutcomeUnknown, err)
	}
	for _, r := range batch {
		f.Events += len(r.rows)
		f.Bytes += r.size
	}
	for i, r := range refused {
		if i == 0 || refused[i-1].request != r.request {
			f.Conflicts++
		}
	}
	l.store.opts.Observe(f)
}

// connect returns the lane's session. After a failed dial it says the same again for a while, instead of letting callers wait.
func (l *lane) connect() (*session, error) {
	if l.session != nil {
		return l.session, nil
	}
	if l.down != nil && time.Now().Before(l.retryAt) {
		return nil, l.down
	}
	c, err := l.store.newSession(l.base)
	if err != nil {
		l.pause = min(max(2*l.pause, 20*time.Millisecond), 250*time.Millisecond)
		l.down, l.retryAt = err, time.Now().Add(l.pause)
		return nil, err
	}
	l.session, l.down, l.pause = c, nil, 0
	return c, nil
}

func (l *lane) drop() {
	if l.session != nil {
		pgdial.Close(l.session.conn)
		l.session = nil
	}
}

// unsent marks an error that came before anything was sent.
type unsent struct{ error }

func (u unsent) Unwrap() error     { return u.error }
func (u unsent) SafeToRetry() bool { return true }

// rejected is the answer to an append that the server refuses on its own. A row that is there already was written by somebody who
// does not take the append lock; for the caller that is a lost race like any other.
func rejected(r *request, err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return r.conflict(0, -1)
	}
	return fmt.Errorf("append to %s: %w: %w", r, es.ErrInvalidEvent, err)
}

// keepsSession says that an error came from waiting, not from a session that has gone wrong.
func keepsSession(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "55P03" || pg.Code == "57014")
}
