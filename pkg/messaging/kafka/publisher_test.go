package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

func TestKeysLieWhereOtherClientsPutThem(t *testing.T) {
	t.Parallel()
	brokers, topic := kafkatest.Brokers(t), kafkatest.Topic(t, 12)
	p := publisher(t, kafka.Connection{Brokers: brokers}, topic)
	const keys = 10_000
	all := make([]messaging.Message, 0, keys)
	for i := range keys {
		all = append(all, messagingtest.Message(topic, fmt.Sprintf("0198c0de-%04x-7000-8000-%012d", i, i), 1))
	}
	if err := p.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	murmur := kgo.StickyKeyPartitioner(nil).ForTopic(topic) // what Java does
	log := readLog(t, brokers, topic)
	if len(log) != keys {
		t.Fatalf("got %d messages, want %d", len(log), keys)
	}
	for _, m := range log {
		if want := murmur.Partition(&kgo.Record{Key: []byte(m.Key)}, 12); m.Partition != want {
			t.Fatalf("key %s: got partition %d, want %d", m.Key, m.Partition, want)
		}
	}
}

func TestOneRequestPerBrokerCarriesAllPartitions(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t)
	topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 12)
	p := publisher(t, kafka.Connection{Brokers: cluster.ListenAddrs()}, topic)
	var mu sync.Mutex
	partitions := 0
	cluster.ControlKey(int16(kmsg.Produce), func(r kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		mu.Lock()
		defer mu.Unlock()
		req := r.(*kmsg.ProduceRequest)
		if req.Acks != -1 {
			t.Errorf("acks %d, want all", req.Acks)
		}
		for _, topic := range req.Topics {
			partitions += len(topic.Partitions)
		}
		return nil, nil, false
	})
	if err := p.Publish(t.Context(), messagingtest.Streams(topic, 100, 2)...); err != nil {
		t.Fatal(err)
	}
	leaders := map[int32]bool{}
	for i := range int32(12) {
		leaders[cluster.LeaderFor(topic, i)] = true
	}
	if got := p.Stats(); got.Requests != int64(len(leaders)) || got.Records != 200 || got.Resent != 0 {
		t.Errorf("got %+v, want one request for each of %d leaders, 200 records", got, len(leaders))
	}
	if partitions != 12 {
		t.Errorf("requests carried %d partitions, want 12", partitions)
	}
}

func TestAnAppliedProduceThatIsAnsweredWithAnErrorOnlyRepeats(t *testing.T) {
	t.Parallel()
	for _, code := range []*kerr.Error{kerr.RequestTimedOut, kerr.NotEnoughReplicasAfterAppend} {
		t.Run(code.Message, func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Cluster(t, kfake.NumBrokers(1))
			topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 1)
			p := publisher(t, kafka.Connection{Brokers: cluster.ListenAddrs()}, topic)
			cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: topic, Err: code, Count: 1})
			all := messagingtest.Streams(topic, 3, 4)
			if err := p.Publish(t.Context(), all...); err != nil {
				t.Fatal(err)
			}
			log := readLog(t, cluster.ListenAddrs(), topic)
			if dup := messagingtest.CheckLog(t, log, all); dup != len(all) {
				t.Errorf("got %d duplicates, want %d: the whole batch once more", dup, len(all))
			}
			sink := messagingtest.NewMemory(nil)
			consume(t, kafka.NewConsumer(config(kafka.Connection{Brokers: cluster.ListenAddrs()}, kafkatest.Name(t), topic), sink))
			sink.Await(deadline(t), t, len(all))
			if got := len(sink.Applied()); got != len(all) || len(sink.Parked()) > 0 {
				t.Errorf("got %d effects and %v parked, want %d and none", got, sink.Parked(), len(all))
			}
		})
	}
}

func TestALostReplyOnlyRepeats(t *testing.T) {
	t.Parallel()
	brokers, topic := kafkatest.Brokers(t), kafkatest.Topic(t, 6)
	network := messagingtest.NewNetwork()
	p := publisher(t, kafka.Connection{Brokers: brokers, Dial: network.Dial}, topic)
	all := messagingtest.Streams(topic, 20, 5)
	network.LoseReplies(2)
	for rest := all; len(rest) > 0; rest = rest[50:] {
		if err := p.Publish(t.Context(), rest[:50]...); err != nil {
			t.Fatal(err)
		}
	}
	if !network.Lost() {
		t.Fatal("no reply was lost")
	}
	if dup := messagingtest.CheckLog(t, readLog(t, brokers, topic), all); dup == 0 {
		t.Error("no duplicates: the lost replies were not of applied requests")
	}
}

func TestARefusedPartitionStopsAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t)
	topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 3)
	p := publisher(t, kafka.Connection{Brokers: cluster.ListenAddrs()}, topic)
	heal := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: topic, Partitions: []int32{1}, Err: kerr.NotEnoughReplicas, Count: -1})

	all := messagingtest.Streams(topic, 12, 20)
	for i := range all {
		all[i].Data = fmt.Appendf(nil, `{"n":%d,"filler":"%s"}`, i, strings.Repeat("x", 60<<10)) // several batches per partition
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- p.Publish(ctx, all...) }()
	others := 0
	for _, m := range all {
		if partition(t, topic, m.Key, 3) != 1 {
			others++
		}
	}
	await(t, "the other partitions are through", func() bool { return p.Stats().Records == int64(others) })
	if ends := endOffsets(deadline(t), t, cluster.ListenAddrs(), topic); ends[1] != 0 {
		t.Errorf("partition 1 has %d records: later batches were sent", ends[1])
	}
	select {
	case err := <-done:
		t.Errorf("publish returned %v before the partition was healed", err)
	default:
	}
	heal.Remove()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if dup := messagingtest.CheckLog(t, readLog(t, cluster.ListenAddrs(), topic), all); dup != 0 {
		t.Errorf("got %d duplicates of records that were refused or acknowledged", dup)
	}
}

func TestAPermanentErrorFailsAtOnceAndSkipsNothing(t *testing.T) {
	t.Parallel()
	for _, code := range []*kerr.Error{kerr.MessageTooLarge, kerr.InvalidRecord, kerr.TopicAuthorizationFailed} {
		t.Run(code.Message, func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Cluster(t, kfake.NumBrokers(1))
			topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 1)
			p := publisher(t, kafka.Connection{Brokers: cluster.ListenAddrs()}, topic)
			cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: topic, Err: code, Count: 1})
			all := messagingtest.Streams(topic, 2, 3)
			if err := p.Publish(t.Context(), all...); !messaging.IsPermanent(err) {
				t.Errorf("got %v, want a permanent error", err)
			}
			if got := p.Stats(); got.Refused != 1 || got.Records != 0 {
				t.Errorf("got %+v, want one refused batch", got)
			}
			if err := p.Publish(t.Context(), all...); err != nil {
				t.Fatal(err)
			}
			messagingtest.CheckLog(t, readLog(t, cluster.ListenAddrs(), topic), all)
		})
	}
}

// A late duplicate is a produce that was given up and lands behind newer versions.
func TestALateDuplicateBehindNewerVersionsHasNoEffect(t *testing.T) {
	t.Parallel()
	brokers, topic := kafkatest.Brokers(t), kafkatest.Topic(t, 1)
	conn := kafka.Connection{Brokers: brokers}
	p := publisher(t, conn, topic)
	v := messagingtest.Stream(topic, "a", 4)
	for _, batch := range [][]messaging.Message{v[:3], v[:1], v[1:2], v[3:]} {
		if err := p.Publish(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
	}
	sink := messagingtest.NewMemory(nil)
	consume(t, kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sink))
	sink.Await(deadline(t), t, 4)
	for i, m := range sink.Applied() {
		if m.Version != int64(i)+1 {
			t.Errorf("effect %d is version %d", i, m.Version)
		}
	}
}

func TestMovingLeadersAndDyingConnectionsLoseNothing(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t)
	topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 6)
	writing, reading := messagingtest.NewNetwork(), messagingtest.NewNetwork()
	p := publisher(t, kafka.Connection{Brokers: cluster.ListenAddrs(), Dial: writing.Dial}, topic)
	sink := messagingtest.NewMemory(nil)
	c := kafka.NewConsumer(config(kafka.Connection{Brokers: cluster.ListenAddrs(), Dial: reading.Dial}, kafkatest.Name(t), topic), sink)
	consume(t, c)

	all := messagingtest.Streams(topic, 30, 40)
	stop := writing.CutEvery(70 * time.Millisecond)
	for i, rest := 0, all; len(rest) > 0; i, rest = i+1, rest[50:] {
		cluster.ShufflePartitionLeaders()
		if err := p.Publish(deadline(t), rest[:50]...); err != nil {
			t.Fatal(err)
		}
		if i%8 == 4 {
			cutMembers(t, reading, 6, c)
		}
	}
	stop()
	messagingtest.CheckLog(t, readLog(t, cluster.ListenAddrs(), topic), all)
	once(t, sink, all)
}

// cutMembers breaks the connections of members that have n partitions together. It waits for that, because the embedded broker never gives up a member
// that is cut off while it joins; a real one does, after the session.
func cutMembers(t testing.TB, network *messagingtest.Network, n int, members ...*kafka.Consumer) {
	t.Helper()
	await(t, "the group is stable", func() bool {
		sum := 0
		for _, c := range members {
			sum += owned(c)
		}
		return sum == n
	})
	network.Cut()
}

func TestABrokerThatIsAwayHoldsAPublishUntilItIsBack(t *testing.T) {
	t.Parallel()
	brokers, topic := kafkatest.Brokers(t), kafkatest.Topic(t, 3)
	network := messagingtest.NewNetwork()
	p := publisher(t, kafka.Connection{Brokers: brokers, Dial: network.Dial}, topic)
	network.Down(true)
	all := messagingtest.Streams(topic, 5, 2)
	done := make(chan error, 1)
	go func() { done <- p.Publish(deadline(t), all...) }()
	await(t, "it is tried again", func() bool { return p.Stats().Resent > 3 })
	network.Down(false)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	messagingtest.CheckLog(t, readLog(t, brokers, topic), all)
}

func TestAChangedNumberOfPartitionsStopsThePublisher(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t)
	topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 2)
	p := publisher(t, kafka.Connection{Brokers: cluster.ListenAddrs()}, topic)
	addPartitions(t, cluster.ListenAddrs(), topic, 5)
	if err := p.Publish(t.Context(), messagingtest.Message(topic, "a", 1)); err != nil {
		t.Errorf("without a reason to look: %v", err) // the old partitions are where they were
	}
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: topic, Err: kerr.NotLeaderForPartition, Count: 1})
	err := p.Publish(t.Context(), messagingtest.Message(topic, "a", 2))
	if !errors.Is(err, kafka.ErrPartitionsChanged) || !messaging.IsPermanent(err) {
		t.Errorf("got %v, want a permanent ErrPartitionsChanged", err)
	}
}

func TestAnUnknownTopicFailsAtTheStart(t *testing.T) {
	t.Parallel()
	conn := kafka.Connection{Brokers: kafkatest.Brokers(t)}
	_, err := kafka.NewPublisher(deadline(t), kafka.PublisherConfig{Connection: conn, Topics: []string{"no.such.topic"}})
	if !errors.Is(err, kafka.ErrUnknownTopic) {
		t.Errorf("publisher: got %v, want ErrUnknownTopic", err)
	}
	err = kafka.NewConsumer(config(conn, kafkatest.Name(t), "no.such.topic"), messagingtest.NewMemory(nil)).Run(deadline(t))
	if !errors.Is(err, kafka.ErrUnknownTopic) {
		t.Errorf("consumer: got %v, want ErrUnknownTopic", err)
	}
}

func partition(t testing.TB, topic, key string, n int) int {
	t.Helper()
	return kgo.StickyKeyPartitioner(nil).ForTopic(topic).Partition(&kgo.Record{Key: []byte(key)}, n)
}

// await polls until ok: for what only a counter tells.
func await(t testing.TB, what string, ok func() bool) {
	t.Helper()
	ctx := deadline(t)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		}
	}
}

func addPartitions(t testing.TB, brokers []string, topic string, n int) {
	t.Helper()
	c := client(t, brokers)
	defer c.Close()
	req := kmsg.NewPtrCreatePartitionsRequest()
	of := kmsg.NewCreatePartitionsRequestTopic()
	of.Topic, of.Count = topic, int32(n)
	req.Topics, req.TimeoutMillis = append(req.Topics, of), 10_000
	resp, err := req.RequestWith(deadline(t), c)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil {
		t.Fatal(err)
	}
}
