package subscription

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/pkg/eventsourcing/internal/pgdial"
)

// errLockLost ends the work of an owner whose connection, and so whose lock, is gone.
var errLockLost = errors.New("lock lost")

// lockSQL is a lock of the session: it ends with the connection, however that ends.
const lockSQL = `select pg_try_advisory_lock(hashtextextended('subscription ' || $1, 0))`

// owner is the right to work on a subscription. It has a connection of its own, which hears notifications too.
type owner struct {
	ctx      context.Context // ends when the lock is lost, with errLockLost as the cause
	notified chan struct{}
	release  func()
}

// own waits until this process is the owner, or ctx ends. Work under the owner's ctx may outlive ctx.
func (s *Subscription) own(ctx, work context.Context) (*owner, error) {
	o := &owner{ctx: work, notified: make(chan struct{}, 1), release: func() {}}
	if s.cfg.Pool == nil {
		return o, nil
	}
	conn, err := pgdial.Dial(ctx, s.cfg.Pool, "kontor "+s.cfg.Name, map[string]string{
		// A peer that is gone without a word frees the lock after a few seconds, not after two hours.
		"tcp_keepalives_idle": "2", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "3", "statement_timeout": "2000",
	})
	if err != nil {
		return nil, err
	}
	if err := s.lock(ctx, conn); err != nil {
		pgdial.Close(conn)
		return nil, err
	}
	var lose context.CancelCauseFunc
	o.ctx, lose = context.WithCancelCause(work)
	watch, stop := context.WithCancel(work)
	var watcher sync.WaitGroup
	watcher.Go(func() {
		for {
			if _, err := conn.WaitForNotification(watch); err != nil {
				lose(fmt.Errorf("%w: %w", errLockLost, err))
				return
			}
			select {
			case o.notified <- struct{}{}:
			default:
			}
		}
	})
	o.release = func() {
		stop()
		lose(nil)
		watcher.Wait()
		pgdial.Close(conn)
	}
	return o, nil
}

func (s *Subscription) lock(ctx context.Context, conn *pgx.Conn) error {
	for {
		var mine bool
		if err := conn.QueryRow(ctx, lockSQL, s.cfg.Name).Scan(&mine); err != nil {
			return fmt.Errorf("take lock: %w", err)
		}
		if mine {
			break
		}
		if !sleep(ctx, s.cfg.StandBy) {
			return ctx.Err()
		}
	}
	if s.cfg.Listen == "" {
		return nil
	}
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{s.cfg.Listen}.Sanitize()); err != nil {
		return fmt.Errorf("listen on %s: %w", s.cfg.Listen, err)
	}
	return nil
}

// sleep says whether it slept all of d.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
