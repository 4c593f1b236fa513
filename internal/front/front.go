package front

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"time"

	"github.com/kontor-dev/kontor/internal/auth/devissuer"
	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
)

const grace = 10 * time.Second

// Run listens on cfg.Addr and serves until ctx ends.
func Run(ctx context.Context, cfg Config, log *slog.Logger) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	ln, err := webapi.Listen(ctx, cfg.Addr, 0)
	if err != nil {
		return err
	}
	return Serve(ctx, ln, cfg, log)
}

// Serve is Run on a listener that is open already. It closes ln.
func Serve(ctx context.Context, ln net.Listener, cfg Config, log *slog.Logger) error {
	h, err := New(cfg, log)
	if err != nil {
		_ = ln.Close() // the error that matters is err
		return err
	}
	if cfg.Issuer != "" {
		log.Warn("front is a development issuer: whoever reaches this port can be anybody", "issuer", cfg.Issuer)
	}
	srv := webapi.NewServer(h, log)
	srv.RegisterOnShutdown(h.endStreams)
	log.Info("listening", "url", "http://"+ln.Addr().String())
	return lifecycle.Run(ctx, log, lifecycle.HTTP("front", srv, ln, grace))
}

// Handler is front without its listener.
type Handler struct {
	pages      http.Handler
	services   map[string]*httputil.ReverseProxy
	dev        *devPages // nil without an issuer
	log        *slog.Logger
	streams    context.Context // of answers that go on
	endStreams context.CancelFunc
}

// New returns front as a handler.
func New(cfg Config, log *slog.Logger) (*Handler, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	h := &Handler{services: map[string]*httputil.ReverseProxy{}, log: log}
	h.streams, h.endStreams = context.WithCancel(context.Background())
	transport := newTransport()
	for service, base := range map[string]string{Order: cfg.OrderURL, Payment: cfg.PaymentURL, Query: cfg.QueryURL} {
		u, err := url.Parse(base)
		if err != nil {
			return nil, fmt.Errorf("URL of the %s service: %w", service, err)
		}
		h.services[service] = newProxy(service, u, transport, log)
	}
	if cfg.Issuer != "" {
		issuer, err := devissuer.New(cfg.Issuer, cfg.DevKeyFile)
		if err != nil {
			return nil, err
		}
		h.dev = &devPages{issuer: issuer}
	}
	h.pages = newPages(h.dev)
	return h, nil
}

// ServeHTTP sends r to the service that has it, or answers with a page of front.
// Whatever changes something and comes from another origin's page is refused,
// since a cookie would have come along.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	id := r.Header.Get("X-Request-ID")
	if id == "" || len(id) > 64 {
		id = rand.Text()
		r.Header.Set("X-Request-ID", id)
	}
	r = r.WithContext(withBodyError(problem.ContextWithTraceID(r.Context(), id)))
	rec := &recorder{ResponseWriter: w}
	service := "front"
	if err := crossOrigin.Check(r); err != nil {
		problem.Write(rec, r, problem.New(problem.Forbidden, "Requests from pages of another origin may not change anything."))
	} else if s := serviceFor(r.Method, r.URL.Path); s == "" {
		h.pages.ServeHTTP(rec, r)
	} else {
		service = s
		h.forward(rec, r, s)
	}
	h.log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("path", clip(r.URL.Path)),
		slog.String("to", service), slog.Int("status", rec.status), slog.Float64("ms", float64(time.Since(began).Microseconds())/1000),
		slog.String("request_id", id))
}

var crossOrigin = http.NewCrossOriginProtection()

func (h *Handler) forward(w http.ResponseWriter, r *http.Request, service string) {
	if h.dev != nil {
		h.dev.authorize(r)
	}
	if isStream(r) {
		ctx, cancel := context.WithCancel(r.Context())
		defer context.AfterFunc(h.streams, cancel)()
		defer cancel()
		r, w = r.WithContext(ctx), &patient{w}
	}
	h.services[service].ServeHTTP(w, r)
}

// isStream reports whether r asks for an answer that goes on.
func isStream(r *http.Request) bool {
	p := r.URL.Path
	return r.Method == http.MethodGet && (path.Base(p) == "stream" || matches("/v1/stream/...", p))
}

func clip(s string) string {
	if len(s) > 256 {
		return s[:256]
	}
	return s
}
