package kafkatest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"

	"github.com/kontor-dev/kontor/internal/kafkatest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(kafkatest.Closing(m)) }

func TestATopicTakesAndGivesRecords(t *testing.T) {
	t.Parallel()
	brokers, topic := kafkatest.Brokers(t), kafkatest.Topic(t, 3)
	c := client(t, brokers, kgo.ConsumeTopics(topic))
	for _, key := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		if err := c.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Key: []byte(key)}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int{}
	for len(got) < 8 {
		fetches := c.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatalf("after %d records: %v", len(got), err)
		}
		fetches.EachRecord(func(r *kgo.Record) { got[string(r.Key)]++ })
	}
	for key, n := range got {
		if n != 1 {
			t.Errorf("key %s came %d times", key, n)
		}
	}
}

func TestTopicsOfOneTestAreTwo(t *testing.T) {
	t.Parallel()
	if a, b := kafkatest.Topic(t, 1), kafkatest.Topic(t, 1); a == b {
		t.Errorf("both are %s", a)
	}
}

func TestATopicIsGoneAfterItsTest(t *testing.T) {
	t.Parallel()
	c := kafkatest.Cluster(t)
	var topic string
	t.Run("one test", func(t *testing.T) {
		topic = kafkatest.TopicOn(t, c.ListenAddrs(), 2)
		if c.TopicInfo(topic) == nil {
			t.Errorf("%s is not there during it", topic)
		}
	})
	if c.TopicInfo(topic) != nil {
		t.Errorf("%s is still there", topic)
	}
}

func TestAPrivateClusterCanBeGivenFaults(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t, kfake.NumBrokers(1))
	topic := kafkatest.TopicOn(t, cluster.ListenAddrs(), 1)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: topic, Err: kerr.PolicyViolation, Count: 1})

	c := client(t, cluster.ListenAddrs(), kgo.DefaultProduceTopic(topic))
	err := c.ProduceSync(t.Context(), kgo.StringRecord("first")).FirstErr()
	if !errors.Is(err, kerr.PolicyViolation) {
		t.Errorf("first record: got %v, want the fault", err)
	}
	if err := c.ProduceSync(t.Context(), kgo.StringRecord("second")).FirstErr(); err != nil {
		t.Errorf("second record: %v", err)
	}
}

func TestAGroupMayHaveASessionOfOneSecond(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t)
	topic, group := kafkatest.TopicOn(t, cluster.ListenAddrs(), 1), kafkatest.Name(t)
	client(t, cluster.ListenAddrs(), kgo.ConsumeTopics(topic), kgo.ConsumerGroup(group),
		kgo.SessionTimeout(time.Second), kgo.HeartbeatInterval(200*time.Millisecond))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := cluster.WaitGroupStable(ctx, group, 1); err != nil {
		t.Errorf("group never became stable: %v", err)
	}
}

func TestAnUnknownTopicIsNotCreated(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.Cluster(t)
	c := client(t, cluster.ListenAddrs(), kgo.AllowAutoTopicCreation(), kgo.UnknownTopicRetries(1))
	err := c.ProduceSync(t.Context(), &kgo.Record{Topic: "typo"}).FirstErr()
	if !errors.Is(err, kerr.UnknownTopicOrPartition) {
		t.Errorf("got %v, want unknown topic", err)
	}
}

func client(t *testing.T, brokers []string, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(brokers...)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
