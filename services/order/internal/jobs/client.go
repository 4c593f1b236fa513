package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Schema is where River's tables are, in the service's own database.
const Schema = "river"

// UseCases is what workers do; [app.App] has it.
type UseCases interface {
	ExpirePayment(ctx context.Context, ask app.Ask, id order.ID) (app.Result, error)
	ExpireDraft(ctx context.Context, ask app.Ask, id order.ID) (app.Result, error)
}

// Config sets up a Client. Pool and UseCases are needed.
type Config struct {
	Pool     *pgxpool.Pool
	UseCases UseCases
	Clock    func() time.Time         // default: the system clock
	Log      *slog.Logger             // default: nobody hears
	Hook     func(point string) error // called at timer.before_command; default: none
}

// Client inserts jobs and works them. Safe for concurrent use.
type Client struct{ river *river.Client[pgx.Tx] }

// New returns a client that works nothing before Run.
func New(cfg Config) (*Client, error) {
	if cfg.Hook == nil {
		cfg.Hook = func(string) error { return nil }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	t := timer{hook: cfg.Hook, now: cfg.Clock}
	workers := river.NewWorkers()
	river.AddWorker(workers, &paymentWorker{timer: t, app: cfg.UseCases})
	river.AddWorker(workers, &draftWorker{timer: t, app: cfg.UseCases})
	client, err := river.NewClient(riverpgxv5.New(cfg.Pool), &river.Config{
		Schema: Schema, Workers: workers, Logger: cfg.Log, Queues: map[string]river.QueueConfig{queueTimers: {MaxWorkers: 100}},
		FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 100 * time.Millisecond,
		JobTimeout: 15 * time.Second, RescueStuckJobsAfter: 30 * time.Second, CompletedJobRetentionPeriod: time.Hour,
		RetryPolicy: backoff{},
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &Client{river: client}, nil
}

// Run works jobs until ctx ends, then lets those under way finish for 10 s.
func (c *Client) Run(ctx context.Context) error {
	apart := context.WithoutCancel(ctx)
	if err := c.river.Start(apart); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	<-ctx.Done()
	soft, cancel := context.WithTimeout(apart, 10*time.Second)
	defer cancel()
	if c.river.Stop(soft) == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(apart, time.Second)
	defer cancel()
	return c.river.StopAndCancel(hard)
}

// backoff is 1 s to 5 min with full jitter, so that the jobs of one outage do not
// come back together.
type backoff struct{}

// NextRetry implements River's ClientRetryPolicy.
func (backoff) NextRetry(job *rivertype.JobRow) time.Time {
	ceiling := min(time.Second<<min(job.Attempt, 9), 5*time.Minute)
	return time.Now().Add(time.Second + rand.N(ceiling-time.Second+1))
}
