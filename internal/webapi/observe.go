package webapi

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/kontor-dev/kontor/internal/problem"
)

// facts is what is known about a request only further inside, for its log line.
type facts struct {
	requestID string
	actor     string
}

type factsKey struct{}

func factsOf(ctx context.Context) *facts {
	if f, ok := ctx.Value(factsKey{}).(*facts); ok {
		return f
	}
	return &facts{}
}

// RequestID returns the id of the request that ctx belongs to; "" outside one.
func RequestID(ctx context.Context) string { return factsOf(ctx).requestID }

// requestID takes over the client's id if it is harmless, or makes one.
func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-ID")
		if !isVisible(id, 64) {
			id = rand.Text()
		}
		w.Header().Set("X-Request-ID", id)
		ctx := context.WithValue(r.Context(), factsKey{}, &facts{requestID: id})
		next.ServeHTTP(w, r.WithContext(problem.ContextWithTraceID(ctx, id)))
	})
}

// observe writes one log line per request, counts it, and names its span by the
// route, since the path would make every order its own series.
func observe(cfg Config) func(http.Handler) http.Handler {
	count := newMetrics(cfg.Metrics)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			rec := &recorder{ResponseWriter: w}
			next.ServeHTTP(rec, r)

			ctx, took := r.Context(), time.Since(began)
			route := chi.RouteContext(ctx).RoutePattern()
			if rec.status == 0 {
				rec.status = http.StatusOK
			}
			if route != "" {
				attr := attribute.String("http.route", route)
				span := trace.SpanFromContext(ctx)
				span.SetName(r.Method + " " + route)
				span.SetAttributes(attr)
				if l, ok := otelhttp.LabelerFromContext(ctx); ok {
					l.Add(attr)
				}
			}
			count(r.Method, route, rec.status, took)
			cfg.Log.LogAttrs(ctx, slog.LevelInfo, "request",
				slog.String("method", r.Method), slog.String("route", route), slog.String("path", clip(r.URL.Path)),
				slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes),
				slog.Float64("ms", float64(took.Microseconds())/1000),
				slog.String("actor", factsOf(ctx).actor), slog.String("request_id", RequestID(ctx)))
		})
	}
}

func clip(s string) string {
	if len(s) > 256 {
		return s[:256]
	}
	return s
}

// newMetrics returns what counts a request. Methods that HTTP does not name share
// a label, so that a client cannot make up series.
func newMetrics(reg prometheus.Registerer) func(method, route string, status int, took time.Duration) {
	if reg == nil {
		return func(string, string, int, time.Duration) {}
	}
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "kontor_http_request_seconds", Help: "Time to answer a request, by method, route and status.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2, 5},
	}, []string{"method", "route", "status"})
	reg.MustRegister(seconds)
	known := map[string]bool{http.MethodOptions: true}
	for _, m := range methods {
		known[m] = true
	}
	return func(method, route string, status int, took time.Duration) {
		if !known[method] {
			method = "other"
		}
		if route == "" {
			route = "none"
		}
		seconds.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// recoverer turns a panic into a 500. If the answer has begun, it breaks the
// connection, so that the client does not take half an answer for a whole one.
func recoverer(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				v := recover()
				if v == nil {
					return
				}
				if v == http.ErrAbortHandler { //nolint:errorlint // the server compares it like this
					panic(v)
				}
				log.ErrorContext(r.Context(), "panic in a handler", "error", fmt.Sprint(v),
					"request_id", RequestID(r.Context()), "stack", string(debug.Stack()))
				if rec, ok := w.(*recorder); ok && rec.status != 0 {
					panic(http.ErrAbortHandler)
				}
				problem.Write(w, r, problem.New(problem.Internal, ""))
			}()
			next.ServeHTTP(w, r)
		})
	}
}
