package queryd

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/internal/daemon"
	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/services/query/internal/projection"
)

// reader is one consumer of views with what feeds it.
type reader struct {
	projection.Consumer
	kafka *kafka.Consumer
}

// openReaders makes the consumers of the live side of each unit.
func (d *service) openReaders(ctx context.Context) ([]reader, error) {
	rows, err := d.project.Query(ctx, "select consumer, side from view_live")
	if err != nil {
		return nil, fmt.Errorf("read live sides: %w", err)
	}
	live := map[string]projection.Side{}
	var unit, side string
	if _, err := pgx.ForEachRow(rows, []any{&unit, &side}, func() error { live[unit] = projection.Side(side); return nil }); err != nil {
		return nil, fmt.Errorf("read live sides: %w", err)
	}
	var readers []reader
	for _, unit := range projection.Units {
		c := projection.NewConsumer(d.project, unit, projection.Config{Side: live[unit], Log: d.log, Hook: daemon.Hook("")})
		k := kafka.NewConsumer(kafka.ConsumerConfig{
			Connection: kafka.Connection{Brokers: d.cfg.Brokers, ClientID: "kontor-query"}, Group: c.Name, Topics: []string{c.Topic},
			Log: d.log, Hook: daemon.Hook(""),
		}, c.Sink)
		daemon.ObserveConsumer(d.metrics, c.Name, k, func() int64 { return c.Sink.Stats().Parked })
		readers = append(readers, reader{c, k})
	}
	return readers, nil
}

// parts are what runs, in the order of starting; they stop the other way round.
func (d *service) parts() []lifecycle.Part {
	admin := webapi.NewAdmin(d.log, d.metrics, webapi.Check{Name: "postgres", Probe: d.store.Ping})
	admin.Handle("GET /projections", d.projections())
	parts := []lifecycle.Part{
		lifecycle.HTTP("admin", webapi.NewAdminServer(admin, d.log), d.admin, time.Second),
		{Name: "listener", Run: d.store.Listen},
	}
	for _, r := range d.readers {
		parts = append(parts, lifecycle.Part{Name: "consumer " + r.Name, Run: daemon.Keep(d.log, "consumer "+r.Name, r.kafka.Run)})
	}
	return append(parts,
		lifecycle.HTTP("http", webapi.NewServer(d.api, d.log), d.public, 10*time.Second),
		daemon.Ready(admin),
		lifecycle.Drain(func() { admin.SetReady(false) }, d.cfg.DrainDelay),
	)
}
