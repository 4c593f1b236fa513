package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
	"github.com/kontor-dev/kontor/services/order/orderd"
)

const cart = `{"currency":"EUR",%s"lines":[{"sku":"SKU-%05d","quantity":1}],` +
	`"shipping_address":{"name":"A Customer","line1":"1 Sample Street","postal_code":"10115","city":"Berlin","country":"DE","email":"customer@example.com"}}`

const submit = `"submit":true,"payment_method_token":"tok_ok",`

// benchHTTP measures POST /v1/orders beside pgbench in the same database.
func (s *shop) benchHTTP(ctx context.Context, set settings, r *report) error {
	if err := s.list(ctx); err != nil {
		return err
	}
	reference := func() (float64, error) {
		perSecond, _, err := s.pgbench(ctx, set)
		return perSecond, err
	}
	before, err := reference()
	if err != nil {
		return err
	}
	post := func(options string) func(w *wire, client, n int) error {
		return func(w *wire, client, n int) error {
			body := fmt.Sprintf(cart, options, (client*7919+n)%skus)
			status, answer, err := w.request("POST", "/v1/orders", s.customer, es.NewID(), "", []byte(body))
			if err == nil && status != http.StatusCreated {
				err = fmt.Errorf("status %d: %s", status, answer)
			}
			return err
		}
	}
	if _, _, err := loadFor(ctx, s.order, clients, time.Second, post(submit)); err != nil { // warm
		return err
	}
	drafts, draftTimes, err := loadFor(ctx, s.order, clients, set.duration, post(""))
	if err != nil {
		return err
	}
	placed, placedTimes, err := loadFor(ctx, s.order, clients, set.duration, post(submit))
	if err != nil {
		return err
	}
	after, err := reference()
	if err != nil {
		return err
	}
	base := (before + after) / 2
	r.line("pgbench when=beside_http clients=8 rows_per_s=%.0f", base)
	r.line("http post=draft clients=%d orders_per_s=%.0f p50_ms=%.2f p99_ms=%.2f vs_pgbench=%.2f", clients, drafts, draftTimes.percentile(50), draftTimes.percentile(99), drafts/base)
	r.line("http post=placed clients=%d skus=%d orders_per_s=%.0f p50_ms=%.2f p99_ms=%.2f vs_pgbench=%.2f", clients, skus, placed, placedTimes.percentile(50), placedTimes.percentile(99), placed/base)
	return nil
}

// pgbench inserts into a table of its own beside the shop's, so that its rows are not published.
func (s *shop) pgbench(ctx context.Context, set settings) (float64, latencies, error) {
	if err := s.pg.CreateDatabases(ctx, "bench_http"); err != nil {
		return 0, nil, err
	}
	pool, err := pgxpool.New(ctx, s.pg.URL("bench_http"))
	if err != nil {
		return 0, nil, err
	}
	defer pool.Close()
	if err := ensureSchema(ctx, pool); err != nil {
		return 0, nil, err
	}
	return pgbench(ctx, s.pg.URL("bench_http"), 8, set.duration)
}

// list fills the catalogue and the shelves.
func (s *shop) list(ctx context.Context) error {
	w, err := dial(ctx, s.order)
	if err != nil {
		return err
	}
	defer w.conn.Close()
	for i := range skus {
		sku := fmt.Sprintf("SKU-%05d", i)
		for _, step := range []struct{ method, path, match, body string }{
			{"PUT", "/v1/products/" + sku, "", `{"name":"Product","tax_rate_bp":1900,"tax_included":true}`},
			{"PUT", "/v1/products/" + sku + "/price", `"1"`, `{"price":{"amount":1999,"currency":"EUR"},"reason":"initial"}`},
			{"POST", "/v1/stock/" + sku + "/receipts", "", `{"quantity":1000000}`},
		} {
			status, answer, err := w.request(step.method, step.path, s.admin, es.NewID(), step.match, []byte(step.body))
			if err != nil || status/100 != 2 {
				return fmt.Errorf("%s %s: %d %s %w", step.method, step.path, status, answer, err)
			}
		}
	}
	return nil
}

// benchRelay has everything published once more and returns how many events that were.
func (s *shop) benchRelay(ctx context.Context, r *report) (int64, error) {
	pool, err := pgxpool.New(ctx, s.pg.URL("kontor_order"))
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	var events, head int64
	if err := pool.QueryRow(ctx, "select count(*), max(global_position) from events").Scan(&events, &head); err != nil {
		return 0, err
	}
	if err := subscription.Rewind(ctx, pool, orderd.RelayName, 0); err != nil {
		return 0, err
	}
	stop, err := s.startOrder(ctx)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	err = until(ctx, func() (bool, error) {
		at, err := subscription.Checkpoint(ctx, pool, orderd.RelayName)
		return at >= head, err
	})
	took := time.Since(start)
	if stopErr := stop(); err == nil {
		err = stopErr
	}
	r.line("relay events=%d events_per_s=%.0f", events, float64(events)/took.Seconds())
	return events, err
}

// benchProjection has the query service build its views from offset zero.
func (s *shop) benchProjection(ctx context.Context, _ int64, r *report) error {
	pool, err := pgxpool.New(ctx, s.pg.URL("kontor_query"))
	if err != nil {
		return err
	}
	defer pool.Close()
	stop, err := s.startQuery(ctx)
	if err != nil {
		return err
	}
	start := time.Now()
	var records, rows, last int64
	err = until(ctx, func() (bool, error) {
		if err := pool.QueryRow(ctx, "select coalesce(sum(next_offset), 0) from consumer_offset").Scan(&records); err != nil {
			return false, err
		}
		done := records > 0 && records == last && time.Since(start) > time.Second
		last = records
		return done, nil
	})
	took := time.Since(start) - time.Second/5
	if err == nil {
		err = pool.QueryRow(ctx, "select (select count(*) from view_a.orders) + (select count(*) from view_a.timeline) + (select count(*) from view_a.products) + (select count(*) from view_a.stock)").Scan(&rows)
	}
	if stopErr := stop(); err == nil {
		err = stopErr
	}
	r.line("projection records=%d records_per_s=%.0f rows=%d rows_per_s=%.0f", records, float64(records)/took.Seconds(), rows, float64(rows)/took.Seconds())
	return err
}

// until asks every 200 ms, for five minutes at most.
func until(ctx context.Context, done func() (bool, error)) error {
	for range 1500 {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return os.ErrDeadlineExceeded
}
