package kafka_test

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"

	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(kafkatest.Closing(m),
		// kafka-go ends these when it finds time to: they belong to connections of transports that are closed.
		goleak.IgnoreAnyFunction("github.com/segmentio/kafka-go.(*conn).run"),
		goleak.IgnoreAnyFunction("github.com/segmentio/kafka-go.(*connPool).discover"),
		goleak.IgnoreAnyFunction("github.com/segmentio/kafka-go.(*connGroup).connect"), // three seconds at most
		goleak.IgnoreTopFunction("github.com/jackc/pgx/v5/pgxpool.(*Pool).backgroundHealthCheck"))
}

// deadline bounds what a test waits for.
func deadline(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// publisher publishes to topic until the test ends.
func publisher(t testing.TB, conn kafka.Connection, topic string, hook ...func(string) error) *kafka.Publisher {
	t.Helper()
	cfg := kafka.PublisherConfig{Connection: conn, Topics: []string{topic}}
	if len(hook) > 0 {
		cfg.Hook = hook[0]
	}
	p, err := kafka.NewPublisher(deadline(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// consume runs a consumer and returns what stops it and waits for it.
func consume(t testing.TB, c *kafka.Consumer) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("consumer: %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Error("consumer does not stop")
		}
	}
	t.Cleanup(stop)
	return stop
}

// session is for tests on the embedded broker; a real one asks for more.
const session = 6 * time.Second

func config(conn kafka.Connection, group string, topics ...string) kafka.ConsumerConfig {
	cfg := kafka.ConsumerConfig{Connection: conn, Group: group, Topics: topics, Heartbeat: 50 * time.Millisecond, Session: session}
	if testing.Verbose() {
		cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	return cfg
}

// readLog reads a topic to its end with another client, each partition in order.
func readLog(t testing.TB, brokers []string, topic string) (log []messaging.Message) {
	t.Helper()
	ctx := deadline(t)
	ends := endOffsets(ctx, t, brokers, topic)
	c := client(t, brokers, kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	defer c.Close()
	for len(ends) > 0 {
		fetches := c.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("read %s: %v", topic, err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			m := messaging.Message{Topic: r.Topic, Partition: int(r.Partition), Offset: r.Offset, Key: string(r.Key), Data: r.Value}
			headers := make([]messaging.Header, len(r.Headers))
			for i, h := range r.Headers {
				headers[i] = messaging.Header(h)
			}
			if m.Invalid = messaging.DecodeHeaders(&m, headers); r.Offset+1 >= ends[r.Partition] {
				delete(ends, r.Partition)
			}
			log = append(log, m)
		})
	}
	slices.SortStableFunc(log, func(a, b messaging.Message) int {
		if a.Partition != b.Partition {
			return a.Partition - b.Partition
		}
		return int(a.Offset - b.Offset)
	})
	return log
}

// endOffsets are those of partitions that have records.
func endOffsets(ctx context.Context, t testing.TB, brokers []string, topic string) map[int32]int64 {
	t.Helper()
	c := client(t, brokers)
	defer c.Close()
	meta := kmsg.NewMetadataRequestTopic()
	meta.Topic = &topic
	mreq := kmsg.NewPtrMetadataRequest()
	mreq.Topics = append(mreq.Topics, meta)
	mresp, err := mreq.RequestWith(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	ask := kmsg.NewListOffsetsRequestTopic()
	ask.Topic = topic
	for _, p := range mresp.Topics[0].Partitions {
		of := kmsg.NewListOffsetsRequestTopicPartition()
		of.Partition, of.Timestamp = p.Partition, -1
		ask.Partitions = append(ask.Partitions, of)
	}
	req := kmsg.NewPtrListOffsetsRequest()
	req.Topics = append(req.Topics, ask)
	resp, err := req.RequestWith(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	ends := map[int32]int64{}
	for _, p := range resp.Topics[0].Partitions {
		if p.Offset > 0 {
			ends[p.Partition] = p.Offset
		}
	}
	return ends
}

func client(t testing.TB, brokers []string, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(brokers...)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPublisher(t *testing.T) {
	t.Parallel()
	messagingtest.TestPublisher(t, func(t *testing.T) messagingtest.Bus {
		brokers, topic := kafkatest.Brokers(t), kafkatest.Topic(t, 6)
		return messagingtest.Bus{
			Publisher: publisher(t, kafka.Connection{Brokers: brokers}, topic), Topic: topic,
			Log: func(t testing.TB) []messaging.Message { return readLog(t, brokers, topic) },
		}
	})
}
