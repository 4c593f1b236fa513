package eventsourcing

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// retryFor is how long Retry goes on losing races before it gives the conflict back.
const retryFor = 2 * time.Second

// Retry runs once, and again with jitter while it returns [ErrConflict], for 2 s or until ctx ends, whichever is first; then it
// returns the last conflict. A failed Call.IfVersion is not tried again: it cannot come true later.
func Retry(ctx context.Context, once func(context.Context) error) error {
	deadline := time.Now().Add(retryFor)
	for try := 0; ; try++ {
		err := once(ctx)
		var conflict *ConflictError
		if !errors.Is(err, ErrConflict) || (errors.As(err, &conflict) && conflict.Asked) {
			return err
		}
		pause := rand.N(time.Millisecond << min(try, 6))
		if time.Now().Add(pause).After(deadline) {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}
