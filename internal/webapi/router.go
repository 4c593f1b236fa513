package webapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/kontor-dev/kontor/internal/problem"
)

// newRouter returns a chi router with everything that does not need to know the
// operation.
func newRouter(cfg Config) chi.Router {
	r := chi.NewRouter()
	r.Use(otelhttp.NewMiddleware("http"), requestID, observe(cfg), recoverer(cfg.Log), secure, refuseBadFraming, middleware.GetHead)
	r.NotFound(func(w http.ResponseWriter, req *http.Request) {
		problem.Write(w, req, problem.New(problem.NotFound, ""))
	})
	r.MethodNotAllowed(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Allow", strings.Join(allowed(r, req), ", "))
		if req.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		problem.Write(w, req, problem.New(problem.MethodNotAllowed, ""))
	})
	return r
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
}

// allowed asks the routes which methods they have for the path of req.
func allowed(routes chi.Routes, req *http.Request) []string {
	path := req.URL.RawPath
	if path == "" {
		path = req.URL.Path
	}
	found := []string{http.MethodOptions}
	for _, m := range methods {
		probe := m
		if m == http.MethodHead {
			probe = http.MethodGet // every GET has its HEAD
		}
		if routes.Match(chi.NewRouteContext(), probe, path) {
			found = append(found, m)
		}
	}
	slices.Sort(found)
	return found
}

// secure sets the headers of every answer. A handler may replace Cache-Control
// and, if it serves pages, the policy.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

const (
	maxURI     = 8 << 10
	maxHeaders = 100
)

// refuseBadFraming refuses what no route of ours understands: paths that mean
// another path, query strings that parsers read differently, parameters given
// twice, too many headers.
func refuseBadFraming(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := framing(r); p != nil {
			problem.Write(w, r, p)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func framing(r *http.Request) *problem.Problem {
	if len(r.RequestURI) > maxURI {
		return problem.New(problem.URITooLong, "")
	}
	count := 0
	for _, values := range r.Header {
		count += len(values)
	}
	if count > maxHeaders {
		return problem.New(problem.HeadersTooLarge, "")
	}
	if !canonical(r.URL.Path) {
		return problem.New(problem.NotFound, "")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return problem.At(problem.BadRequest, "query", "expected a query string")
	}
	for name, values := range query {
		location := "query"
		if isPlainName(name) {
			location = "query." + name
		}
		if len(values) > 1 {
			return problem.At(problem.BadRequest, location, "expected once")
		}
		if !isText(name) || !isText(values[0]) {
			return problem.At(problem.BadRequest, location, "expected UTF-8 without control characters")
		}
	}
	return nil
}

// canonical reports whether path has no empty and no dot segments. Below /v1 a
// trailing slash is an empty segment too.
func canonical(path string) bool {
	if path == "/" || path == "*" {
		return true
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		last := i == len(segments)-1
		if s == "." || s == ".." || s == "" && (!last || strings.HasPrefix(path, "/v1/")) {
			return false
		}
	}
	return true
}
