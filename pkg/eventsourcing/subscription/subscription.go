package subscription

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Subscription hands the events of a log to a handler. Make one with [New] or [NewTx]; it works while [Subscription.Run] runs.
type Subscription struct {
	cfg        Config
	handle     func(ctx context.Context, tx pgx.Tx, events []es.Recorded) error
	checkpoint checkpoint

	mu       sync.Mutex
	position int64
	moved    chan struct{} // closed when position changes
}

// New returns a subscription whose handler has its effect elsewhere; the checkpoint moves once it returned nil. It panics without Name
// or Log.
func New(cfg Config, handler func(ctx context.Context, events []es.Recorded) error) *Subscription {
	return newSubscription(cfg, false, func(ctx context.Context, _ pgx.Tx, events []es.Recorded) error { return handler(ctx, events) })
}

// NewTx returns a subscription whose handler has its effect in the transaction that moves the checkpoint. The handler must not commit.
// It panics without Name, Log or Pool.
func NewTx(cfg Config, handler func(ctx context.Context, tx pgx.Tx, events []es.Recorded) error) *Subscription {
	if cfg.Pool == nil {
		panic("subscription: NewTx needs a Pool")
	}
	return newSubscription(cfg, true, handler)
}

func newSubscription(cfg Config, tx bool, handle func(context.Context, pgx.Tx, []es.Recorded) error) *Subscription {
	s := &Subscription{cfg: cfg.withDefaults(), handle: handle, moved: make(chan struct{}), checkpoint: &inMemory{}}
	if cfg.Pool != nil {
		s.checkpoint = table{name: cfg.Name, pool: cfg.Pool, tx: tx, hook: s.cfg.Hook}
	}
	return s
}

// Run works until ctx ends, then lets the batch under way finish and returns nil. Failures are told to Config.OnError and tried again;
// they never end it. It must not run twice at once.
func (s *Subscription) Run(ctx context.Context) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		if sleep(work, s.cfg.Grace) {
			cancel()
		}
	})()
	pause := pauses{longest: s.cfg.MaxPause}
	for ctx.Err() == nil {
		if err := s.term(ctx, work, &pause); ctx.Err() == nil {
			s.failed(ctx, err, &pause)
		}
	}
	return nil
}

func (s *Subscription) failed(ctx context.Context, err error, pause *pauses) {
	s.cfg.OnError(fmt.Errorf("subscription %s: %w", s.cfg.Name, err))
	sleep(ctx, pause.next())
}

// term is the time for which this process is the owner. A failing handler does not end it: another process would fail as well.
func (s *Subscription) term(ctx, work context.Context, pause *pauses) error {
	o, err := s.own(ctx, work)
	if err != nil {
		return err
	}
	defer o.release()
	for {
		err := s.follow(ctx, o, pause)
		if cause := context.Cause(o.ctx); errors.Is(cause, errLockLost) {
			return errors.Join(cause, s.cfg.Hook("lock_lost"))
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			s.failed(ctx, err, pause)
		}
	}
}

// follow handles everything after the checkpoint, as it comes.
func (s *Subscription) follow(ctx context.Context, o *owner, pause *pauses) error {
	position, err := s.checkpoint.load(o.ctx)
	if err != nil {
		return err
	}
	s.set(position)
	for checked := time.Now(); ctx.Err() == nil && o.ctx.Err() == nil; {
		wake := s.cfg.Wake() // before the read: what is appended after it closes this very channel
		events, err := s.cfg.Log.ReadAll(o.ctx, position, s.cfg.Batch)
		if err != nil {
			return err
		}
		if len(events) > 0 {
			if err := s.work(o.ctx, position, events); err != nil {
				return err // the same events again, from the stored position
			}
			position = events[len(events)-1].Position
			s.set(position)
			pause.reset()
			checked = time.Now()
			if len(events) < s.cfg.Batch {
				s.gather(ctx, o)
			}
			continue
		}
		s.idle(ctx, o, wake)
		if time.Since(checked) > time.Second { // somebody may have rewound it
			if stored, err := s.checkpoint.load(o.ctx); err != nil || stored != position {
				return err
			}
			checked = time.Now()
		}
	}
	return nil
}

// gather lets a few events come together: under load a read costs the same for one event as for many.
func (s *Subscription) gather(ctx context.Context, o *owner) {
	if s.cfg.Gather <= 0 {
		return
	}
	timer := time.NewTimer(s.cfg.Gather)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-o.ctx.Done():
	case <-ctx.Done():
	}
}

func (s *Subscription) idle(ctx context.Context, o *owner, wake <-chan struct{}) {
	timer := time.NewTimer(s.cfg.Poll)
	defer timer.Stop()
	select {
	case <-wake:
	case <-o.notified:
	case <-timer.C:
	case <-o.ctx.Done():
	case <-ctx.Done():
	}
}

// work hands events over and moves the checkpoint past them.
func (s *Subscription) work(ctx context.Context, position int64, events []es.Recorded) error {
	if err := s.cfg.Hook("after_read"); err != nil {
		return err
	}
	start, last := time.Now(), events[len(events)-1].Position
	err := s.checkpoint.advance(ctx, position, last, func(ctx context.Context, tx pgx.Tx) error { return s.handle(ctx, tx, events) })
	if err != nil {
		return fmt.Errorf("positions %d to %d: %w", events[0].Position, last, err)
	}
	s.cfg.Observe(Batch{Events: len(events), Position: last, Oldest: time.Since(events[0].Timestamp), Took: time.Since(start)})
	return s.cfg.Hook("after_checkpoint")
}

// Position is how far the subscription came, as far as this process knows: everything up to it was handled.
func (s *Subscription) Position() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.position
}

func (s *Subscription) set(position int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.position != position {
		s.position = position
		close(s.moved)
		s.moved = make(chan struct{})
	}
}

// WaitFor returns once everything up to position was handled by this process, or ctx ends.
func (s *Subscription) WaitFor(ctx context.Context, position int64) error {
	for {
		s.mu.Lock()
		at, moved := s.position, s.moved
		s.mu.Unlock()
		if at >= position {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for position %d, is at %d: %w", position, at, ctx.Err())
		case <-moved:
		}
	}
}

// Lag is how many positions the checkpoint is behind the end of the log; as positions have holes, at least the number of events. It
// reads the stored checkpoint, so it is right in processes that stand by as well. The log must have a method Head, as pgstore's and
// memstore's do.
func (s *Subscription) Lag(ctx context.Context) (int64, error) {
	position := s.Position()
	if s.cfg.Pool != nil {
		var err error
		if position, err = Checkpoint(ctx, s.cfg.Pool, s.cfg.Name); err != nil {
			return 0, err
		}
	}
	end, err := head(ctx, s.cfg.Log)
	if err != nil {
		return 0, fmt.Errorf("lag of %s: %w", s.cfg.Name, err)
	}
	return max(end-position, 0), nil
}

// head is the end of a log that can say it.
func head(ctx context.Context, log es.Log) (int64, error) {
	l, ok := log.(interface {
		Head(context.Context) (int64, error)
	})
	if !ok {
		return 0, fmt.Errorf("%T has no Head", log)
	}
	return l.Head(ctx)
}

// pauses grow from 10 ms to the longest, with jitter.
type pauses struct {
	longest, last time.Duration
}

func (p *pauses) next() time.Duration {
	p.last = min(max(2*p.last, 10*time.Millisecond), p.longest)
	return p.last/2 + rand.N(p.last/2+1)
}

func (p *pauses) reset() { p.last = 0 }
