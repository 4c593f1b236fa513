package daemon

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/failpoint"
	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/internal/telemetry"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
)

// Connect opens a pool of so many connections, under a name that the server shows.
func Connect(ctx context.Context, url config.Secret, name string, size int32) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url.Reveal())
	if err != nil {
		return nil, errors.New("DATABASE_URL is no Postgres URL") // the error of the driver may quote it
	}
	cfg.MaxConns = size
	cfg.MaxConnLifetime, cfg.MaxConnLifetimeJitter = 30*time.Minute, 5*time.Minute
	cfg.ConnConfig.RuntimeParams["application_name"] = name
	return pgxpool.NewWithConfig(ctx, cfg)
}

// Ready is the part that says the service may get requests, once all parts before it have started.
func Ready(admin *webapi.Admin) lifecycle.Part {
	return lifecycle.Func("ready", func(ctx context.Context) error {
		admin.SetReady(true)
		<-ctx.Done()
		return nil
	})
}

// Traced gives each message a span that links to what caused it.
func Traced(next messaging.Handler) messaging.Handler {
	return func(ctx context.Context, m messaging.Message) error {
		ctx, span := telemetry.StartLinked(ctx, "handle "+m.Type, m.Headers[messaging.HeaderTraceParent])
		defer span.End()
		return next(ctx, m)
	}
}

// Hook leads the points of a package under pkg/ to the failpoints of this process; points that are not on the list do nothing.
func Hook(prefix string) func(string) error {
	points := map[string]string{} // by the package's own name, as it is asked for on every flush and every batch
	for _, point := range failpoint.Points() {
		if own, ok := strings.CutPrefix(point, prefix); ok {
			points[own] = point
		}
	}
	return func(point string) error {
		if ours, ok := points[point]; ok {
			return failpoint.Hit(ours)
		}
		return nil
	}
}

// Keep runs what may fail for a reason that passes, such as a broker that is away: it is logged and run again after a second. What no
// time cures ends it, and with it the service: a topic that is ahead of the store, partitions that were added.
func Keep(log *slog.Logger, name string, run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			err := run(ctx)
			if ctx.Err() != nil || err == nil || errors.Is(err, ErrHistory) || errors.Is(err, kafka.ErrPartitionsChanged) {
				return OrEnd(ctx, err)
			}
			log.Error("part failed, it is run again", "part", name, "error", err.Error())
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

// OrEnd is nil for what failed because ctx ended.
func OrEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
