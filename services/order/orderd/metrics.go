package orderd

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/kontor-dev/kontor/internal/failpoint"
	"github.com/kontor-dev/kontor/internal/telemetry"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
)

type metrics struct {
	conflicts *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	events    *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	return &metrics{
		conflicts: telemetry.Counter(reg, "conflicts_total", "Appends that lost a race."),
		seconds:   telemetry.Seconds(reg, "append_seconds", "Time of one flush of the append lane."),
		events:    telemetry.Sizes(reg, "append_batch_events", "Events in one flush of the append lane."),
	}
}

func (m *metrics) flush(f pgstore.Flush) {
	m.conflicts.WithLabelValues().Add(float64(f.Conflicts))
	m.seconds.WithLabelValues().Observe(f.Took.Seconds())
	m.events.WithLabelValues().Observe(float64(f.Events))
}

// observeLag registers how far behind a subscription is; -1 if the database does not say.
func observeLag(reg prometheus.Registerer, name string, s *subscription.Subscription) {
	telemetry.GaugeFunc(prometheus.WrapRegistererWith(prometheus.Labels{"name": name}, reg),
		"subscription_lag_events", "Events that a subscription has still to handle.", func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			lag, err := s.Lag(ctx)
			if err != nil {
				return -1
			}
			return float64(lag)
		})
}

func observeConsumer(reg prometheus.Registerer, c *kafka.Consumer, sink *pgsink.Each) {
	reg = prometheus.WrapRegistererWith(prometheus.Labels{"consumer": "order.payments"}, reg)
	telemetry.GaugeFunc(reg, "consumer_lag", "Records that the consumer has still to read.", func() float64 { return float64(c.Status().Lag()) })
	telemetry.GaugeFunc(reg, "parked_records_since_start", "Records that the consumer set aside since it started.", func() float64 { return float64(sink.Stats().Parked) })
}

// jobStates is the metric of River's jobs, counted at every scrape.
type jobStates struct {
	pool *pgxpool.Pool
	desc *prometheus.Desc
}

func observeJobs(reg prometheus.Registerer, pool *pgxpool.Pool) {
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

// hook leads the points of a package under pkg/ to the failpoints of this process; points that are not on the
// list do nothing.
func hook(prefix string) func(string) error {
	known := failpoint.Points()
	return func(point string) error {
		if !slices.Contains(known, prefix+point) {
			return nil
		}
		return failpoint.Hit(prefix + point)
	}
}
