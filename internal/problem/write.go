package problem

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// Write answers r with p, for code that is not a huma handler. It adds the trace
// id of r and forbids to store or sniff the answer. A HEAD gets no body.
func Write(w http.ResponseWriter, r *http.Request, p *Problem) {
	p = p.WithTrace(r.Context())
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		// Only Maximum can fail to encode; the refusal matters more than its limit.
		body.Reset()
		p.Maximum = nil
		_ = enc.Encode(p) //nolint:errchkjson // strings and ints only
	}
	h := w.Header()
	for key, values := range p.header {
		h[key] = values
	}
	h.Set("Content-Type", MediaType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes()) // a client that left needs no answer
	}
}
