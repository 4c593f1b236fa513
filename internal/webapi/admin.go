package webapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/kontor-dev/kontor/internal/problem"
)

// Check is one condition of being ready. A service asks only what it cannot work
// without: its own database, never the broker or the gateway.
type Check struct {
	Name  string
	Probe func(ctx context.Context) error
}

// Admin is the private port: /livez, /readyz, /metrics, /debug/pprof, and what is
// added with Handle. It asks for no token and must never be public.
type Admin struct {
	mux    *http.ServeMux
	log    *slog.Logger
	checks []Check
	ready  atomic.Bool

	mu      sync.Mutex // guards the last look
	looked  time.Time
	results []error
}

var _ http.Handler = (*Admin)(nil)

const (
	checkEvery   = time.Second
	checkTimeout = 500 * time.Millisecond
)

// NewAdmin returns an admin port that is not ready until SetReady. metrics may be
// nil.
func NewAdmin(log *slog.Logger, metrics prometheus.Gatherer, checks ...Check) *Admin {
	a := &Admin{mux: http.NewServeMux(), log: log, checks: checks}
	a.mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })
	a.mux.HandleFunc("GET /readyz", a.readyz)
	if metrics != nil {
		a.mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{
			ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), ErrorHandling: promhttp.ContinueOnError,
		}))
	}
	a.mux.HandleFunc("/debug/pprof/", pprof.Index)
	a.mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	a.mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	a.mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	a.mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.New(problem.NotFound, ""))
	})
	return a
}

// Handle adds a handler under a pattern of http.ServeMux. Call it before serving.
func (a *Admin) Handle(pattern string, h http.Handler) { a.mux.Handle(pattern, h) }

// ServeHTTP serves the admin port.
func (a *Admin) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// SetReady says whether the service takes requests: true once it has started,
// false as soon as it begins to stop.
func (a *Admin) SetReady(ready bool) { a.ready.Store(ready) }

// readyz answers 200 if the service takes requests and every check passes; with
// ?verbose it lists them.
func (a *Admin) readyz(w http.ResponseWriter, r *http.Request) {
	status, lines := http.StatusOK, &strings.Builder{}
	note := func(name string, err error) {
		word := "ok"
		if err != nil {
			status, word = http.StatusServiceUnavailable, "failed: "+err.Error()
		}
		fmt.Fprintf(lines, "%s: %s\n", name, word)
	}
	for i, err := range a.look(r.Context()) {
		note(a.checks[i].Name, err)
	}
	if !a.ready.Load() {
		status = http.StatusServiceUnavailable
		lines.WriteString("serving: no, starting or draining\n")
	} else {
		lines.WriteString("serving: ok\n")
	}
	if !r.URL.Query().Has("verbose") {
		lines.Reset()
		lines.WriteString(map[bool]string{true: "ok\n", false: "not ready\n"}[status == http.StatusOK])
	}
	plain(w, status, lines.String())
}

// look runs the checks, or returns the last results if they are fresh, so that
// eager probes cost one query per second.
func (a *Admin) look(ctx context.Context) []error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.looked.IsZero() && time.Since(a.looked) < checkEvery {
		return a.results
	}
	// The results are for all who ask within the second, also after this one left.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTimeout)
	defer cancel()
	results := make([]error, len(a.checks))
	var wg sync.WaitGroup
	for i, c := range a.checks {
		wg.Go(func() { results[i] = c.Probe(ctx) })
	}
	wg.Wait()
	a.results, a.looked = results, time.Now()
	for i, err := range results {
		if err != nil {
			a.log.Warn("not ready", "check", a.checks[i].Name, "error", err.Error())
		}
	}
	return results
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // a prober that left needs no answer
}
