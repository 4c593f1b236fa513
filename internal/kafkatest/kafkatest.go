package kafkatest

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// EnvBrokers names the environment variable that points tests at a running
// broker: host:port, comma separated.
const EnvBrokers = "KAFKA_TEST_BROKERS"

// shared is the cluster of this process.
var shared struct {
	sync.Mutex
	cluster *kfake.Cluster
}

// Brokers are the addresses of the brokers that tests of this process share.
func Brokers(t testing.TB) []string {
	t.Helper()
	if list := os.Getenv(EnvBrokers); list != "" {
		return strings.Split(list, ",")
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil {
		c, err := kfake.NewCluster(options(nil)...)
		if err != nil {
			t.Fatalf("kafkatest: %v", err)
		}
		shared.cluster = c
	}
	return shared.cluster.ListenAddrs()
}

// Cluster is a private kfake cluster, of three brokers unless opts say
// otherwise, closed when the test ends. [kfake.Cluster.ListenAddrs] are its
// addresses, [TopicOn] makes a topic on it.
func Cluster(t testing.TB, opts ...kfake.Opt) *kfake.Cluster {
	t.Helper()
	c, err := kfake.NewCluster(options(opts)...)
	if err != nil {
		t.Fatalf("kafkatest: %v", err)
	}
	t.Cleanup(c.Close)
	return c
}

func options(more []kfake.Opt) []kfake.Opt {
	return append([]kfake.Opt{kfake.NumBrokers(3), kfake.GroupMinSessionTimeout(time.Second)}, more...)
}

// Topic makes an empty topic on the shared brokers and answers with its name,
// once every partition has a leader. It is deleted when the test ends.
func Topic(t testing.TB, partitions int) string {
	t.Helper()
	return TopicOn(t, Brokers(t), partitions)
}

// TopicOn is Topic on the given brokers.
func TopicOn(t testing.TB, brokers []string, partitions int) string {
	t.Helper()
	name := Name(t)
	if err := withClient(brokers, func(ctx context.Context, c *kgo.Client) error {
		if err := create(ctx, c, name, partitions); err != nil {
			return err
		}
		return awaitLeaders(ctx, c, name, partitions)
	}); err != nil {
		t.Fatalf("kafkatest: topic %s: %v", name, err)
	}
	t.Cleanup(func() {
		// The brokers may be what the test has broken: an error is no failure of it.
		if err := withClient(brokers, func(ctx context.Context, c *kgo.Client) error { return remove(ctx, c, name) }); err != nil {
			t.Logf("kafkatest: delete topic %s: %v", name, err)
		}
	})
	return name
}

// Name is a unique name for a topic or group that tells the test it belongs to.
func Name(t testing.TB) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, t.Name())
	return safe[:min(len(safe), 80)] + "." + strings.ToLower(rand.Text()[:12])
}

// Closing is m followed by the end of the shared cluster, so that its
// goroutines are not taken for leaks:
//
//	goleak.VerifyTestMain(kafkatest.Closing(m))
func Closing(m interface{ Run() int }) interface{ Run() int } { return closing{m} }

type closing struct{ m interface{ Run() int } }

func (c closing) Run() int {
	code := c.m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster != nil {
		shared.cluster.Close()
		shared.cluster = nil
	}
	return code
}

// withClient runs do with a client of its own, for 30 seconds at most.
func withClient(brokers []string, do func(context.Context, *kgo.Client) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.RequestRetries(3))
	if err != nil {
		return err
	}
	defer c.Close()
	return do(ctx, c)
}

func create(ctx context.Context, c *kgo.Client, name string, partitions int) error {
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name, int32(partitions), 1
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Topics, req.TimeoutMillis = append(req.Topics, topic), 15000
	resp, err := req.RequestWith(ctx, c)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.Topics[0].ErrorCode)
}

func remove(ctx context.Context, c *kgo.Client, name string) error {
	topic := kmsg.NewDeleteTopicsRequestTopic()
	topic.Topic = &name
	req := kmsg.NewPtrDeleteTopicsRequest()
	req.Topics, req.TopicNames, req.TimeoutMillis = append(req.Topics, topic), []string{name}, 15000
	resp, err := req.RequestWith(ctx, c)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.Topics[0].ErrorCode)
}

// awaitLeaders: a real broker answers to the creation before the leaders are
// known everywhere.
func awaitLeaders(ctx context.Context, c *kgo.Client, name string, partitions int) error {
	for {
		n, err := leaders(ctx, c, name)
		if n == partitions {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d partitions have a leader: %w", n, partitions, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func leaders(ctx context.Context, c *kgo.Client, name string) (n int, err error) {
	topic := kmsg.NewMetadataRequestTopic()
	topic.Topic = &name
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = append(req.Topics, topic)
	resp, err := req.RequestWith(ctx, c)
	if err != nil {
		return 0, err
	}
	for _, p := range resp.Topics[0].Partitions {
		if p.ErrorCode == 0 && p.Leader >= 0 {
			n++
		}
	}
	return n, kerr.ErrorForCode(resp.Topics[0].ErrorCode)
}
