package daemon

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/kontor-dev/kontor/internal/telemetry"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
)

// ObserveFlushes returns what an append lane tells its flushes to.
func ObserveFlushes(reg prometheus.Registerer) func(pgstore.Flush) {
	conflicts := telemetry.Counter(reg, "conflicts_total", "Appends that lost a race.").WithLabelValues()
	seconds := telemetry.Seconds(reg, "append_seconds", "Time of one flush of the append lane.").WithLabelValues()
	events := telemetry.Sizes(reg, "append_batch_events", "Events in one flush of the append lane.").WithLabelValues()
	return func(f pgstore.Flush) {
		conflicts.Add(float64(f.Conflicts))
		seconds.Observe(f.Took.Seconds())
		events.Observe(float64(f.Events))
	}
}

// ObserveLag registers how far behind a subscription on the service's own store is, in events and in seconds; -1 if the database does not
// say. It is true also while the subscription does not run.
func ObserveLag(reg prometheus.Registerer, name string, store *pgstore.Store, pool *pgxpool.Pool) {
	reg = prometheus.WrapRegistererWith(prometheus.Labels{"name": name}, reg)
	telemetry.GaugeFunc(reg, "subscription_lag_events", "Events that a subscription has still to handle.", func() float64 {
		return asked(func(ctx context.Context) (float64, error) {
			head, err := store.Head(ctx)
			if err != nil {
				return 0, err
			}
			at, err := subscription.Checkpoint(ctx, pool, name)
			return float64(max(0, head-at)), err
		})
	})
	telemetry.GaugeFunc(reg, "subscription_oldest_seconds", "Age of the oldest event that a subscription has still to handle.", func() float64 {
		return asked(func(ctx context.Context) (float64, error) {
			at, err := subscription.Checkpoint(ctx, pool, name)
			if err != nil {
				return 0, err
			}
			next, err := store.ReadAll(ctx, at, 1)
			if err != nil || len(next) == 0 {
				return 0, err
			}
			return max(0, time.Since(next[0].Timestamp).Seconds()), nil
		})
	})
}

// asked is the answer of the database, or -1 if there is none within a second.
func asked(ask func(context.Context) (float64, error)) float64 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	value, err := ask(ctx)
	if err != nil {
		return -1
	}
	return value
}

// ObserveConsumer registers how far behind a consumer is, and how many records it set aside.
func ObserveConsumer(reg prometheus.Registerer, name string, c *kafka.Consumer, parked func() int64) {
	reg = prometheus.WrapRegistererWith(prometheus.Labels{"consumer": name}, reg)
	telemetry.GaugeFunc(reg, "consumer_lag", "Records that the consumer has still to read.", func() float64 { return float64(c.Status().Lag()) })
	telemetry.GaugeFunc(reg, "parked_records_since_start", "Records that the consumer set aside since it started.", func() float64 { return float64(parked()) })
}

// jobStates is the metric of River's jobs, counted at every scrape.
type jobStates struct {
	pool *pgxpool.Pool
	desc *prometheus.Desc
}

// ObserveJobs registers how many jobs there are by queue and state.
func ObserveJobs(reg prometheus.Registerer, pool *pgxpool.Pool) {
	reg.MustRegister(&jobStates{pool: pool, desc: prometheus.NewDesc(
		telemetry.Namespace+"_jobs", "Jobs by queue and state.", []string{"queue", "state"}, nil)})
}

// Describe implements prometheus.Collector.
func (j *jobStates) Describe(descs chan<- *prometheus.Desc) { descs <- j.desc }

// Collect implements prometheus.Collector. A database that does not answer in a second gives no values.
func (j *jobStates) Collect(values chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	rows, err := j.pool.Query(ctx, "select queue, state::text, count(*)::float8 from river.river_job group by 1, 2")
	if err != nil {
		return
	}
	var queue, state string
	var n float64
	_, _ = pgx.ForEachRow(rows, []any{&queue, &state, &n}, func() error { // what was read before an error is right
		values <- prometheus.MustNewConstMetric(j.desc, prometheus.GaugeValue, n, queue, state)
		return nil
	})
}
