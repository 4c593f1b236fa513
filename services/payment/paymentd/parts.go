package paymentd

import (
	"context"
	"errors"
	"time"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/daemon"
	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
	"github.com/kontor-dev/kontor/services/payment/internal/consumer"
	"github.com/kontor-dev/kontor/services/payment/internal/jobs"
	"github.com/kontor-dev/kontor/services/payment/internal/publish"
)

// relayName is the name of the relay's checkpoint. This name is state: another one publishes everything again.
const relayName = "payment.relay"

// parts are what runs, in the order of starting; they stop the other way round.
func (d *service) parts() []lifecycle.Part {
	starter := subscription.NewTx(daemon.Subscription(jobs.StarterName, "starter.", d.store, d.pool, d.log), d.jobs.Start)
	sink, reader := d.consumer()
	admin := webapi.NewAdmin(d.log, d.metrics, webapi.Check{Name: "postgres", Probe: d.pool.Ping})
	daemon.ObserveConsumer(d.metrics, consumer.Name, reader, func() int64 { return sink.Stats().Parked })
	daemon.ObserveLag(d.metrics, jobs.StarterName, d.store, d.pool)
	daemon.ObserveLag(d.metrics, relayName, d.store, d.pool)
	daemon.ObserveJobs(d.metrics, d.jobPool)
	relay := daemon.Relay{
		Name: relayName, Store: d.store, Pool: d.pool, Connection: d.connection(), Translate: publish.New(d.cfg.SchemaBaseURL).Translate,
		Topics: map[string]string{paymentv1.Topic: paymentv1.Source}, AcceptHistory: d.cfg.AcceptHistory, Log: d.log,
	}
	return []lifecycle.Part{
		lifecycle.HTTP("admin", webapi.NewAdminServer(admin, d.log), d.admin, time.Second),
		{Name: "append lane", Run: d.store.Run, Grace: 7 * time.Second},
		{Name: "gateway", Run: d.watchGateway},
		{Name: "relay", Run: daemon.Keep(d.log, "relay", relay.Run), Grace: 7 * time.Second},
		{Name: "job starter", Run: starter.Run, Grace: 7 * time.Second},
		{Name: "workers", Run: d.jobs.Run, Grace: 12 * time.Second},
		{Name: "consumer", Run: daemon.Keep(d.log, "consumer", reader.Run)},
		lifecycle.HTTP("http", webapi.NewServer(d.api, d.log), d.public, 10*time.Second),
		daemon.Ready(admin),
		lifecycle.Drain(func() { admin.SetReady(false) }, d.cfg.DrainDelay),
	}
}

func (d *service) connection() kafka.Connection {
	return kafka.Connection{Brokers: d.cfg.Brokers, ClientID: "kontor-payment"}
}

// consumer reads orders.v1.
func (d *service) consumer() (*pgsink.Each, *kafka.Consumer) {
	routes := consumer.Routes(d.app, daemon.Traced)
	sink := pgsink.NewEach(d.pool, pgsink.Config{
		Consumer: consumer.Name, Known: routes.Knows, Log: d.log, Hook: daemon.Hook(""),
	}, routes.Handle)
	return sink, kafka.NewConsumer(kafka.ConsumerConfig{
		Connection: d.connection(), Group: consumer.Name, Topics: []string{orderv1.Topic}, Log: d.log, Hook: daemon.Hook(""),
	}, sink)
}

// watchGateway asks what the gateway can do until it answers: the service may have started before it.
func (d *service) watchGateway(ctx context.Context) error {
	for {
		err := d.askGateway(ctx)
		if errors.Is(err, errSingleCapture) {
			return err
		}
		if err == nil {
			<-ctx.Done()
			return nil
		}
		d.log.Warn("the gateway does not answer", "error", err.Error())
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(2 * time.Second):
		}
	}
}
