package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/devstack"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
)

// benchAppend compares the append lane with pgbench.
func benchAppend(ctx context.Context, pg *devstack.Postgres, s settings, r *report) error {
	if err := pg.CreateDatabases(ctx, "bench_append"); err != nil {
		return err
	}
	database := pg.URL("bench_append")
	pool, err := pgxpool.New(ctx, database)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := ensureSchema(ctx, pool); err != nil {
		return err
	}
	before, err := reference(ctx, database, s, r, "before")
	if err != nil {
		return err
	}
	type figure struct {
		writers   int
		perSecond float64
		all       latencies
	}
	var figures []figure
	for _, writers := range []int{1, 16, 64, 256} {
		perSecond, all, err := appendFor(ctx, pool, writers, s.duration)
		if err != nil {
			return err
		}
		figures = append(figures, figure{writers, perSecond, all})
	}
	after, err := reference(ctx, database, s, r, "after")
	if err != nil {
		return err
	}
	for _, f := range figures {
		r.line("append writers=%d events_per_s=%.0f p50_ms=%.2f p99_ms=%.2f vs_pgbench=%.2f", f.writers, f.perSecond, f.all.percentile(50), f.all.percentile(99), 2*f.perSecond/(before+after))
	}
	return nil
}

// reference measures pgbench with 8 and with 32 clients, and returns the former.
func reference(ctx context.Context, database string, s settings, r *report, when string) (float64, error) {
	var first float64
	for _, clients := range []int{8, 32} {
		perSecond, all, err := pgbench(ctx, database, clients, s.duration)
		if err != nil {
			return 0, err
		}
		r.line("pgbench when=%s clients=%d rows_per_s=%.0f p50_ms=%.2f p99_ms=%.2f", when, clients, perSecond, all.percentile(50), all.percentile(99))
		if first == 0 {
			first = perSecond
		}
	}
	return first, nil
}

// appendFor lets so many writers append single events to new streams, one after another each, for a while.
func appendFor(ctx context.Context, pool *pgxpool.Pool, writers int, d time.Duration) (float64, latencies, error) {
	store := pgstore.New(pool, pgstore.Options{})
	laneCtx, stop := context.WithCancel(ctx)
	defer stop()
	lane := make(chan error, 1)
	go func() { lane <- store.Run(laneCtx) }()
	if err := appendOne(ctx, store); err != nil { // the lane is up
		return 0, nil, err
	}
	perSecond, all, failed := repeatFor(ctx, writers, d, func(int, int) error { return appendOne(ctx, store) })
	stop()
	if err := <-lane; err != nil {
		return 0, nil, err
	}
	return perSecond, all, failed
}

// appendOne appends the row of pgbench to a stream of its own, under a random id as derived ids are.
func appendOne(ctx context.Context, store es.Store) error {
	stream := es.Stream{Type: "order", ID: randomID()}
	return store.Save(ctx, stream, 0, es.Event{
		EventID: es.NewID(), EventType: "order.placed", AggregateType: stream.Type, AggregateID: stream.ID, Version: 1,
		Data: []byte(eventData),
		Metadata: es.Metadata{
			SchemaVersion: 1, CommandID: "0198c2a5-7f1e-5d34-b1a2-0f6f7a1c2d3e", Fingerprint: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
			CorrelationID: "0198c2a5-7f1e-7d34-b1a2-0f6f7a1c2d3e", Actor: "customer:customer-1",
		},
	})
}

// randomID is a UUIDv4.
func randomID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// ensureSchema makes the tables of the event store unless they are there.
func ensureSchema(ctx context.Context, pool *pgxpool.Pool) error {
	var there bool
	if err := pool.QueryRow(ctx, "select to_regclass('events') is not null").Scan(&there); err != nil || there {
		return err
	}
	_, err := pool.Exec(ctx, pgstore.Schema)
	return err
}
