package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// Schema is where River's tables are, in the service's own database.
const Schema = "river"

// UseCases is what workers do; [app.App] has it.
type UseCases interface {
	Execute(ctx context.Context, w app.Work) error
	LookUp(ctx context.Context, w app.Work) error
	Reconcile(ctx context.Context, d app.Decision) error
	Expire(ctx context.Context, id payment.ID, armed app.Cause) error
}

// Config sets up a Client. Pool and UseCases are needed.
type Config struct {
	Pool     *pgxpool.Pool
	UseCases UseCases
	Log      *slog.Logger
	Hook     func(point string) error // called at timer.before_command; default: none
	Workers  int                      // gateway calls at once; default 16
	Rescue   time.Duration            // age at which a job whose process died runs again; default 30 s
}

// Client inserts jobs and works them. Safe for concurrent use.
type Client struct {
	river *river.Client[pgx.Tx]
	codec *es.Codec[payment.Event]
}

// New returns a client that works nothing before Run.
func New(cfg Config) (*Client, error) {
	if cfg.Hook == nil {
		cfg.Hook = func(string) error { return nil }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Workers == 0 {
		cfg.Workers = 16
	}
	if cfg.Rescue == 0 {
		cfg.Rescue = 30 * time.Second
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &callWorker{app: cfg.UseCases})
	river.AddWorker(workers, &lookupWorker{app: cfg.UseCases})
	river.AddWorker(workers, &reconcileWorker{app: cfg.UseCases})
	river.AddWorker(workers, &expiryWorker{app: cfg.UseCases, hook: cfg.Hook})
	client, err := river.NewClient(riverpgxv5.New(cfg.Pool), &river.Config{
		Schema: Schema, Workers: workers, Logger: cfg.Log,
		Queues: map[string]river.QueueConfig{
			queueGateway: {MaxWorkers: cfg.Workers}, queueTimers: {MaxWorkers: 100},
		},
		FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 100 * time.Millisecond,
		JobTimeout: jobTimeout, RescueStuckJobsAfter: cfg.Rescue, CompletedJobRetentionPeriod: time.Hour,
		RetryPolicy: backoff{},
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &Client{river: client, codec: app.NewCodec()}, nil
}

// jobTimeout is above look-up, call and append together.
const jobTimeout = 15 * time.Second

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

// LookUp has an operation looked up soon.
func (c *Client) LookUp(ctx context.Context, id payment.ID, op payment.OpID) error {
	if _, err := c.river.Insert(ctx, gatewayLookup{PaymentID: id, OpID: op}, nil); err != nil {
		return fmt.Errorf("enqueue look-up: %w", err)
	}
	return nil
}

// Reconcile has a decision carried out soon, once.
func (c *Client) Reconcile(ctx context.Context, d app.Decision) error {
	if _, err := c.river.Insert(ctx, gatewayReconcile(d), nil); err != nil {
		return fmt.Errorf("enqueue reconcile: %w", err)
	}
	return nil
}
