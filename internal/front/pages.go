package front

import (
	"bytes"
	"compress/gzip"
	"embed"
	"html/template"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/kontor-dev/kontor/internal/problem"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed docs/init.js docs/page.css docs/swagger/*.gz
var assetFiles embed.FS

var templates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// policy lets pages load from this origin only; Swagger UI sets style attributes.
const policy = "default-src 'self'; img-src 'self' data:; style-src-attr 'unsafe-inline'; " +
	"frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// newPages returns what front itself serves.
func newPages(dev *devPages) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		render(w, http.StatusOK, "start", map[string]any{"Dev": dev != nil})
	})
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok\n") // a prober that left needs no answer
	})
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, _ *http.Request) {
		render(w, http.StatusOK, "docs", []string{Order, Payment, Query})
	})
	mux.HandleFunc("GET /docs/{file}", asset)
	mux.HandleFunc("GET /problems", problemList)
	mux.HandleFunc("GET /problems/{code}", problemPage)
	if dev != nil {
		dev.register(mux)
	}
	return refuseRest(mux)
}

// refuseRest answers with problems where the mux would answer with text, and does
// not redirect paths that are not canonical.
func refuseRest(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		switch {
		case pattern != "" && path.Clean(r.URL.Path) == r.URL.Path:
			secure(w)
			mux.ServeHTTP(w, r)
			return
		case pattern == "":
			probe := &headerOnly{header: http.Header{}}
			h.ServeHTTP(probe, r)
			if probe.status == http.StatusMethodNotAllowed {
				w.Header().Set("Allow", probe.header.Get("Allow"))
				problem.Write(w, r, problem.New(problem.MethodNotAllowed, ""))
				return
			}
		}
		problem.Write(w, r, problem.New(problem.NotFound, ""))
	})
}

// headerOnly takes an answer of the mux apart.
type headerOnly struct {
	header http.Header
	status int
}

func (h *headerOnly) Header() http.Header         { return h.header }
func (h *headerOnly) WriteHeader(status int)      { h.status = status }
func (h *headerOnly) Write(b []byte) (int, error) { return len(b), nil }

func secure(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
}

// render writes one of our pages. The data is ours, so a failure is a bug.
func render(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := templates.ExecuteTemplate(&page, name, data); err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // a client that left needs no answer
}

// asset serves the files of the pages, compressed ones as they are stored if the
// client reads gzip.
func asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	if data, err := assetFiles.ReadFile("docs/" + name); err == nil {
		assetHead(w, name)
		_, _ = w.Write(data) // a client that left needs no answer
		return
	}
	data, err := assetFiles.ReadFile("docs/swagger/" + name + ".gz")
	if err != nil {
		problem.Write(w, r, problem.New(problem.NotFound, ""))
		return
	}
	assetHead(w, name)
	w.Header().Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(data) // a client that left needs no answer
		return
	}
	plain, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		problem.Write(w, r, problem.New(problem.Internal, ""))
		return
	}
	_, _ = io.Copy(w, plain) // embedded, checked by a test
}

func assetHead(w http.ResponseWriter, name string) {
	types := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
	w.Header().Set("Content-Type", types[path.Ext(name)])
	w.Header().Set("Cache-Control", "public, max-age=3600")
}

func problemList(w http.ResponseWriter, _ *http.Request) {
	render(w, http.StatusOK, "problems", problem.Codes())
}

func problemPage(w http.ResponseWriter, r *http.Request) {
	info, ok := problem.Lookup(problem.Code(r.PathValue("code")))
	if !ok {
		problem.Write(w, r, problem.New(problem.NotFound, ""))
		return
	}
	same := slices.DeleteFunc(problem.Codes(), func(i problem.Info) bool { return i.Status != info.Status || i.Code == info.Code })
	render(w, http.StatusOK, "problem", map[string]any{"Info": info, "Same": same, "StatusText": http.StatusText(info.Status)})
}
