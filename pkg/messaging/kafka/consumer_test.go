package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

// once fails t unless every message had its effect once, in order of its stream.
func once(t testing.TB, sink *messagingtest.Memory, all []messaging.Message) {
	t.Helper()
	sink.Await(deadline(t), t, len(all))
	applied := sink.Applied()
	last := map[string]int64{}
	for _, m := range applied {
		if m.Version != last[m.Stream]+1 {
			t.Errorf("%s: version %d after %d", m.Stream, m.Version, last[m.Stream])
		}
		last[m.Stream] = m.Version
	}
	if len(applied) != len(all) || len(sink.Parked()) > 0 {
		t.Errorf("got %d effects and %v parked, want %d and none", len(applied), sink.Parked(), len(all))
	}
}

func publish(t testing.TB, p messaging.Publisher, messages ...messaging.Message) {
	t.Helper()
	if err := p.Publish(deadline(t), messages...); err != nil {
		t.Fatal(err)
	}
}

func TestEverySubscriberGetsEveryMessage(t *testing.T) {
	t.Parallel()
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 4)
	p := publisher(t, conn, topic)
	all := messagingtest.Streams(topic, 10, 6)
	publish(t, p, all[:20]...) // some before anybody listens
	sinks := make([]*messagingtest.Memory, 4)
	for i := range sinks {
		sinks[i] = messagingtest.NewMemory(nil)
		consume(t, kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sinks[i]))
	}
	publish(t, p, all[20:]...)
	for _, sink := range sinks {
		once(t, sink, all)
	}
}

func TestMembersOfAGroupShareThePartitions(t *testing.T) {
	t.Parallel()
	conn, topic, group := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 4), kafkatest.Name(t)
	sink := messagingtest.NewMemory(nil) // shared, as their database would be
	members := []*kafka.Consumer{kafka.NewConsumer(config(conn, group, topic), sink), kafka.NewConsumer(config(conn, group, topic), sink)}
	stop := consume(t, members[0])
	consume(t, members[1])
	await(t, "each member has two partitions", func() bool { return owned(members[0]) == 2 && owned(members[1]) == 2 })
	p := publisher(t, conn, topic)
	all := messagingtest.Streams(topic, 12, 8)
	publish(t, p, all[:48]...)
	stop()
	await(t, "the one that stays has all", func() bool { return owned(members[1]) == 4 && owned(members[0]) == 0 })
	publish(t, p, all[48:]...)
	once(t, sink, all)
	await(t, "it has no lag", func() bool { return members[1].Status().Lag() == 0 })
}

func owned(c *kafka.Consumer) (n int) {
	for _, p := range c.Status().Partitions {
		if p.Owned {
			n++
		}
	}
	return n
}

func TestMembersThatComeAndGoHaveEachEffectOnce(t *testing.T) {
	t.Parallel()
	conn, topic, group := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 6), kafkatest.Name(t)
	sink := messagingtest.NewMemory(nil)
	consume(t, kafka.NewConsumer(config(conn, group, topic), sink))
	all := messagingtest.Streams(topic, 20, 60)
	published := make(chan struct{})
	go func() {
		defer close(published)
		p := publisher(t, conn, topic)
		for rest := all; len(rest) > 0; rest = rest[40:] {
			if err := p.Publish(t.Context(), rest[:40]...); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	for range 4 {
		visitor := kafka.NewConsumer(config(conn, group, topic), sink)
		leave := consume(t, visitor)
		await(t, "the visitor has partitions", func() bool { return owned(visitor) > 0 })
		leave()
	}
	<-published
	once(t, sink, all)
}

func TestAMemberThatIsCutOffIsReplaced(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t) // its sessions may be short
	conn, group := kafka.Connection{Brokers: cluster.ListenAddrs()}, kafkatest.Name(t)
	topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 2)
	network := messagingtest.NewNetwork()
	lost := conn
	lost.Dial = network.Dial
	sink := messagingtest.NewMemory(nil)
	start := func(conn kafka.Connection) *kafka.Consumer {
		cfg := config(conn, group, topic)
		cfg.Session = time.Second
		c := kafka.NewConsumer(cfg, sink)
		consume(t, c)
		return c
	}
	first := start(lost)
	await(t, "the first has both", func() bool { return owned(first) == 2 })
	network.Down(true)
	second := start(conn)
	all := messagingtest.Streams(topic, 6, 5)
	publish(t, publisher(t, conn, topic), all[:15]...)
	await(t, "the second has both", func() bool { return owned(second) == 2 })
	network.Down(false)
	await(t, "they share", func() bool { return owned(first) == 1 && owned(second) == 1 })
	publish(t, publisher(t, conn, topic), all[15:]...)
	once(t, sink, all)
}

func TestBrokersThatAreAwayForAWhileLoseNothing(t *testing.T) {
	t.Parallel()
	brokers, topic := kafkatest.Brokers(t), kafkatest.Topic(t, 3)
	network := messagingtest.NewNetwork()
	conn := kafka.Connection{Brokers: brokers, Dial: network.Dial}
	sink := messagingtest.NewMemory(nil)
	consume(t, kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sink))
	p := publisher(t, conn, topic)
	all := messagingtest.Streams(topic, 8, 10)
	publish(t, p, all[:40]...)
	sink.Await(deadline(t), t, 40)
	network.Down(true)
	done := make(chan error, 1)
	go func() { done <- p.Publish(deadline(t), all[40:]...) }()
	await(t, "the publisher notices", func() bool { return p.Stats().Resent > 2 })
	network.Down(false)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	once(t, sink, all)
}

func TestAnOffsetThatTheLogDoesNotHaveHaltsThePartition(t *testing.T) {
	t.Parallel()
	brokers := kafkatest.Brokers(t)
	conn, topic := kafka.Connection{Brokers: brokers}, kafkatest.Topic(t, 2)
	p := publisher(t, conn, topic)
	a, b := keyOn(t, topic, 0, 2), keyOn(t, topic, 1, 2)
	publish(t, p, messagingtest.Stream(topic, a, 5)...)
	deleteRecords(t, brokers, topic, 0, 3)
	publish(t, p, messagingtest.Stream(topic, b, 3)...)

	sink := messagingtest.NewMemory(nil)
	c := kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sink)
	consume(t, c)
	sink.Await(deadline(t), t, 3) // the other partition flows
	halt := awaitHalt(t, c)
	if halt.Partition != 0 || halt.Next != 0 || halt.First != 3 || halt.Last != 5 || halt.Remade {
		t.Errorf("got %+v, want offset 0 outside of [3, 5]", halt)
	}
	for _, m := range sink.Applied() {
		if m.Key == a {
			t.Errorf("%s was applied: the records before it are gone", m.ID)
		}
	}
}

func TestATopicThatWasMadeAgainHaltsThePartition(t *testing.T) {
	t.Parallel()
	brokers := kafkatest.Brokers(t)
	conn, topic := kafka.Connection{Brokers: brokers}, kafkatest.Topic(t, 1)
	sink, group := messagingtest.NewMemory(nil), kafkatest.Name(t)
	publish(t, publisher(t, conn, topic), messagingtest.Stream(topic, "a", 3)...)
	stop := consume(t, kafka.NewConsumer(config(conn, group, topic), sink))
	sink.Await(deadline(t), t, 3)
	stop()

	remake(t, brokers, topic, 1)
	publish(t, publisher(t, conn, topic), messagingtest.Stream(topic, "b", 5)...)
	c := kafka.NewConsumer(config(conn, group, topic), sink)
	consume(t, c)
	if halt := awaitHalt(t, c); !halt.Remade || halt.Next != 3 {
		t.Errorf("got %+v, want a topic made again before offset 3", halt)
	}
	if got := len(sink.Applied()); got != 3 {
		t.Errorf("got %d effects, want the 3 of the old topic", got)
	}
}

func awaitHalt(t testing.TB, c *kafka.Consumer) (halt *kafka.HaltError) {
	t.Helper()
	await(t, "a partition halts", func() bool { return len(c.Status().Halted()) > 0 })
	if err := c.Status().Halted()[0].Err; !errors.As(err, &halt) {
		t.Fatalf("halted with %v", err)
	}
	return halt
}

func TestAddedPartitionsStopTheConsumer(t *testing.T) {
	t.Parallel()
	brokers := kafkatest.Brokers(t)
	conn, topic, group := kafka.Connection{Brokers: brokers}, kafkatest.Topic(t, 2), kafkatest.Name(t)
	first := kafka.NewConsumer(config(conn, group, topic), messagingtest.NewMemory(nil))
	done := make(chan error, 1)
	go func() { done <- first.Run(deadline(t)) }()
	await(t, "it reads", func() bool { return owned(first) == 2 })
	addPartitions(t, brokers, topic, 3)
	consume(t, kafka.NewConsumer(config(conn, group, topic), messagingtest.NewMemory(nil))) // a rebalance
	if err := <-done; !errors.Is(err, kafka.ErrPartitionsChanged) {
		t.Errorf("got %v, want ErrPartitionsChanged", err)
	}
}

func TestRecordsThatAreNoMessagesParkTheirKeyOnly(t *testing.T) {
	t.Parallel()
	brokers := kafkatest.Brokers(t)
	conn, topic := kafka.Connection{Brokers: brokers}, kafkatest.Topic(t, 2)
	good := messagingtest.Message(topic, "x", 1)
	headers := func(m messaging.Message) (out []kgo.RecordHeader) {
		for _, h := range messaging.EncodeHeaders(m) {
			out = append(out, kgo.RecordHeader(h))
		}
		return out
	}
	bad := []*kgo.Record{
		{Value: good.Data, Headers: headers(good)},                      // no key
		{Key: []byte("\xff"), Value: good.Data, Headers: headers(good)}, // no text
		{Key: []byte("k1"), Value: good.Data},                           // no headers
		{Key: []byte("k2")},                                             // nothing
		{Key: []byte("k3"), Value: []byte("{"), Headers: headers(messagingtest.Message(topic, "k3", 1))}, // no JSON
		{Key: []byte("k4"), Value: good.Data, Headers: append(headers(messagingtest.Message(topic, "k4", 1)), kgo.RecordHeader{Key: "ce_id", Value: []byte("2")})},
		{Key: []byte("k5"), Value: good.Data, Headers: headers(good)}, // another's subject
		{Key: []byte("k6"), Value: good.Data, Headers: append(headers(messagingtest.Message(topic, "k6", 1)), many(10_000)...)},
	}
	c := client(t, brokers, kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.DefaultProduceTopic(topic))
	defer c.Close()
	for _, r := range bad {
		r.Partition = 0
		if len(r.Key) > 0 {
			r.Partition = int32(partition(t, topic, string(r.Key), 2))
		}
	}
	stray := messagingtest.Message(topic, "k7", 1)
	bad = append(bad, &kgo.Record{Partition: int32(1 - partition(t, topic, "k7", 2)), Key: []byte("k7"), Value: stray.Data, Headers: headers(stray)})
	if err := c.ProduceSync(deadline(t), bad...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	publish(t, publisher(t, conn, topic), messagingtest.Streams(topic, 6, 2)...)
	sink := messagingtest.NewMemory(nil)
	consume(t, kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sink))
	sink.Await(deadline(t), t, 12)
	n := 0
	for _, waiting := range sink.Parked() {
		n += waiting
	}
	if n != len(bad) || len(sink.Applied()) != 12 {
		t.Errorf("got %d parked and %d applied, want %d and 12: %v", n, len(sink.Applied()), len(bad), sink.Parked())
	}
}

func many(n int) []kgo.RecordHeader {
	out := make([]kgo.RecordHeader, n)
	for i := range out {
		out[i] = kgo.RecordHeader{Key: fmt.Sprint("h", i)}
	}
	return out
}

func TestAChunkUnderWayIsFinishedWhenTheConsumerStops(t *testing.T) {
	t.Parallel()
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 1)
	begun, finish := make(chan struct{}), make(chan struct{})
	var begin sync.Once
	sink := messagingtest.NewMemory(func(ctx context.Context, _ messaging.Message) error {
		begin.Do(func() { close(begun) })
		<-finish
		return ctx.Err()
	})
	publish(t, publisher(t, conn, topic), messagingtest.Stream(topic, "a", 3)...)
	c := kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sink)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	<-begun
	cancel()
	close(finish)
	if err := <-done; err != nil {
		t.Errorf("run: %v", err)
	}
	if got := len(sink.Applied()); got != 3 {
		t.Errorf("got %d effects, want the 3 of the chunk", got)
	}
}

func TestAnEffectThatTakesTooLongIsGivenUpAtTheEnd(t *testing.T) {
	t.Parallel()
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 1)
	begun := make(chan struct{})
	sink := messagingtest.NewMemory(func(ctx context.Context, _ messaging.Message) error {
		close(begun)
		<-ctx.Done() // only Grace ends it
		return ctx.Err()
	})
	publish(t, publisher(t, conn, topic), messagingtest.Message(topic, "a", 1))
	cfg := config(conn, kafkatest.Name(t), topic)
	cfg.Grace = 50 * time.Millisecond
	stop := consume(t, kafka.NewConsumer(cfg, sink))
	<-begun
	stop()
	if got := len(sink.Applied()); got != 0 {
		t.Errorf("got %d effects, want none", got)
	}
}

func TestASinkThatFailsHoldsItsPartitionAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 1)
	var calls atomic.Int32
	sink := messagingtest.NewMemory(func(context.Context, messaging.Message) error {
		if calls.Add(1) <= 3 {
			return errors.New("database is down")
		}
		return nil
	})
	all := messagingtest.Stream(topic, "a", 4)
	publish(t, publisher(t, conn, topic), all...)
	c := kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sink)
	consume(t, c)
	await(t, "the status says why", func() bool {
		s := c.Status()
		return len(s.Partitions) == 1 && s.Partitions[0].Err != nil
	})
	once(t, sink, all)
	await(t, "the status is well again", func() bool { return c.Status().Partitions[0].Err == nil && c.Status().Lag() == 0 })
}

func TestGroupRequestsStayAtTheVersionsThatKafka4Knows(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t)
	topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 1)
	var mu sync.Mutex
	versions := map[kmsg.Key]int16{}
	for _, key := range []kmsg.Key{kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat, kmsg.OffsetFetch, kmsg.OffsetCommit, kmsg.LeaveGroup} {
		cluster.ControlKey(int16(key), func(r kmsg.Request) (kmsg.Response, error, bool) {
			cluster.KeepControl()
			mu.Lock()
			defer mu.Unlock()
			versions[key] = r.GetVersion()
			return nil, nil, false
		})
	}
	conn := kafka.Connection{Brokers: cluster.ListenAddrs()}
	sink := messagingtest.NewMemory(nil)
	stop := consume(t, kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sink))
	publish(t, publisher(t, conn, topic), messagingtest.Message(topic, "a", 1))
	sink.Await(deadline(t), t, 1)
	seen := func(key kmsg.Key) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			_, ok := versions[key]
			return ok
		}
	}
	await(t, "an offset is committed for lag tools", seen(kmsg.OffsetCommit))
	stop()
	await(t, "it leaves the group", seen(kmsg.LeaveGroup))
	floor := map[kmsg.Key]int16{kmsg.JoinGroup: 2, kmsg.SyncGroup: 0, kmsg.Heartbeat: 0, kmsg.OffsetFetch: 1, kmsg.OffsetCommit: 2, kmsg.LeaveGroup: 0}
	mu.Lock()
	defer mu.Unlock()
	for key, want := range floor {
		if got := versions[key]; got < want {
			t.Errorf("%s: version %d, Kafka 4 knows %d and above", key.Name(), got, want)
		}
	}
}

// keyOn is a key of partition p of n.
func keyOn(t testing.TB, topic string, p, n int) string {
	t.Helper()
	for i := range 1000 {
		if key := fmt.Sprint("key-", i); partition(t, topic, key, n) == p {
			return key
		}
	}
	t.Fatal("no key for the partition")
	return ""
}

func deleteRecords(t testing.TB, brokers []string, topic string, p int32, before int64) {
	t.Helper()
	c := client(t, brokers)
	defer c.Close()
	req := kmsg.NewPtrDeleteRecordsRequest()
	of := kmsg.NewDeleteRecordsRequestTopic()
	of.Topic = topic
	part := kmsg.NewDeleteRecordsRequestTopicPartition()
	part.Partition, part.Offset = p, before
	of.Partitions = append(of.Partitions, part)
	req.Topics, req.TimeoutMillis = append(req.Topics, of), 10_000
	if _, err := req.RequestWith(deadline(t), c); err != nil {
		t.Fatal(err)
	}
}

// remake deletes topic and makes it again, empty.
func remake(t testing.TB, brokers []string, topic string, partitions int) {
	t.Helper()
	c := client(t, brokers)
	defer c.Close()
	ctx := deadline(t)
	del := kmsg.NewPtrDeleteTopicsRequest()
	of := kmsg.NewDeleteTopicsRequestTopic()
	of.Topic = &topic
	del.Topics, del.TopicNames, del.TimeoutMillis = append(del.Topics, of), []string{topic}, 10_000
	if _, err := del.RequestWith(ctx, c); err != nil {
		t.Fatal(err)
	}
	specs := []kafka.TopicSpec{{Name: topic, Partitions: partitions}}
	conn := kafka.Connection{Brokers: brokers}
	await(t, "the topic is there again", func() bool { // a real broker needs a moment to forget it
		_, err := kafka.ApplyTopics(ctx, conn, specs, false)
		return err == nil && kafka.CheckTopics(ctx, conn, specs) == nil
	})
}
