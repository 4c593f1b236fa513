package orderd

import (
	"time"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/daemon"
	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/internal/webapi"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/consumer"
	"github.com/kontor-dev/kontor/services/order/internal/jobs"
	"github.com/kontor-dev/kontor/services/order/internal/publish"
)

// RelayName is the name of the relay's checkpoint. This name is state: another one publishes everything again.
const RelayName = "order.relay"

// parts are what runs, in the order of starting; they stop the other way round.
func (d *service) parts() []lifecycle.Part {
	events := subscription.Share(d.store) // three follow it
	connection := kafka.Connection{Brokers: d.cfg.Brokers, ClientID: "kontor-order"}
	relay := daemon.Relay{
		Name: RelayName, Store: d.store, Events: events, Pool: d.pool, Connection: connection, Translate: publish.New(d.cfg.SchemaBaseURL).Translate,
		Topics:        map[string]string{orderv1.Topic: orderv1.Source, catalogv1.Topic: catalogv1.Source},
		AcceptHistory: d.cfg.AcceptHistory, Log: d.log,
	}
	starter := subscription.NewTx(d.unhurried(events, jobs.StarterName, "starter."), d.jobs.Start)
	shortfall := subscription.New(d.unhurried(events, app.ShortfallName, "shortfall."), d.app.FollowStock)
	routes := consumer.Routes(d.app, daemon.Traced)
	sink := pgsink.NewEach(d.pool, pgsink.Config{Consumer: consumer.Name, Known: routes.Knows, Log: d.log, Hook: daemon.Hook("")}, routes.Handle)
	reader := kafka.NewConsumer(kafka.ConsumerConfig{
		Connection: connection, Group: consumer.Name, Topics: []string{paymentv1.Topic}, Log: d.log, Hook: daemon.Hook(""),
	}, sink)
	admin := webapi.NewAdmin(d.log, d.metrics, webapi.Check{Name: "postgres", Probe: d.pool.Ping})
	daemon.ObserveConsumer(d.metrics, consumer.Name, reader, func() int64 { return sink.Stats().Parked })
	daemon.ObserveLag(d.metrics, jobs.StarterName, d.store, d.pool)
	daemon.ObserveLag(d.metrics, app.ShortfallName, d.store, d.pool)
	daemon.ObserveLag(d.metrics, RelayName, d.store, d.pool)
	daemon.ObserveJobs(d.metrics, d.jobPool)
	return []lifecycle.Part{
		lifecycle.HTTP("admin", webapi.NewAdminServer(admin, d.log), d.admin, time.Second),
		{Name: "append lane", Run: d.store.Run, Grace: 7 * time.Second},
		{Name: "relay", Run: daemon.Keep(d.log, "relay", relay.Run), Grace: 7 * time.Second},
		{Name: "job starter", Run: starter.Run, Grace: 7 * time.Second},
		{Name: "shortfall", Run: shortfall.Run, Grace: 7 * time.Second},
		{Name: "timers", Run: d.jobs.Run, Grace: 12 * time.Second},
		{Name: "consumer", Run: daemon.Keep(d.log, "consumer", reader.Run)},
		lifecycle.HTTP("http", webapi.NewServer(d.api, d.log), d.public, 10*time.Second),
		daemon.Ready(admin),
		lifecycle.Drain(func() { admin.SetReady(false) }, d.cfg.DrainDelay),
	}
}

// unhurried is the configuration of a subscription that nobody waits for: it is not woken by each flush but looks a few times a second, so
// that under load it takes events by the hundred. Timers are due in minutes.
func (d *service) unhurried(events es.Log, name, points string) subscription.Config {
	cfg := daemon.Subscription(name, points, d.store, d.pool, d.log)
	cfg.Log, cfg.Wake, cfg.Listen, cfg.Poll, cfg.Gather = events, nil, "", 200*time.Millisecond, 200*time.Millisecond
	return cfg
}
