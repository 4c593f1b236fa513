package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
)

// Subscription is the configuration of a subscription on the service's own store. The name is state.
func Subscription(name, points string, store *pgstore.Store, pool *pgxpool.Pool, log *slog.Logger) subscription.Config {
	return subscription.Config{
		Name: name, Log: store, Pool: pool, Wake: store.Appended, Listen: "kontor_events", Hook: Hook(points),
		OnError: func(err error) {
			log.Warn("subscription failed, it goes on", "subscription", name, "error", err.Error())
		},
	}
}

// Relay publishes everything after its checkpoint, one event one message. Its Run is a part.
type Relay struct {
	Name          string // of the checkpoint. This name is state: another one publishes everything again
	Store         *pgstore.Store
	Events        es.Log // what it reads, if others read the same; default: Store
	Pool          *pgxpool.Pool
	Connection    kafka.Connection
	Topics        map[string]string // topic → source of the messages that this service publishes there
	Translate     func([]es.Recorded) ([]messaging.Message, error)
	AcceptHistory bool // publish although a topic knows more than the store
	Log           *slog.Logger
}

// gather is the relay's pause under load: a few milliseconds of delay for a fraction of the round trips.
const gather = 3 * time.Millisecond

// ErrHistory is a topic that is ahead of its store.
var ErrHistory = errors.New("the topic has a record that the store does not know: the store was restored to an earlier point, see docs/operations.md")

// Run works until ctx ends; it begins as soon as a broker answers. It is [ErrHistory] when the store was restored; after any other error it
// may be run again, see [Keep].
func (r Relay) Run(ctx context.Context) error {
	topics := slices.Collect(maps.Keys(r.Topics))
	publisher, err := kafka.NewPublisher(ctx, kafka.PublisherConfig{Connection: r.Connection, Topics: topics, Log: r.Log, Hook: Hook("")})
	if err != nil {
		return OrEnd(ctx, err)
	}
	defer publisher.Close()
	for topic, source := range r.Topics {
		if err := r.checkHistory(ctx, topic, source); err != nil {
			return OrEnd(ctx, err)
		}
	}
	cfg := Subscription(r.Name, "relay.", r.Store, r.Pool, r.Log)
	cfg.Gather = gather
	if r.Events != nil {
		cfg.Log = r.Events
	}
	relay := subscription.New(cfg, func(ctx context.Context, events []es.Recorded) error {
		messages, err := r.Translate(events)
		if err != nil {
			return err
		}
		return publisher.Publish(ctx, messages...)
	})
	return relay.Run(ctx)
}

// checkHistory compares the last records of the topic with the store, before anything is published.
func (r Relay) checkHistory(ctx context.Context, topic, source string) error {
	if r.AcceptHistory {
		return nil
	}
	last, err := kafka.LastRecords(ctx, r.Connection, topic)
	if err != nil {
		return err
	}
	for _, m := range last {
		if m.Source != source {
			continue
		}
		at, err := r.Store.ReadAll(ctx, m.Position-1, 1)
		if err != nil {
			return err
		}
		if len(at) == 0 || at[0].EventID != m.ID {
			return fmt.Errorf("%s partition %d position %d: %w", m.Topic, m.Partition, m.Position, ErrHistory)
		}
	}
	return nil
}
