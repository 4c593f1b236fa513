package webapi

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
)

const (
	defaultDeadline    = 2 * time.Second
	defaultMaxInFlight = 256
	// DefaultMaxBody is how many bytes a body may have unless its operation says
	// otherwise in MaxBodyBytes.
	DefaultMaxBody = 64 << 10
)

// Config says what is particular about one service's API.
type Config struct {
	Name        string // "order": its OpenAPI document is at /openapi/order.json, .yaml and -3.0
	Title       string
	Description string
	Version     string

	Verifier auth.Verifier // nil: every token is refused
	// Problem says how the client sees an error of a handler; nil for what it does
	// not know, which becomes a 500 without details.
	Problem func(error) *problem.Problem
	Log     *slog.Logger          // default: slog.Default()
	Metrics prometheus.Registerer // nil: none

	Deadline    time.Duration // of a handler; default 2 s
	MaxInFlight int           // requests at work; default 256, negative: no limit
	Rate        float64       // requests per second and caller; 0: no limit
	Burst       int           // at once per caller; default Rate, rounded up
}

// API is one service's API. Register operations with Handle.
type API struct {
	huma.API
	Router chi.Router // for what is no operation, such as a console
	cfg    Config
	gate   *gate
	rates  *buckets
}

var _ http.Handler = (*API)(nil)

// NoToken as the Security of an operation makes it public.
var NoToken = []map[string][]string{{}}

// New returns an API without operations.
func New(cfg Config) *API {
	problem.Install()
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Deadline == 0 {
		cfg.Deadline = defaultDeadline
	}
	if cfg.MaxInFlight == 0 {
		cfg.MaxInFlight = defaultMaxInFlight
	}
	if cfg.Verifier == nil {
		cfg.Verifier = refuseAll
	}
	router := newRouter(cfg)
	a := &API{API: humachi.New(router, humaConfig(cfg)), Router: router, cfg: cfg}
	a.gate = newGate(cfg.MaxInFlight)
	a.rates = newBuckets(cfg.Rate, cfg.Burst, time.Now)
	a.UseMiddleware(a.negotiate, a.identify, a.limitRate, a.limitWork)
	return a
}

func humaConfig(cfg Config) huma.Config {
	c := huma.DefaultConfig(cfg.Title, cfg.Version)
	c.Info.Description = cfg.Description
	c.OpenAPIPath = "/openapi/" + cfg.Name
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil
	c.RejectUnknownQueryParameters = true
	c.Formats = map[string]huma.Format{"application/json": problem.JSON, "json": problem.JSON}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "An access token for the audience " + auth.Audience + "."},
	}
	c.Security = []map[string][]string{{"token": {}}}
	return c
}

// ServeHTTP serves the API; it makes a the handler of a server.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.Router.ServeHTTP(w, r) }

// Option changes how Handle runs an operation.
type Option func(*huma.Operation)

const (
	metaDeadline  = "webapi.deadline"
	metaStreaming = "webapi.streaming"
)

func withMeta(key string, value any) Option {
	return func(op *huma.Operation) {
		if op.Metadata == nil {
			op.Metadata = map[string]any{}
		}
		op.Metadata[key] = value
	}
}

// WithDeadline gives a handler another deadline than the API's, for one that
// waits on purpose.
func WithDeadline(d time.Duration) Option { return withMeta(metaDeadline, d) }

// Streaming marks an operation whose answer goes on for long: its handler has no
// deadline and it does not count as work in flight. It must bound its own number.
func Streaming() Option { return withMeta(metaStreaming, true) }

func isStreaming(op *huma.Operation) bool { return op.Metadata[metaStreaming] == true }
