package webapi

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/kontor-dev/kontor/internal/problem"
)

// negotiate refuses a request whose answer the client would not accept, or whose
// body is not what the operation reads, before anything is read.
func (a *API) negotiate(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	op := ctx.Operation()
	switch {
	case !accepts(r.Header.Values("Accept"), produced(op)):
		problem.Write(w, r, problem.New(problem.NotAcceptable, ""))
	case !readable(r, op):
		problem.Write(w, r, problem.New(problem.UnsupportedMediaType, ""))
	case op.MaxBodyBytes > 0 && r.ContentLength >= op.MaxBodyBytes: // one more than allowed, see Handle
		problem.Write(w, r, problem.New(problem.BodyTooLarge, ""))
	default:
		next(ctx)
	}
}

// produced lists the media types of an operation's answers.
func produced(op *huma.Operation) []string {
	types := []string{"application/json", problem.MediaType}
	for _, resp := range op.Responses {
		for t := range resp.Content {
			types = append(types, t)
		}
	}
	return types
}

// accepts reports whether the Accept headers leave at least one of types. No
// header accepts everything.
func accepts(headers, types []string) bool {
	if len(headers) == 0 {
		return true
	}
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			if strings.TrimSpace(part) == "" {
				continue
			}
			want, params, err := mime.ParseMediaType(part)
			if err != nil || isZero(params["q"]) {
				continue
			}
			major, isRange := strings.CutSuffix(want, "/*")
			for _, t := range types {
				if want == "*/*" || want == t || isRange && strings.HasPrefix(t, major+"/") {
					return true
				}
			}
		}
	}
	return strings.TrimSpace(strings.Join(headers, "")) == ""
}

func isZero(q string) bool {
	f, err := strconv.ParseFloat(q, 64)
	return err == nil && f == 0
}

// readable reports whether the body, if there is one, is of a type and encoding
// that the operation reads.
func readable(r *http.Request, op *huma.Operation) bool {
	if op.RequestBody == nil || r.ContentLength == 0 {
		return true
	}
	for _, encoding := range r.Header.Values("Content-Encoding") {
		if !strings.EqualFold(strings.TrimSpace(encoding), "identity") {
			return false
		}
	}
	if len(r.Header.Values("Content-Type")) != 1 {
		return false
	}
	t, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return false
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	read := make([]string, 0, len(op.RequestBody.Content))
	for name := range op.RequestBody.Content {
		read = append(read, name)
	}
	return slices.Contains(read, t)
}
