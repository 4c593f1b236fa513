package queryd

import (
	"context"
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
	"github.com/kontor-dev/kontor/services/query/internal/httpapi"
	"github.com/kontor-dev/kontor/services/query/internal/readstore"
)

// Connections to Postgres.
const (
	projectSize = 8 // three consumers of 12 partitions, seldom at work at once
	readSize    = 12
	staffSize   = 8
)

// Run is the service: it works until ctx ends and returns nil after a clean stop. Logs go to stderr.
func Run(ctx context.Context, cfg Config, stderr io.Writer) error {
	log := telemetry.NewLogger(stderr, "query", cfg.Log)
	if warning := cfg.Auth.Warning(); warning != "" {
		log.Warn(warning)
	}
	d := &service{cfg: cfg, log: log, metrics: telemetry.NewRegistry()}
	defer d.close()
	if err := d.open(ctx); err != nil {
		return fmt.Errorf("query service: %w", err)
	}
	log.Info("query service starts", "addr", d.public.Addr().String(), "admin", d.admin.Addr().String())
	if err := lifecycle.Run(ctx, log, d.parts()...); err != nil {
		return fmt.Errorf("query service: %w", err)
	}
	return nil
}

// service is everything that Run opens.
type service struct {
	cfg     Config
	log     *slog.Logger
	metrics *prometheus.Registry

	project, read, staff *pgxpool.Pool
	public, admin        net.Listener
	store                *readstore.Store
	readers              []reader
	api                  *webapi.API
}

// open opens what must be there before anything runs: the database, the ports.
func (d *service) open(ctx context.Context) (err error) {
	if d.project, err = daemon.Connect(ctx, d.cfg.DatabaseURL, "kontor query", projectSize); err != nil {
		return err
	}
	if d.read, err = readstore.Open(ctx, d.cfg.ReadDatabaseURL.Reveal(), readSize); err != nil {
		return err
	}
	if d.staff, err = readstore.Open(ctx, d.cfg.StaffDatabaseURL.Reveal(), staffSize); err != nil {
		return err
	}
	if err := migrations.Wait(ctx, d.project, "query", d.cfg.MigrationWait); err != nil {
		return err
	}
	if d.readers, err = d.openReaders(ctx); err != nil {
		return err
	}
	if d.public, err = webapi.Listen(ctx, d.cfg.Addr, 0); err != nil {
		return err
	}
	if d.admin, err = webapi.Listen(ctx, d.cfg.AdminAddr, 64); err != nil {
		return err
	}
	d.store = readstore.New(readstore.Config{
		Customers: d.read, Staff: d.staff, CursorKey: []byte(d.cfg.CursorKey.Reveal()), MaxWaits: d.cfg.MaxWaits, Log: d.log,
	})
	d.api = httpapi.New(webapi.Config{
		Version: daemon.Version, Verifier: verifier.New(d.cfg.Auth, verifier.Options{}), Log: d.log, Metrics: d.metrics,
		Rate: d.cfg.RateLimit, MaxInFlight: d.cfg.MaxInFlight,
	}, httpapi.Deps{Views: d.store, Lag: d.lag})
	return nil
}

// close gives back what open opened; parts have ended by then.
func (d *service) close() {
	for _, ln := range []net.Listener{d.public, d.admin} {
		if ln != nil {
			_ = ln.Close() // the server has closed it unless it never served
		}
	}
	for _, pool := range []*pgxpool.Pool{d.staff, d.read, d.project} {
		if pool != nil {
			pool.Close()
		}
	}
}
