package kafka_test

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

// A topic, a message, and a consumer that has its effect.
func Example() {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1)) // any Kafka will do
	if err != nil {
		panic(err)
	}
	defer cluster.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn := kafka.Connection{Brokers: cluster.ListenAddrs(), ClientID: "example"}

	specs := []kafka.TopicSpec{{Name: "orders.v1", Partitions: 12}}
	drift, err := kafka.ApplyTopics(ctx, conn, specs, false)
	fmt.Println("drift:", drift, err)

	p, err := kafka.NewPublisher(ctx, kafka.PublisherConfig{Connection: conn, Topics: []string{"orders.v1"}})
	if err != nil {
		panic(err)
	}
	defer p.Close()
	err = p.Publish(ctx, messaging.Message{
		Topic: "orders.v1", Key: "o1", ID: "e1", Type: "order.placed", Source: "/shop", Stream: "order-o1", Version: 1, Position: 1,
		Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Data: []byte(`{"total":1250}`),
	})
	fmt.Println("acknowledged:", err == nil)

	done := make(chan struct{})
	sink := messagingtest.NewMemory(func(_ context.Context, m messaging.Message) error { // in a service: a sink of pgsink
		fmt.Println(m.Type, m.Key, string(m.Data))
		close(done)
		return nil
	})
	running, stop := context.WithCancel(ctx)
	ended := make(chan error)
	c := kafka.NewConsumer(kafka.ConsumerConfig{Connection: conn, Group: "example.orders", Topics: []string{"orders.v1"}}, sink)
	go func() { ended <- c.Run(running) }()
	<-done
	stop()
	fmt.Println("stopped:", <-ended)
	// Output:
	// drift: [] <nil>
	// acknowledged: true
	// order.placed o1 {"total":1250}
	// stopped: <nil>
}

func ExampleCheckTopics() {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(3, "orders.v1"))
	if err != nil {
		panic(err)
	}
	defer cluster.Close()
	conn := kafka.Connection{Brokers: cluster.ListenAddrs()}
	err = kafka.CheckTopics(context.Background(), conn, []kafka.TopicSpec{{Name: "payments.v1", Partitions: 12}})
	fmt.Println(err)
	// Output: topics drifted: payments.v1 is missing
}
