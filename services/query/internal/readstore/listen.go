package readstore

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontor-dev/kontor/services/query/internal/view"
)

const (
	probeEvery = 15 * time.Second
	retryMax   = 5 * time.Second
)

// Listen wakes waiting reads until ctx ends, on one connection of its own. A connection that is lost is made again; then all are woken,
// as notifications may have been missed.
func (s *Store) Listen(ctx context.Context) error {
	for pause := 100 * time.Millisecond; ; {
		began := time.Now()
		err := s.listen(ctx)
		if ctx.Err() != nil {
			return nil
		}
		s.cfg.Log.WarnContext(ctx, "listening to views was interrupted", "error", err)
		if time.Since(began) > retryMax {
			pause = 100 * time.Millisecond
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		pause = min(2*pause, retryMax)
	}
}

func (s *Store) listen(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, s.cfg.Staff.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "listen "+view.Channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.waiters.all()
	for {
		note, err := nextNote(ctx, conn)
		switch {
		case err != nil && ctx.Err() == nil && pgconn.Timeout(err):
			if err := conn.Ping(ctx); err != nil { // a dead connection is silent
				return fmt.Errorf("probe: %w", err)
			}
		case err != nil:
			return fmt.Errorf("wait: %w", err)
		default:
			s.waiters.changed(view.ParsePayload(note.Payload))
		}
	}
}

func nextNote(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	ctx, cancel := context.WithTimeout(ctx, probeEvery)
	defer cancel()
	return conn.WaitForNotification(ctx)
}
