package orderd

import (
	"context"
	"errors"
	"fmt"
	"time"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/internal/telemetry"
	"github.com/kontor-dev/kontor/internal/webapi"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
	"github.com/kontor-dev/kontor/services/order/internal/consumer"
	"github.com/kontor-dev/kontor/services/order/internal/jobs"
	"github.com/kontor-dev/kontor/services/order/internal/publish"
)

// relayName is the name of the relay's checkpoint. This name is state: another
// one publishes everything again.
const relayName = "order.relay"

// topics are those the relay publishes to.
var topics = []string{orderv1.Topic, catalogv1.Topic}

// parts are what runs, in the order of starting; they stop the other way round.
func (d *daemon) parts() []lifecycle.Part {
	starter := subscription.NewTx(d.subscription(jobs.StarterName, "starter."), d.jobs.Start)
	sink, reader := d.consumer()
	admin := webapi.NewAdmin(d.log, d.metrics, webapi.Check{Name: "postgres", Probe: d.pool.Ping})
	observeConsumer(d.metrics, reader, sink)
	observeLag(d.metrics, jobs.StarterName, starter)
	observeJobs(d.metrics, d.jobPool)
	return []lifecycle.Part{
		lifecycle.HTTP("admin", webapi.NewAdminServer(admin, d.log), d.admin, time.Second),
		{Name: "append lane", Run: d.store.Run, Grace: 7 * time.Second},
		{Name: "relay", Run: d.relay, Grace: 7 * time.Second},
		{Name: "job starter", Run: starter.Run, Grace: 7 * time.Second},
		{Name: "workers", Run: d.jobs.Run, Grace: 12 * time.Second},
		{Name: "consumer", Run: reader.Run},
		lifecycle.HTTP("http", webapi.NewServer(d.api, d.log), d.public, 10*time.Second),
		lifecycle.Func("ready", func(ctx context.Context) error {
			admin.SetReady(true)
			<-ctx.Done()
			return nil
		}),
		lifecycle.Drain(func() { admin.SetReady(false) }, d.cfg.DrainDelay),
	}
}

func (d *daemon) subscription(name, points string) subscription.Config {
	return subscription.Config{
		Name: name, Log: d.store, Pool: d.pool, Wake: d.store.Appended, Listen: "kontor_events", Hook: hook(points),
		OnError: func(err error) {
			d.log.Warn("subscription failed, it goes on", "subscription", name, "error", err.Error())
		},
	}
}

func (d *daemon) connection() kafka.Connection {
	return kafka.Connection{Brokers: d.cfg.Brokers, ClientID: "kontor-order"}
}

// relay publishes the service's events, as soon as a broker answers.
func (d *daemon) relay(ctx context.Context) error {
	publisher, err := kafka.NewPublisher(ctx, kafka.PublisherConfig{
		Connection: d.connection(), Topics: topics, Log: d.log, Hook: hook(""),
	})
	if err != nil {
		return orEnd(ctx, err)
	}
	defer publisher.Close()
	if err := d.checkHistory(ctx); err != nil {
		return orEnd(ctx, err)
	}
	translator := publish.New(d.cfg.SchemaBaseURL)
	relay := subscription.New(d.subscription(relayName, "relay."), func(ctx context.Context, events []es.Recorded) error {
		messages, err := translator.Translate(events)
		if err != nil {
			return err
		}
		return publisher.Publish(ctx, messages...)
	})
	observeLag(d.metrics, relayName, relay)
	return relay.Run(ctx)
}

// orEnd is nil for what failed because ctx ended.
func orEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

var errHistory = errors.New("a topic has a record that the store does not know: the store was restored to an earlier point, see docs/operations.md")

// checkHistory compares the last records of the topics with the store, before
// anything is published.
func (d *daemon) checkHistory(ctx context.Context) error {
	if d.cfg.AcceptHistory {
		return nil
	}
	for _, topic := range topics {
		last, err := kafka.LastRecords(ctx, d.connection(), topic)
		if err != nil {
			return err
		}
		for _, m := range last {
			if m.Source != orderv1.Source {
				continue
			}
			at, err := d.store.ReadAll(ctx, m.Position-1, 1)
			if err != nil {
				return err
			}
			if len(at) == 0 || at[0].EventID != m.ID {
				return fmt.Errorf("%s partition %d position %d: %w", m.Topic, m.Partition, m.Position, errHistory)
			}
		}
	}
	return nil
}

// consumer reads payments.v1.
func (d *daemon) consumer() (*pgsink.Each, *kafka.Consumer) {
	routes := consumer.Routes(d.app, traced)
	sink := pgsink.NewEach(d.pool, pgsink.Config{
		Consumer: consumer.Name, Known: routes.Knows, Log: d.log, Hook: hook(""),
	}, routes.Handle)
	return sink, kafka.NewConsumer(kafka.ConsumerConfig{
		Connection: d.connection(), Group: consumer.Name, Topics: []string{paymentv1.Topic}, Log: d.log, Hook: hook(""),
	}, sink)
}

// traced gives each message a span that links to what caused it.
func traced(next messaging.Handler) messaging.Handler {
	return func(ctx context.Context, m messaging.Message) error {
		ctx, span := telemetry.StartLinked(ctx, "handle "+m.Type, m.Headers[messaging.HeaderTraceParent])
		defer span.End()
		return next(ctx, m)
	}
}
