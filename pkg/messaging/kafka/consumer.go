package kafka

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// ConsumerConfig configures a [Consumer].
type ConsumerConfig struct {
	Connection
	Group  string   // Kafka's group; by custom the name under which the sink keeps offsets
	Topics []string // they must exist
	// Chunk is how many messages one Apply gets at most; default 500.
	Chunk int
	// Session is how long a member that fell silent keeps its partitions; default 6 s, the brokers' minimum.
	Session time.Duration
	// Heartbeat is how often a rebalance is looked for; default 500 ms.
	Heartbeat time.Duration
	// Grace is how long a chunk may go on after the partition was lost or ctx ended; default 3 s, well inside of Session.
	Grace time.Duration
	// Log hears of trouble; default: nobody.
	Log *slog.Logger
	// Trace is called before each chunk, what it returns after it; default: neither.
	Trace func(ctx context.Context, chunk []messaging.Message) (context.Context, func(error))
	// Hook is called at "cmd.after_fetch", with messages fetched and none of them applied. Its error counts as one of reading. Default: none.
	Hook func(point string) error

	rewatch time.Duration // how often the watchdog looks; default 5 s
}

func (cfg ConsumerConfig) withDefaults() ConsumerConfig {
	cfg.Chunk = cmp.Or(cfg.Chunk, 500)
	cfg.Session = cmp.Or(cfg.Session, 6*time.Second)
	cfg.Heartbeat = cmp.Or(cfg.Heartbeat, 500*time.Millisecond)
	cfg.Grace = cmp.Or(cfg.Grace, 3*time.Second)
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	cfg.rewatch = cmp.Or(cfg.rewatch, 5*time.Second)
	return cfg
}

// Consumer feeds a [messaging.Sink] with the messages of its topics. Members of one group share the partitions; each group gets every
// message. Make one with [NewConsumer] and call Run once.
type Consumer struct {
	cfg    ConsumerConfig
	sink   messaging.Sink
	dialer *kafkago.Dialer
	kafka  *cluster
	start  layout // as read first: its number of partitions is law
	status board
}

// NewConsumer returns a consumer that does nothing before Run.
func NewConsumer(cfg ConsumerConfig, sink messaging.Sink) *Consumer {
	return &Consumer{cfg: cfg.withDefaults(), sink: sink, status: board{parts: map[part]*progress{}}}
}

// Status is how far it came. It may be called at any time.
func (c *Consumer) Status() Status { return c.status.read() }

// Run consumes until ctx ends, then lets the chunks under way finish and returns nil. Brokers that do not answer, partitions that cannot be read and
// sinks that fail are tried again for as long as it takes. It returns an error when that is pointless: a topic is unknown
// ([ErrUnknownTopic]), partitions were added ([ErrPartitionsChanged]), nothing could be read for a minute ([ErrStalled]).
func (c *Consumer) Run(ctx context.Context) (err error) {
	if c.cfg.Group == "" || len(c.cfg.Topics) == 0 {
		return errors.New("kafka: consumer without group or topics")
	}
	if c.kafka, err = c.cfg.cluster(c.cfg.Topics...); err != nil {
		return err
	}
	defer c.kafka.close()
	if c.dialer, err = c.cfg.dialer(); err != nil {
		return err
	}
	if c.start, err = c.kafka.await(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("consumer %s: %w", c.cfg.Group, err)
	}
	dog := newWatchdog(c, time.Now())
	for ctx.Err() == nil {
		if err := c.member(ctx, dog); err != nil {
			return fmt.Errorf("consumer %s: %w", c.cfg.Group, err)
		}
	}
	return nil
}

// member is one membership of the group. Nil is its end, because ctx ended or because the watchdog wants another one.
func (c *Consumer) member(ctx context.Context, dog *watchdog) error {
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	group, err := kafkago.NewConsumerGroup(kafkago.ConsumerGroupConfig{
		ID: c.cfg.Group, Brokers: c.cfg.Brokers, Dialer: c.dialer, Topics: c.cfg.Topics,
		GroupBalancers:    []kafkago.GroupBalancer{kafkago.RangeGroupBalancer{}},
		HeartbeatInterval: c.cfg.Heartbeat, SessionTimeout: c.cfg.Session, RebalanceTimeout: c.cfg.Session,
		JoinGroupBackoff: 500 * time.Millisecond, Timeout: requestTimeout,
		WatchPartitionChanges: true, PartitionWatchInterval: 30 * time.Second,
		StartOffset: kafkago.FirstOffset,
	})
	if err != nil {
		return err
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		dog.run(ctx, leave)
	}()
	defer func() {
		leave(nil)
		_ = group.Close() // waits for the workers, then leaves
		<-watched
	}()
	for {
		gen, err := group.Next(ctx)
		switch {
		case ctx.Err() != nil:
			if cause := context.Cause(ctx); errors.Is(cause, ErrStalled) {
				return cause
			}
			return nil
		case errors.Is(err, kafkago.ErrGroupClosed):
			return nil
		case err != nil:
			c.cfg.Log.WarnContext(ctx, "join group", "group", c.cfg.Group, "error", err)
			continue // errors come one by one; the group tries again by itself
		}
		if err := c.changed(ctx, gen); err != nil {
			return err
		}
		c.work(ctx, gen)
	}
}

// changed says whether partitions were added. A cluster that does not answer did not change.
func (c *Consumer) changed(ctx context.Context, gen *kafkago.Generation) error {
	for topic, assigned := range gen.Assignments {
		for _, a := range assigned {
			if a.ID >= len(c.start[topic]) {
				return fmt.Errorf("%w: %s has partition %d", ErrPartitionsChanged, topic, a.ID)
			}
		}
	}
	c.kafka.transport.CloseIdleConnections() // what it remembers may be half a minute old
	l, err := c.kafka.layout(ctx)
	if err != nil {
		return nil
	}
	return c.start.sameSize(l)
}

// work starts a worker for each partition of the generation.
func (c *Consumer) work(ctx context.Context, gen *kafkago.Generation) {
	var mine []part
	for topic, assigned := range gen.Assignments {
		for _, a := range assigned {
			mine = append(mine, part{topic, a.ID})
		}
	}
	number := c.status.generation(mine, time.Now())
	for _, p := range mine {
		gen.Start(func(gctx context.Context) {
			defer c.status.lost(p, number)
			(&worker{Consumer: c, part: p}).run(ctx, gctx)
		})
	}
	gen.Start(func(gctx context.Context) {
		c.commit(gctx, gen)
		c.status.ended(number, time.Now())
	})
}

// commit tells Kafka once a second how far we are, for tools that show lag. Nobody reads it back, so errors do not matter.
func (c *Consumer) commit(gctx context.Context, gen *kafkago.Generation) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	told := map[part]int64{}
	for {
		select {
		case <-gctx.Done():
			return
		case <-tick.C:
		}
		offsets := map[string]map[int]int64{}
		for _, p := range c.Status().Partitions {
			at := part{p.Topic, p.Partition}
			if !p.Owned || told[at] == p.Next {
				continue
			}
			if offsets[p.Topic] == nil {
				offsets[p.Topic] = map[int]int64{}
			}
			offsets[p.Topic][p.Partition], told[at] = p.Next, p.Next
		}
		_ = gen.CommitOffsets(offsets)
	}
}

// Lag is the sum of what partitions of this member have and the sink has not seen.
func (s Status) Lag() (n int64) {
	for _, p := range s.Partitions {
		n += p.Lag()
	}
	return n
}

// Halted are the partitions that wait for an operator.
func (s Status) Halted() []PartitionStatus {
	return slices.DeleteFunc(slices.Clone(s.Partitions), func(p PartitionStatus) bool {
		var halt *HaltError
		return !p.Owned || !errors.As(p.Err, &halt)
	})
}
