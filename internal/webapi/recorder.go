package webapi

import "net/http"

// recorder remembers status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if status >= http.StatusOK && r.status == 0 {
		r.status = status
		if caching := r.Header()["Cache-Control"]; len(caching) > 1 {
			r.Header()["Cache-Control"] = caching[len(caching)-1:] // huma adds an error's headers to ours
		}
		if status == http.StatusNotModified || status == http.StatusNoContent {
			r.Header().Del("Content-Type") // huma negotiates one before it knows
		}
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Flush sends what was written so far, for answers that go on.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }

// Unwrap lets http.ResponseController reach deadlines and flushing.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
