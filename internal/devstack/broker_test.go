package devstack_test

import (
	"errors"
	"net"
	"strconv"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kontor-dev/kontor/internal/devstack"
)

func TestRecordsOutliveTheBroker(t *testing.T) {
	t.Parallel()
	cfg := devstack.BrokerConfig{Dir: t.TempDir()}
	b, err := devstack.StartBroker(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	c := kafka(t, b, kgo.DefaultProduceTopic("orders"))
	createTopic(t, c, "orders")
	for _, v := range []string{"one", "two"} {
		if err := c.ProduceSync(t.Context(), kgo.StringRecord(v)).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	b.Close()

	b, err = devstack.StartBroker(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	c = kafka(t, b, kgo.ConsumeTopics("orders"))
	var got []string
	for len(got) < 2 {
		f := c.PollFetches(t.Context())
		if err := f.Err(); err != nil {
			t.Fatal(err)
		}
		f.EachRecord(func(r *kgo.Record) { got = append(got, string(r.Value)) })
	}
	if got[0] != "one" || got[1] != "two" {
		t.Errorf("got %v", got)
	}
	c.Close()
}

func TestAcknowledgedRecordsOutliveAKilledBroker(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd, addr := startSelf(t, brokerCommand, dir)
	c, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.DefaultProduceTopic("orders"))
	if err != nil {
		t.Fatal(err)
	}
	createTopic(t, c, "orders")
	const n = 50
	for i := range n {
		if err := c.ProduceSync(t.Context(), kgo.StringRecord(strconv.Itoa(i))).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	c.Close()

	b, err := devstack.StartBroker(t.Context(), devstack.BrokerConfig{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	c = kafka(t, b, kgo.ConsumeTopics("orders"))
	defer c.Close()
	got := 0
	for got < n {
		f := c.PollFetches(t.Context())
		if err := f.Err(); err != nil {
			t.Fatal(err)
		}
		f.EachRecord(func(r *kgo.Record) {
			if string(r.Value) != strconv.Itoa(got) {
				t.Errorf("record %d is %s", got, r.Value)
			}
			got++
		})
	}
}

func TestTheBrokerListensWhereItIsTold(t *testing.T) {
	t.Parallel()
	ports, _, err := devstack.ChoosePorts([]devstack.Port{{Name: "broker", Number: 39092}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := devstack.StartBroker(t.Context(), devstack.BrokerConfig{Port: ports["broker"], Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	c, err := net.Dial("tcp", b.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := c.RemoteAddr().(*net.TCPAddr).Port; got != ports["broker"] {
		t.Errorf("got port %d, want %d", got, ports["broker"])
	}
	if _, err := devstack.StartBroker(t.Context(), devstack.BrokerConfig{Port: ports["broker"], Ephemeral: true}); err == nil {
		t.Error("a second broker took the same port")
	}
}

func TestTheBrokerCreatesNoTopicUnasked(t *testing.T) {
	t.Parallel()
	b, err := devstack.StartBroker(t.Context(), devstack.BrokerConfig{Ephemeral: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	c := kafka(t, b, kgo.DefaultProduceTopic("typo"), kgo.AllowAutoTopicCreation(), kgo.UnknownTopicRetries(1))
	defer c.Close()
	if err := c.ProduceSync(t.Context(), kgo.StringRecord("x")).FirstErr(); !errors.Is(err, kerr.UnknownTopicOrPartition) {
		t.Errorf("got %v, want unknown topic", err)
	}
}

func kafka(t *testing.T, b *devstack.Broker, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append(opts, kgo.SeedBrokers(b.Addrs()...))...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func createTopic(t *testing.T, c *kgo.Client, name string) {
	t.Helper()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name, 1, 1
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(t.Context(), c)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil {
		t.Fatal(err)
	}
}
