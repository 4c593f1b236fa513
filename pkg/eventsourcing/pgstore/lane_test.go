package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/eventsourcingtest"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
)

func TestOneConflictFailsNoNeighbour(t *testing.T) {
	t.Parallel()
	l := newHeldLane(t, pgstore.Options{})
	writes := make([]es.Write, pgstore.MaxFlushAppends)
	for i := range writes {
		writes[i] = eventsourcingtest.Write(eventsourcingtest.NewStream(), int64(i%2), 1) // every second one is ahead of its stream
	}
	for i, err := range l.release(writes...) {
		if conflict := errors.Is(err, es.ErrConflict); conflict != (i%2 == 1) || (err != nil && !conflict) {
			t.Errorf("append %d: got %v", i, err)
		}
	}
	if f := l.flushes()[1]; f.Appends != 256 || f.Conflicts != 128 || f.Events != 256 {
		t.Errorf("got %+v, want one flush of 256 with 128 conflicts", f)
	}
	wantEvents(t, l.pool, 129)
}

func TestRacersOnOneStreamCostOneFlush(t *testing.T) {
	t.Parallel()
	l := newHeldLane(t, pgstore.Options{})
	stream := eventsourcingtest.NewStream()
	writes := make([]es.Write, eventsourcingtest.Racers)
	for i := range writes {
		writes[i] = eventsourcingtest.Write(stream, 0, 2)
	}
	won := 0
	for _, err := range l.release(writes...) {
		var conflict *es.ConflictError
		switch {
		case err == nil:
			won++
		case !errors.As(err, &conflict) || conflict.Actual != 2:
			t.Errorf("got %v, want a conflict with version 2", err)
		}
	}
	if n := len(l.flushes()); won != 1 || n != 2 {
		t.Errorf("got %d winners in %d flushes, want 1 in 2", won, n)
	}
}

func TestALostReplyIsLookedUp(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"append.after_send", "append.after_commit"} {
		for _, terminate := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, backend terminated %v", point, terminate), func(t *testing.T) {
				t.Parallel()
				pool := database(t)
				armed := true // of the lane's goroutine
				store := start(t, pool, pgstore.Options{Hook: func(p string) error {
					if p != point || !armed {
						return nil
					}
					armed = false
					if terminate {
						terminateBackends(t, pool, "kontor append")
						return nil // the lane finds out by itself
					}
					return errors.New("cut")
				}})
				stale, fresh := eventsourcingtest.NewStream(), eventsourcingtest.NewStream()
				var wg sync.WaitGroup
				errs := make([]error, 3)
				for i, w := range []es.Write{
					eventsourcingtest.Write(stale, 4, 1), eventsourcingtest.Write(fresh, 0, 3), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1),
				} {
					wg.Go(func() { errs[i] = store.Append(t.Context(), w) })
				}
				wg.Wait()
				if !errors.Is(errs[0], es.ErrConflict) || errs[1] != nil || errs[2] != nil {
					t.Errorf("got %v, want a conflict and two stored", errs)
				}
				wantEvents(t, pool, 4)
			})
		}
	}
}

func TestAnOutcomeThatCannotBeLookedUpIsUnknown(t *testing.T) {
	t.Parallel()
	pool := database(t)
	var release func()
	store := start(t, pool, pgstore.Options{
		Notify:       "-", // its lock is one for all databases of the server, and other tests hold it, too
		FlushTimeout: time.Second, LockTimeout: 200 * time.Millisecond,
		Hook: func(point string) error {
			if point != "append.after_commit" || release != nil {
				return nil
			}
			release = holdLock(t, pool) // committed, and then nobody can look
			return errors.New("cut")
		},
	})
	w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)
	if err := store.Append(t.Context(), w); !errors.Is(err, es.ErrOutcomeUnknown) {
		t.Errorf("got %v, want %v", err, es.ErrOutcomeUnknown)
	}
	release()
	if err := store.Append(t.Context(), w); !errors.Is(err, es.ErrConflict) {
		t.Errorf("repeated: got %v, want a conflict: it was stored", err)
	}
}

func TestCancellingIsPrivate(t *testing.T) {
	t.Parallel()
	l := newHeldLane(t, pgstore.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	withdrawn := l.queue(ctx, eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1))
	kept := l.queue(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1))
	cancel()
	if err := <-withdrawn; !errors.Is(err, context.Canceled) || errors.Is(err, es.ErrOutcomeUnknown) {
		t.Errorf("queued: got %v, want %v", err, context.Canceled)
	}
	l.cancelHeld()
	if err := <-l.held; !errors.Is(err, es.ErrOutcomeUnknown) {
		t.Errorf("in flight: got %v, want %v", err, es.ErrOutcomeUnknown)
	}
	l.release()
	if err := <-kept; err != nil {
		t.Errorf("neighbour: %v", err)
	}
	wantEvents(t, l.pool, 2) // the one in flight was left alone
}

func TestOneBadPayloadFailsAlone(t *testing.T) {
	t.Parallel()
	l := newHeldLane(t, pgstore.Options{})
	exec(t, l.pool, `create function poison() returns trigger language plpgsql as $$ begin
		if new.event_type = 'poison' then raise exception 'poison' using errcode = '22000'; end if; return new; end $$;
		create trigger poison before insert on events for each row execute function poison()`)
	writes := make([]es.Write, 50)
	for i := range writes {
		writes[i] = eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 2)
	}
	writes[17].Events[1].EventType = "poison"
	writes[41].Events[0].EventType = "poison"
	for i, err := range l.release(writes...) {
		if bad := i == 17 || i == 41; bad != errors.Is(err, es.ErrInvalidEvent) || (!bad && err != nil) {
			t.Errorf("append %d: got %v", i, err)
		}
	}
	wantEvents(t, l.pool, 97)
}

func TestEventsThatCannotBeStoredAreRefusedBeforeTheyAreQueued(t *testing.T) {
	t.Parallel()
	store := pgstore.New(database(t), pgstore.Options{}) // does not run: nothing gets further
	for name, spoil := range map[string]func(*es.Event){
		"no JSON":               func(e *es.Event) { e.Data = []byte(`{"a":`) },
		"a NUL byte":            func(e *es.Event) { e.Data = []byte("\"\x00\"") },
		"no UTF-8":              func(e *es.Event) { e.Data = []byte("\"\xff\"") },
		"no data":               func(e *es.Event) { e.Data = nil },
		"too large":             func(e *es.Event) { e.Data = fmt.Appendf(nil, "%q", make([]byte, pgstore.MaxEventBytes/4)) },
		"no type":               func(e *es.Event) { e.EventType = "" },
		"a NUL in the type":     func(e *es.Event) { e.EventType = "a\x00b" },
		"an id that is none":    func(e *es.Event) { e.EventID = "1" },
		"a schema out of range": func(e *es.Event) { e.Metadata.SchemaVersion = 40_000 },
	} {
		w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)
		spoil(&w.Events[0])
		if err := store.Append(t.Context(), w); !errors.Is(err, es.ErrInvalidEvent) {
			t.Errorf("%s: got %v, want %v", name, err, es.ErrInvalidEvent)
		}
	}
	var many []es.Write
	for range 9 {
		w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)
		w.Events[0].Data = fmt.Appendf(nil, `"%0*d"`, pgstore.MaxFlushBytes/8, 0)
		many = append(many, w)
	}
	if err := store.Append(t.Context(), many...); !errors.Is(err, es.ErrInvalidEvent) {
		t.Errorf("more than a flush: got %v, want %v", err, es.ErrInvalidEvent)
	}
	for _, id := range []string{"x", "0198C2A5-7F1E-7D34-B1A2-0F6F7A1C2D3E", "0198c2a57f1e7d34b1a20f6f7a1c2d3e", "0198c2a5-7f1e-7d34-b1a2-0f6f7a1c2d3g"} {
		if _, err := store.Load(t.Context(), es.Stream{Type: "test", ID: id}, 0); !errors.Is(err, es.ErrInvalidAggregateID) {
			t.Errorf("id %s: got %v, want %v", id, err, es.ErrInvalidAggregateID)
		}
	}
}

func TestAFullQueueIsOverloadedAtOnce(t *testing.T) {
	t.Parallel()
	l := newHeldLane(t, pgstore.Options{})
	answers := make(chan error, 10_000)
	for range cap(answers) {
		go func() {
			answers <- l.store.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1))
		}()
	}
	for range cap(answers) - pgstore.MaxQueue {
		if err := <-answers; !errors.Is(err, es.ErrOverloaded) {
			t.Fatalf("got %v, want %v", err, es.ErrOverloaded)
		}
	}
	l.release()
	for range pgstore.MaxQueue {
		if err := <-answers; err != nil {
			t.Fatalf("got %v for an append that was taken", err)
		}
	}
	for _, f := range l.flushes() {
		if f.Appends > pgstore.MaxFlushAppends || f.Bytes > pgstore.MaxFlushBytes {
			t.Errorf("got a flush of %d appends and %d bytes", f.Appends, f.Bytes)
		}
	}
	wantEvents(t, l.pool, pgstore.MaxQueue+1)
}

func TestLargeAppendsAreSpreadOverFlushes(t *testing.T) {
	t.Parallel()
	l := newHeldLane(t, pgstore.Options{})
	writes := make([]es.Write, 20)
	for i := range writes {
		writes[i] = eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)
		writes[i].Events[0].Data = fmt.Appendf(nil, `"%0*d"`, pgstore.MaxEventBytes-1000, 0)
	}
	for _, err := range l.release(writes...) {
		if err != nil {
			t.Error(err)
		}
	}
	for _, f := range l.flushes() {
		if f.Bytes > pgstore.MaxFlushBytes {
			t.Errorf("got a flush of %d bytes", f.Bytes)
		}
	}
}

func TestShutdownFlushesTheQueueAndAnswersEverybody(t *testing.T) {
	t.Parallel()
	l := newHeldLane(t, pgstore.Options{})
	answers := make([]<-chan error, 600)
	for i := range answers {
		answers[i] = l.queue(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1))
	}
	l.stop()
	l.release()
	for _, answer := range answers {
		if err := <-answer; err != nil {
			t.Errorf("got %v for an append that was queued before the shutdown", err)
		}
	}
	if err := <-l.stopped; err != nil {
		t.Errorf("Run: %v", err)
	}
	wantEvents(t, l.pool, 601)
	if err := l.store.Append(t.Context(), eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)); !errors.Is(err, es.ErrUnavailable) {
		t.Errorf("after the shutdown: got %v, want %v", err, es.ErrUnavailable)
	}
}

// heldLane is a store whose lane is stopped in its first flush, so that a test decides what shares the second.
type heldLane struct {
	t          *testing.T
	pool       *pgxpool.Pool
	store      *pgstore.Store
	held       chan error // answer of the first append
	cancelHeld context.CancelFunc
	open       func()
	queued     chan struct{}
	stop       context.CancelFunc
	stopped    chan error

	mu  sync.Mutex
	all []pgstore.Flush
}

func newHeldLane(t *testing.T, o pgstore.Options) *heldLane {
	t.Helper()
	l := &heldLane{t: t, pool: database(t), held: make(chan error, 1), queued: make(chan struct{}, 20_000), stopped: make(chan error, 1)}
	reached, gate := make(chan struct{}), make(chan struct{})
	l.open = sync.OnceFunc(func() { close(gate) })
	first := sync.OnceFunc(func() { close(reached); <-gate })
	o.AllowUnsafe = true
	o.Hook = func(point string) error {
		switch point {
		case "append.before_flush":
			first()
		case "append.queued":
			l.queued <- struct{}{}
		}
		return nil
	}
	o.Observe = func(f pgstore.Flush) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all = append(l.all, f)
	}
	l.store = pgstore.New(l.pool, o)
	var ctx context.Context
	ctx, l.stop = context.WithCancel(context.Background())
	go func() { l.stopped <- l.store.Run(ctx); close(l.stopped) }()
	t.Cleanup(func() { l.stop(); l.open(); <-l.stopped })
	var held context.Context
	held, l.cancelHeld = context.WithCancel(t.Context())
	go func() { l.held <- l.store.Append(held, eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)) }()
	<-reached
	<-l.queued
	return l
}

// queue returns once w is in the queue.
func (l *heldLane) queue(ctx context.Context, w es.Write) <-chan error {
	answer := make(chan error, 1)
	go func() { answer <- l.store.Append(ctx, w) }()
	<-l.queued
	return answer
}

// release queues writes, lets the lane go on, and returns the answers.
func (l *heldLane) release(writes ...es.Write) []error {
	answers, errs := make([]<-chan error, len(writes)), make([]error, len(writes))
	for i, w := range writes {
		answers[i] = l.queue(l.t.Context(), w)
	}
	l.open()
	for i, answer := range answers {
		errs[i] = <-answer
	}
	return errs
}

func (l *heldLane) flushes() []pgstore.Flush {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all
}
