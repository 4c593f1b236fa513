package orderd

import (
	"context"
	"errors"

	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
)

// ErrPosition is a position that a relay cannot be set to.
var ErrPosition = errors.New("a position is 0 or more")

// Position is how far the relay has published: everything up to it was
// acknowledged.
func Position(ctx context.Context, cfg Config) (int64, error) {
	pool, err := connect(ctx, cfg, 1)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	return subscription.Checkpoint(ctx, pool, relayName)
}

// Rewind sets the relay back, so that everything after the position is published
// again; consumers skip what they have. A relay that runs notices within a second.
func Rewind(ctx context.Context, cfg Config, position int64) error {
	if position < 0 {
		return ErrPosition
	}
	pool, err := connect(ctx, cfg, 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	return subscription.Rewind(ctx, pool, relayName, position)
}
