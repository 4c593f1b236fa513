package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// DefaultGrace is the grace of a part that names none.
const DefaultGrace = 5 * time.Second

const lastWait = time.Second // for a part whose grace is over

// Part is something that runs for as long as the process.
type Part struct {
	Name string
	// Run works until ctx ends or, if there is a Stop, until that was called. A nil
	// or context error after that is a clean end; a return before is a failure.
	Run func(ctx context.Context) error
	// Stop asks Run to finish what it has begun; it may return before Run does. Its
	// context ends with the grace. nil: the context of Run is cancelled instead.
	Stop func(ctx context.Context) error
	// Grace bounds the stop. 0 means DefaultGrace.
	Grace time.Duration
}

// running is a part with its goroutine.
type running struct {
	Part
	cancel context.CancelFunc
	done   chan struct{} // closed when Run has returned, err being set
	err    error
}

// Run starts all parts, waits until ctx ends or a part does, stops all parts and
// returns what went wrong: nil if every part ended cleanly after ctx.
func Run(ctx context.Context, log *slog.Logger, parts ...Part) error {
	ended := make(chan *running, len(parts))
	var started []*running
	var first *running
	for _, p := range parts {
		if ctx.Err() != nil {
			break
		}
		started = append(started, start(ctx, p, ended))
		log.Debug("part started", "part", p.Name)
	}
	select {
	case <-ctx.Done():
		log.Info("stopping", "reason", context.Cause(ctx).Error())
	case first = <-ended:
	}
	var errs []error
	if first != nil {
		errs = append(errs, earlyEnd(first))
		log.Error("part ended early, stopping", "part", first.Name, "error", errs[0].Error())
	}
	for i := len(started) - 1; i >= 0; i-- {
		if started[i] == first {
			started[i].cancel()
			continue
		}
		if err := started[i].stop(log); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func earlyEnd(r *running) error {
	if r.err == nil {
		return fmt.Errorf("%s: ended before it was asked to", r.Name)
	}
	return fmt.Errorf("%s: %w", r.Name, r.err)
}

func start(ctx context.Context, p Part, ended chan<- *running) *running {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r := &running{Part: p, cancel: cancel, done: make(chan struct{})}
	go func() { // awaited in stop, or it was the one that ended
		defer func() {
			if v := recover(); v != nil {
				r.err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
			}
			close(r.done)
			ended <- r
		}()
		r.err = p.Run(own)
	}()
	return r
}

// stop asks the part to end and waits for it.
func (r *running) stop(log *slog.Logger) error {
	began := time.Now()
	grace := r.Grace
	if grace <= 0 {
		grace = DefaultGrace
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	defer r.cancel()
	var stopErr error
	if r.Stop != nil {
		stopErr = r.Stop(ctx)
	} else {
		r.cancel()
	}
	if !r.wait(ctx.Done()) {
		r.cancel()
		late := time.NewTimer(lastWait)
		defer late.Stop()
		if !r.waitTimer(late.C) {
			return fmt.Errorf("%s: did not stop within %s", r.Name, grace+lastWait)
		}
		stopErr = errors.Join(stopErr, fmt.Errorf("needed more than its grace of %s", grace))
	}
	log.Debug("part stopped", "part", r.Name, "took_ms", time.Since(began).Milliseconds())
	if err := r.err; err != nil && !errors.Is(err, context.Canceled) {
		stopErr = errors.Join(stopErr, err)
	}
	if stopErr != nil {
		return fmt.Errorf("%s: %w", r.Name, stopErr)
	}
	return nil
}

func (r *running) wait(over <-chan struct{}) bool {
	select {
	case <-r.done:
		return true
	case <-over:
		// Both may be true; a part that has ended is not late.
		select {
		case <-r.done:
			return true
		default:
			return false
		}
	}
}

func (r *running) waitTimer(over <-chan time.Time) bool {
	select {
	case <-r.done:
		return true
	case <-over:
		return false
	}
}
