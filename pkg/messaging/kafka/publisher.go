package kafka

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// PublisherConfig configures a [Publisher].
type PublisherConfig struct {
	Connection
	Topics []string // all it may publish to; they must exist
	// Log hears of what is sent again; default: nobody.
	Log *slog.Logger
	// Trace is called at the start of each Publish, what it returns at the end; default: neither.
	Trace func(ctx context.Context, messages []messaging.Message) (context.Context, func(error))
	// Hook is called at the points "relay.before_publish", "relay.mid_publish" (after each request's answer) and "relay.after_publish". An
	// error of it fails Publish. For tests that kill; default: none.
	Hook func(point string) error
}

// Publisher is a [messaging.Publisher] for Kafka. Safe for concurrent use; calls take turns, because one batch of a partition may be in flight.
type Publisher struct {
	cfg   PublisherConfig
	kafka *cluster
	addr  net.Addr

	turn    sync.Mutex
	start   layout // as read first: its number of partitions is law
	leaders layout

	stats struct{ records, requests, resent, refused atomic.Int64 }
}

// PublisherStats counts since the start.
type PublisherStats struct {
	Records  int64 // acknowledged
	Requests int64 // sent
	Resent   int64 // batches with an unknown outcome, sent again
	Refused  int64 // batches the broker will never take
}

// NewPublisher reads the partitions of the topics, as soon as a broker answers and until ctx ends. A topic the cluster does not have is
// [ErrUnknownTopic] at once.
func NewPublisher(ctx context.Context, cfg PublisherConfig) (*Publisher, error) {
	if len(cfg.Topics) == 0 {
		return nil, errors.New("kafka: publisher without topics")
	}
	c, err := cfg.cluster(cfg.Topics...)
	if err != nil {
		return nil, err
	}
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	l, err := c.await(ctx)
	if err != nil {
		c.close()
		return nil, fmt.Errorf("publisher: %w", err)
	}
	return &Publisher{cfg: cfg, kafka: c, addr: kafkago.TCP(cfg.Brokers...), start: l, leaders: l}, nil
}

// Close ends its connections. No Publish may be under way.
func (p *Publisher) Close() { p.kafka.close() }

// Stats is how it went so far.
func (p *Publisher) Stats() PublisherStats {
	return PublisherStats{p.stats.records.Load(), p.stats.requests.Load(), p.stats.resent.Load(), p.stats.refused.Load()}
}

// Publish returns nil once every in-sync replica has every message. Messages of one key keep their order. After an error each partition holds
// the messages up to some point and none beyond it: publish all of them again. An error that is [messaging.IsPermanent] came without waiting for ctx
// to end: a message is invalid or too large (then none was sent), the broker refuses one, or the partitions changed.
func (p *Publisher) Publish(ctx context.Context, messages ...messaging.Message) (err error) {
	if len(messages) == 0 {
		return nil
	}
	if p.cfg.Trace != nil {
		var done func(error)
		ctx, done = p.cfg.Trace(ctx, messages)
		defer func() { done(err) }()
	}
	q, err := p.encode(messages)
	if err != nil {
		return messaging.Permanent(fmt.Errorf("publish: %w", err))
	}
	if err := p.hook("relay.before_publish"); err != nil {
		return err
	}
	p.turn.Lock()
	defer p.turn.Unlock()
	if err := p.drain(ctx, q); err != nil {
		return err
	}
	return p.hook("relay.after_publish")
}

// drain sends the first batch of every partition, again and again until there is none.
func (p *Publisher) drain(ctx context.Context, q queue) error {
	for failures := 0; len(q) > 0; {
		var transient error
		for part, err := range p.round(ctx, q) {
			switch {
			case err == nil:
				p.stats.records.Add(int64(q.pop(part)))
			case refused(err):
				p.stats.refused.Add(1)
				return messaging.Permanent(fmt.Errorf("publish to %s/%d: %w", part.topic, part.id, err))
			default:
				p.stats.resent.Add(1)
				transient = fmt.Errorf("publish to %s/%d: %w", part.topic, part.id, err)
			}
		}
		if err := p.hook("relay.mid_publish"); err != nil {
			return err
		}
		if transient == nil {
			failures = 0
			continue
		}
		if failures++; ctx.Err() == nil {
			p.cfg.Log.WarnContext(ctx, "publish again", "error", transient, "failures", failures)
		}
		if err := sleep(ctx, backoff(failures)); err != nil {
			return errors.Join(err, transient)
		}
		if err := p.refresh(ctx); err != nil {
			return err
		}
	}
	return nil
}

// refresh makes new connections and finds the leaders. Only a changed number of partitions is an error; without an answer the old leaders are
// tried again.
func (p *Publisher) refresh(ctx context.Context) error {
	p.kafka.transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	l, err := p.kafka.layout(ctx)
	if err != nil {
		return nil
	}
	if err := p.start.sameSize(l); err != nil {
		return messaging.Permanent(fmt.Errorf("publish: %w", err))
	}
	p.leaders = l
	return nil
}

func (p *Publisher) hook(point string) error {
	if p.cfg.Hook == nil {
		return nil
	}
	return p.cfg.Hook(point)
}

// produceTimeout is the broker's; ours is longer, so that the broker gives up first and fewer late duplicates appear.
const produceTimeout = 4 * time.Second
