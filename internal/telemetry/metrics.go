package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Namespace begins the name of every metric of ours.
const Namespace = "kontor"

// NewRegistry returns a registry with the collectors of the Go runtime and the
// process. Every service has its own, so that several fit into one process.
func NewRegistry() *prometheus.Registry {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return reg
}

// Counter registers and returns kontor_<name>.
func Counter(reg prometheus.Registerer, name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: Namespace, Name: name, Help: help}, labels)
	reg.MustRegister(c)
	return c
}

// Gauge registers and returns kontor_<name>.
func Gauge(reg prometheus.Registerer, name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: Namespace, Name: name, Help: help}, labels)
	reg.MustRegister(g)
	return g
}

// GaugeFunc registers kontor_<name>, asked for at every scrape.
func GaugeFunc(reg prometheus.Registerer, name, help string, value func() float64) {
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: Namespace, Name: name, Help: help}, value))
}

// Seconds registers and returns the histogram kontor_<name>, whose buckets reach
// from a millisecond to a minute.
func Seconds(reg prometheus.Registerer, name, help string, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace, Name: name, Help: help,
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
	}, labels)
	reg.MustRegister(h)
	return h
}

// Sizes registers and returns the histogram kontor_<name> for counts: 1, 2, 4 …
// 4096.
func Sizes(reg prometheus.Registerer, name, help string, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace, Name: name, Help: help, Buckets: prometheus.ExponentialBuckets(1, 2, 13),
	}, labels)
	reg.MustRegister(h)
	return h
}
