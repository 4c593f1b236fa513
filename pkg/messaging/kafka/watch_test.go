package kafka_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

// deaf is a connection on which nothing is heard any more once it was used while silent is set: the other side seems to be there and does not
// answer.
type deaf struct {
	net.Conn
	silent *atomic.Bool
	lost   atomic.Bool
}

func (d *deaf) Read(b []byte) (int, error) {
	n, err := d.Conn.Read(b)
	for err == nil && (d.lost.Load() || d.silent.Load()) {
		d.lost.Store(true)
		n, err = d.Conn.Read(b) // the deadline of the owner holds
	}
	return n, err
}

func TestAConsumerWhoseConnectionsGoSilentRecovers(t *testing.T) {
	t.Parallel()
	brokers, topic := kafkatest.Brokers(t), kafkatest.Topic(t, 2)
	var silent atomic.Bool
	conn := kafka.Connection{Brokers: brokers, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &deaf{Conn: c, silent: &silent}, nil
	}}
	sink := messagingtest.NewMemory(nil)
	c := kafka.NewConsumer(config(conn, kafkatest.Name(t), topic), sink)
	consume(t, c)
	all := messagingtest.Streams(topic, 4, 4)
	p := publisher(t, kafka.Connection{Brokers: brokers}, topic)
	publish(t, p, all[:8]...)
	sink.Await(deadline(t), t, 8)
	silent.Store(true)
	publish(t, p, all[8:]...)
	await(t, "the consumer lost its connections", func() bool { return !c.Status().Joined || c.Status().Partitions[0].Err != nil })
	silent.Store(false)
	once(t, sink, all)
}
