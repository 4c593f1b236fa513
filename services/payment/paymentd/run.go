package paymentd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/kontor-dev/kontor/internal/auth/verifier"
	"github.com/kontor-dev/kontor/internal/daemon"
	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/internal/telemetry"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/migrations"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/gateway"
	"github.com/kontor-dev/kontor/services/payment/internal/httpapi"
	"github.com/kontor-dev/kontor/services/payment/internal/jobs"
)

// Connections to Postgres, beside those of the append lane.
const (
	poolSize    = 14 // loads, two subscriptions, the consumer
	jobPoolSize = 5
)

// Run is the service: it works until ctx ends and returns nil after a clean stop. Logs go to stderr.
func Run(ctx context.Context, cfg Config, stderr io.Writer) error {
	log := telemetry.NewLogger(stderr, "payment", cfg.Log)
	if warning := cfg.Auth.Warning(); warning != "" {
		log.Warn(warning)
	}
	d := &service{cfg: cfg, log: log, metrics: telemetry.NewRegistry()}
	defer d.close()
	if err := d.open(ctx); err != nil {
		return fmt.Errorf("payment service: %w", err)
	}
	log.Info("payment service starts", "addr", d.public.Addr().String(), "admin", d.admin.Addr().String())
	if err := lifecycle.Run(ctx, log, d.parts()...); err != nil {
		return fmt.Errorf("payment service: %w", err)
	}
	return nil
}

// service is everything that Run opens.
type service struct {
	cfg     Config
	log     *slog.Logger
	metrics *prometheus.Registry

	pool, jobPool *pgxpool.Pool
	public, admin net.Listener
	gateway       *gateway.Client
	store         *pgstore.Store
	app           *app.App
	jobs          *jobs.Client
	api           *webapi.API
}

// open opens what must be there before anything runs: the database, the ports.
func (d *service) open(ctx context.Context) (err error) {
	if d.pool, err = daemon.Connect(ctx, d.cfg.DatabaseURL, "kontor payment", poolSize); err != nil {
		return err
	}
	if d.jobPool, err = daemon.Connect(ctx, d.cfg.DatabaseURL, "kontor payment jobs", jobPoolSize); err != nil {
		return err
	}
	if err := migrations.Wait(ctx, d.pool, "payment", d.cfg.MigrationWait); err != nil {
		return err
	}
	if d.public, err = webapi.Listen(ctx, d.cfg.Addr, 0); err != nil {
		return err
	}
	if d.admin, err = webapi.Listen(ctx, d.cfg.AdminAddr, 64); err != nil {
		return err
	}
	return d.build(ctx)
}

// build puts the service together.
func (d *service) build(ctx context.Context) (err error) {
	calls := telemetry.Counter(d.metrics, "gateway_calls_total", "Calls of the gateway.", "op", "outcome")
	d.gateway, err = gateway.New(gateway.Config{URL: d.cfg.GatewayURL, CallTimeout: d.cfg.GatewayWait, Observe: func(op, outcome string) {
		calls.WithLabelValues(op, outcome).Inc()
	}})
	if err != nil {
		return err
	}
	if err := d.askGateway(ctx); errors.Is(err, errSingleCapture) {
		return err
	}
	d.store = pgstore.New(d.pool, pgstore.Options{AllowUnsafe: d.cfg.UnsafeStore, Observe: daemon.ObserveFlushes(d.metrics), Hook: daemon.Hook("")})
	d.app = app.New(app.Deps{Store: d.store, Gateway: d.gateway, GatewayName: d.cfg.GatewayName, Hook: daemon.Hook("")})
	d.jobs, err = jobs.New(jobs.Config{Pool: d.jobPool, UseCases: d.app, Log: d.log, Hook: daemon.Hook("")})
	if err != nil {
		return err
	}
	d.api = httpapi.New(webapi.Config{
		Version: daemon.Version, Verifier: verifier.New(d.cfg.Auth, verifier.Options{}), Log: d.log, Metrics: d.metrics,
		Rate: d.cfg.RateLimit,
	}, httpapi.Deps{App: d.app, Jobs: d.jobs, WebhookSecret: d.cfg.WebhookSecret.Reveal()})
	return nil
}

var errSingleCapture = errors.New("the gateway captures an authorization only once: CAPTURE_POLICY=on_shipment needs one that can do it more often")

// askGateway checks what the gateway can do against what the configuration needs.
func (d *service) askGateway(ctx context.Context) error {
	caps, err := d.gateway.Refresh(ctx)
	if err != nil {
		return err
	}
	if d.cfg.CapturePolicy == onShipment && !caps.MultiCapture {
		return errSingleCapture
	}
	return nil
}

// close gives back what open opened; parts have ended by then.
func (d *service) close() {
	for _, ln := range []net.Listener{d.public, d.admin} {
		if ln != nil {
			_ = ln.Close() // the server has closed it unless it never served
		}
	}
	if d.gateway != nil {
		d.gateway.Close()
	}
	for _, pool := range []*pgxpool.Pool{d.jobPool, d.pool} {
		if pool != nil {
			pool.Close()
		}
	}
}
