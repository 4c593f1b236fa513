package pgstore_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/pgtest"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
)

// envBench names the database to measure on; it must be on a server with fsync on for figures that mean anything, and its events are
// dropped. Without it the benchmarks run on the server of the tests.
const envBench = "BENCH_DATABASE_URL"

var writers = []int{1, 16, 64, 256}

// BenchmarkAppend appends one event to a new stream per operation: through the lane, and with a transaction for each.
func BenchmarkAppend(b *testing.B) {
	for _, n := range writers {
		b.Run(fmt.Sprintf("lane/writers=%d", n), func(b *testing.B) {
			pool := benchDatabase(b)
			var flushes atomic.Int64
			store := start(b, pool, pgstore.Options{Observe: func(pgstore.Flush) { flushes.Add(1) }})
			perSecond(b, n, func(ctx context.Context) error { return store.Append(ctx, placed()) })
			b.ReportMetric(float64(b.N)/float64(flushes.Load()), "appends/flush")
		})
	}
	for _, n := range writers {
		b.Run(fmt.Sprintf("transaction/writers=%d", n), func(b *testing.B) {
			pool := benchDatabase(b)
			perSecond(b, n, func(ctx context.Context) error { return appendInTransaction(ctx, pool, placed()) })
		})
	}
}

// BenchmarkLoad loads a stream of two events per operation: gathered, and with a query for each.
func BenchmarkLoad(b *testing.B) {
	for _, n := range writers {
		for name, conns := range map[string]int{"gathered": 0, "each": -1} {
			b.Run(fmt.Sprintf("%s/readers=%d", name, n), func(b *testing.B) {
				store := start(b, benchDatabase(b), pgstore.Options{LoadConns: conns})
				streams := make([]es.Stream, 1000) // of two events: what a command finds
				var next atomic.Int64
				for i := range streams {
					w := placed()
					streams[i] = w.Stream
					for v := 1; v < 2; v++ {
						e := w.Events[0]
						e.EventID, e.Version = es.NewID(), int64(v)+1
						w.Events = append(w.Events, e)
					}
					if err := store.Append(b.Context(), w); err != nil {
						b.Fatal(err)
					}
				}
				perSecond(b, n, func(ctx context.Context) error {
					events, err := store.Load(ctx, streams[next.Add(1)%1000], 0)
					if err == nil && len(events) != 2 {
						return fmt.Errorf("got %d events", len(events))
					}
					return err
				})
			})
		}
	}
}

// perSecond runs b.N operations on n goroutines.
func perSecond(b *testing.B, n int, once func(context.Context) error) {
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	b.ResetTimer()
	for range n {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := once(b.Context()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

// benchData has the size of an order with one line.
var benchData = json.RawMessage(`{"order_id":"0198c2a5-7f1e-7d34-b1a2-0f6f7a1c2d3e","occurred_at":"2026-01-02T03:04:05.678901Z","currency":"EUR","customer_id":"customer-1",` +
	`"lines":[{"line_id":"0198c2a5-7f1e-5d34-b1a2-0f6f7a1c2d3e","sku":"SKU-000001","name":"A product with a name","quantity":2,"unit_price":1999,"tax_rate_bp":1900,"tax_included":true}],` +
	`"grand_total":3998,"after":{"status":"placed","payment_status":"pending","fulfillment_status":"unfulfilled"}}`)

func placed() es.Write {
	s := es.Stream{Type: "order", ID: es.NewID()}
	return es.Write{Stream: s, Events: []es.Event{{
		EventID: es.NewID(), EventType: "order.placed", AggregateType: s.Type, AggregateID: s.ID, Version: 1, Data: benchData,
		Metadata: es.Metadata{CommandID: es.NewID(), Fingerprint: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", CorrelationID: es.NewID(), Actor: "customer:customer-1"},
	}}}
}

// appendInTransaction is what the lane is measured against: begin, insert, commit. It does not even look at the version.
func appendInTransaction(ctx context.Context, pool *pgxpool.Pool, w es.Write) error {
	e := w.Events[0]
	metadata, err := json.Marshal(e.Metadata)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into events (stream_type, stream_id, version, event_id, event_type, data, metadata)
			values ($1, $2, $3, $4, $5, $6, $7)`, e.AggregateType, e.AggregateID, e.Version, e.EventID, e.EventType, []byte(e.Data), metadata)
		return err
	})
}

func benchDatabase(b *testing.B) *pgxpool.Pool {
	b.Helper()
	url := os.Getenv(envBench)
	if url == "" {
		return database(b)
	}
	pool := pgtest.Connect(b, url)
	for _, sql := range []string{`drop table if exists events, snapshots, subscriptions; drop function if exists append_only`, pgstore.Schema} {
		if _, err := pool.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	return pool
}
