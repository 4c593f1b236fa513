package kafka

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"
)

const (
	dialTimeout    = 3 * time.Second
	requestTimeout = 5 * time.Second
	metadataTTL    = 30 * time.Second
)

// Connection says how to reach a cluster.
type Connection struct {
	Brokers  []string // host:port; any of them will do, so name several
	ClientID string   // for the broker's logs and quotas; default: none
	TLS      *tls.Config
	SASL     *SASL // default: no authentication
	// Dial opens every connection; default: a [net.Dialer]. Tests put faults here.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// SASL authenticates by name and password.
type SASL struct {
	Mechanism string // PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512
	Username  string
	Password  string
}

func (c Connection) check() error {
	if len(c.Brokers) == 0 {
		return errors.New("kafka: no brokers")
	}
	_, err := c.mechanism()
	return err
}

func (c Connection) mechanism() (sasl.Mechanism, error) {
	if c.SASL == nil {
		return nil, nil
	}
	switch c.SASL.Mechanism {
	case "PLAIN":
		return plain.Mechanism{Username: c.SASL.Username, Password: c.SASL.Password}, nil
	case "SCRAM-SHA-256":
		return scram.Mechanism(scram.SHA256, c.SASL.Username, c.SASL.Password)
	case "SCRAM-SHA-512":
		return scram.Mechanism(scram.SHA512, c.SASL.Username, c.SASL.Password)
	}
	return nil, fmt.Errorf("kafka: unknown SASL mechanism %q", c.SASL.Mechanism)
}

func (c Connection) dial() func(ctx context.Context, network, address string) (net.Conn, error) {
	if c.Dial != nil {
		return c.Dial
	}
	return (&net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}).DialContext
}

// transport is for requests that find their broker by themselves. It asks for the given topics only. Its owner ends it with
// CloseIdleConnections.
func (c Connection) transport(topics ...string) (*kafkago.Transport, error) {
	mechanism, err := c.mechanism()
	if err != nil {
		return nil, err
	}
	return &kafkago.Transport{
		Dial: c.dial(), DialTimeout: dialTimeout, MetadataTTL: metadataTTL, MetadataTopics: topics,
		ClientID: c.ClientID, TLS: c.TLS, SASL: mechanism,
	}, nil
}

// dialer is for connections to one partition's leader, and for groups.
func (c Connection) dialer() (*kafkago.Dialer, error) {
	mechanism, err := c.mechanism()
	if err != nil {
		return nil, err
	}
	return &kafkago.Dialer{
		ClientID: c.ClientID, DialFunc: c.dial(), Timeout: dialTimeout, TLS: c.TLS, SASLMechanism: mechanism,
	}, nil
}

// cluster is a client with a transport of its own.
type cluster struct {
	client    *kafkago.Client
	transport *kafkago.Transport
	topics    []string
}

func (c Connection) cluster(topics ...string) (*cluster, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	t, err := c.transport(topics...)
	if err != nil {
		return nil, err
	}
	return &cluster{
		client:    &kafkago.Client{Addr: kafkago.TCP(c.Brokers...), Timeout: requestTimeout, Transport: t},
		transport: t, topics: topics,
	}, nil
}

func (c *cluster) close() { c.transport.CloseIdleConnections() }

// layout is which broker leads which partition, per topic in order of partitions. A leader of -1 is none.
type layout map[string][]int

// layout asks the cluster. An unknown topic is [ErrUnknownTopic]; any other error is worth another try.
func (c *cluster) layout(ctx context.Context) (layout, error) {
	resp, err := c.client.Metadata(ctx, &kafkago.MetadataRequest{Topics: c.topics})
	if err != nil {
		return nil, err
	}
	out := layout{}
	for _, t := range resp.Topics {
		switch {
		case errors.Is(t.Error, kafkago.UnknownTopicOrPartition):
			return nil, fmt.Errorf("%s: %w", t.Name, ErrUnknownTopic)
		case t.Error != nil:
			return nil, fmt.Errorf("metadata of %s: %w", t.Name, t.Error)
		}
		leaders := make([]int, len(t.Partitions))
		for i := range leaders {
			leaders[i] = -1
		}
		for _, p := range t.Partitions {
			if p.ID >= len(leaders) {
				return nil, fmt.Errorf("metadata of %s: partition %d of %d", t.Name, p.ID, len(leaders))
			}
			if p.Leader.Host != "" {
				leaders[p.ID] = p.Leader.ID
			}
		}
		out[t.Name] = leaders
	}
	return out, nil
}

// await is layout as soon as a broker answers. It ends with ctx, or at once when a topic is unknown.
func (c *cluster) await(ctx context.Context) (layout, error) {
	for failures := 1; ; failures++ {
		l, err := c.layout(ctx)
		if err == nil || errors.Is(err, ErrUnknownTopic) {
			return l, err
		}
		if ctx.Err() != nil || sleep(ctx, backoff(failures)) != nil {
			return nil, fmt.Errorf("read partitions: %w", errors.Join(ctx.Err(), err))
		}
		c.transport.CloseIdleConnections() // its pool remembers the failure
	}
}

// sameSize says whether both have the same number of partitions in each topic.
func (l layout) sameSize(other layout) error {
	for topic, leaders := range l {
		if n := len(other[topic]); n != len(leaders) {
			return fmt.Errorf("%w: %s had %d, has %d", ErrPartitionsChanged, topic, len(leaders), n)
		}
	}
	return nil
}

// backoff grows to one second.
func backoff(failures int) time.Duration {
	return min(time.Duration(failures)*20*time.Millisecond, time.Second)
}

// sleep waits for d or for the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
