package kafka_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
)

// view has one row per message; its primary key proves that the effect is had once.
func view(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := pgtest.Pool(t)
	if _, err := pool.Exec(t.Context(), pgsink.Schema+`create table seen (id text primary key, n serial)`); err != nil {
		t.Fatal(err)
	}
	return pool
}

func insert(ctx context.Context, tx pgx.Tx, messages []messaging.Message) error {
	ids := make([]string, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	_, err := tx.Exec(ctx, `insert into seen (id) select unnest($1::text[])`, ids)
	return err
}

func rows(t testing.TB, pool *pgxpool.Pool) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select count(*) from seen`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAViewHasEachRowOnceWhileMembersCrashAndConnectionsBreak(t *testing.T) {
	t.Parallel()
	brokers, topic, group := kafkatest.Brokers(t), kafkatest.Topic(t, 4), kafkatest.Name(t)
	pool, network := view(t), messagingtest.NewNetwork()
	conn := kafka.Connection{Brokers: brokers, Dial: network.Dial}
	var commits atomic.Int32
	crash := func(point string) error { // after the commit: the consumer does not know of it
		if point == "view.after_commit" {
			if commits.Add(1)%3 == 0 {
				return errors.New("killed")
			}
		}
		return nil
	}
	cfg := config(conn, group, topic)
	cfg.Chunk = 20
	sink := pgsink.NewTx(pool, pgsink.Config{Consumer: "test.view"}, insert)
	crashing := pgsink.NewTx(pool, pgsink.Config{Consumer: "test.view", Hook: crash}, insert)
	first := kafka.NewConsumer(cfg, sink)
	consume(t, first)
	second := kafka.NewConsumer(cfg, crashing)
	stop := consume(t, second)
	await(t, "they share", func() bool { return owned(first) == 2 && owned(second) == 2 })

	all := messagingtest.Streams(topic, 16, 25)
	p := publisher(t, conn, topic)
	publish(t, p, all...)
	for i := 1; i <= 3; i++ {
		await(t, "it gets on", func() bool { return rows(t, pool) >= i*len(all)/5 })
		cutMembers(t, network, 4, first, second)
	}
	await(t, "half is there", func() bool { return rows(t, pool) >= len(all)/2 })
	stop()
	await(t, "every row is there", func() bool { return rows(t, pool) == len(all) })
	if list, err := pgsink.Parked(t.Context(), pool, ""); err != nil || len(list) > 0 {
		t.Errorf("parked: %v, %v", list, err)
	}
}

func BenchmarkPublish(b *testing.B) {
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(b)}, kafkatest.Topic(b, 12)
	p := publisher(b, conn, topic)
	all := messagingtest.Streams(topic, 100, 5)
	for b.Loop() {
		if err := p.Publish(b.Context(), all...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(all))/b.Elapsed().Seconds(), "msgs/s")
}

// BenchmarkView reads a backlog into a view.
func BenchmarkView(b *testing.B) {
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(b)}, kafkatest.Topic(b, 12)
	p := publisher(b, conn, topic)
	all := messagingtest.Streams(topic, 1000, 20)
	for rest := all; len(rest) > 0; rest = rest[500:] {
		publish(b, p, rest[:500]...)
	}
	for b.Loop() {
		pool := view(b)
		stop := consume(b, kafka.NewConsumer(config(conn, kafkatest.Name(b), topic), pgsink.NewTx(pool, pgsink.Config{Consumer: "bench.view"}, insert)))
		await(b, "all rows", func() bool { return rows(b, pool) == len(all) })
		stop()
	}
	b.ReportMetric(float64(b.N*len(all))/b.Elapsed().Seconds(), "msgs/s")
}

// BenchmarkDelay is from Publish to the commit of the view, one message at a time.
func BenchmarkDelay(b *testing.B) {
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(b)}, kafkatest.Topic(b, 12)
	p, pool := publisher(b, conn, topic), view(b)
	committed := make(chan struct{}, 1)
	sink := pgsink.NewTx(pool, pgsink.Config{Consumer: "bench.delay", Hook: func(point string) error {
		if point == "view.after_commit" {
			committed <- struct{}{}
		}
		return nil
	}}, insert)
	c := kafka.NewConsumer(config(conn, kafkatest.Name(b), topic), sink)
	consume(b, c)
	await(b, "it reads", func() bool { return owned(c) == 12 })
	var version int64
	for b.Loop() {
		version++
		publish(b, p, messagingtest.Message(topic, "a", version))
		<-committed
	}
}
