package problem

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel/trace"
)

// Outcome tells the caller of a command whether a failed answer means that
// nothing was done.
type Outcome string

// The outcomes of a 503.
const (
	NotExecuted Outcome = "not_executed" // nothing was done
	Unknown     Outcome = "unknown"      // repeat with the same key to find out
)

// Detail is one place of the request that was refused.
type Detail struct {
	Location string `json:"location" doc:"Where, such as body.lines[0].quantity or header.If-Match"`
	Message  string `json:"message" doc:"What was expected there; never the value that was sent"`
}

// Problem is one refusal as the client sees it. It is an error, so that handlers
// return it, and huma writes it with its status and headers. Do not change a
// Problem after it was returned.
type Problem struct {
	Type    string   `json:"type" doc:"Path of the page that explains the code" example:"/problems/version_mismatch"`
	Title   string   `json:"title" doc:"The same for every occurrence of the code"`
	Status  int      `json:"status" doc:"The HTTP status"`
	Detail  string   `json:"detail,omitempty" doc:"About this occurrence, for people"`
	Code    Code     `json:"code" doc:"Stable name of the reason" example:"version_mismatch"`
	Errors  []Detail `json:"errors,omitempty" doc:"The places that were refused"`
	Maximum any      `json:"maximum,omitempty" doc:"What would be accepted at most, for codes that say so"`
	TraceID string   `json:"trace_id,omitempty" doc:"Under which the log tells more"`
	Outcome Outcome  `json:"outcome,omitempty" enum:"not_executed,unknown" doc:"Of a 503: whether the command took effect"`

	header http.Header
}

// New returns the problem of a code, with the status and title of its row in
// Codes. detail is shown to the client: write it for people, without values that
// were sent, and leave it empty if the title says it all. A 429 or 503 gets a
// Retry-After of 1 to 5 seconds; a 503 says that nothing was executed, except
// store_unavailable, whose outcome is unknown until WithOutcome says better.
// New panics for a code that is not in Codes: that is a bug.
func New(code Code, detail string) *Problem {
	info, ok := Lookup(code)
	if !ok {
		panic(fmt.Sprintf("problem: %q is not in the table of codes", code))
	}
	p := &Problem{
		Type: "/problems/" + string(code), Title: info.Title, Status: info.Status,
		Code: code, Detail: detail,
	}
	switch info.Status {
	case http.StatusTooManyRequests:
		p.retryAfter()
	case http.StatusServiceUnavailable:
		p.retryAfter()
		p.Outcome = NotExecuted
		if code == StoreUnavailable {
			p.Outcome = Unknown
		}
	case http.StatusUnauthorized:
		p.WithHeader("WWW-Authenticate", `Bearer realm="kontor"`)
	}
	return p
}

// At returns the problem of a code that is about one place of the request.
func At(code Code, location, message string) *Problem {
	return New(code, "").WithErrors(Detail{Location: location, Message: message})
}

func (p *Problem) retryAfter() {
	// Jitter keeps the callers of one bad moment from coming back together.
	p.WithHeader("Retry-After", strconv.Itoa(1+rand.IntN(5)))
}

// WithErrors adds places to p and returns p.
func (p *Problem) WithErrors(errors ...Detail) *Problem {
	p.Errors = append(p.Errors, errors...)
	return p
}

// WithMaximum says what would be accepted at most, and returns p. maximum is
// written as JSON.
func (p *Problem) WithMaximum(maximum any) *Problem {
	p.Maximum = maximum
	return p
}

// WithOutcome says whether the command took effect, and returns p.
func (p *Problem) WithOutcome(o Outcome) *Problem {
	p.Outcome = o
	return p
}

// WithHeader sets a header of the answer and returns p.
func (p *Problem) WithHeader(key, value string) *Problem {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(key, value)
	return p
}

// WithTrace returns a copy of p that carries the trace id of ctx.
func (p *Problem) WithTrace(ctx context.Context) *Problem {
	c := *p
	c.TraceID = TraceID(ctx)
	return &c
}

// Error returns code and detail, for logs and tests.
func (p *Problem) Error() string {
	if p.Detail == "" {
		return string(p.Code)
	}
	return string(p.Code) + ": " + p.Detail
}

// GetStatus returns the HTTP status; it makes p a huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders returns the headers of the answer; it makes p a huma.HeadersError.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType returns the media type of problems, whatever was negotiated.
func (p *Problem) ContentType(string) string { return MediaType }

// MediaType is the media type of every problem.
const MediaType = "application/problem+json"

type traceIDKey struct{}

// ContextWithTraceID returns a context whose problems carry id if no span does.
func ContextWithTraceID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, traceIDKey{}, id)
}

// TraceID returns the id of the span in ctx, else that of ContextWithTraceID,
// else "".
func TraceID(ctx context.Context) string {
	if sc := trace.SpanContextFromContext(ctx); sc.HasTraceID() {
		return sc.TraceID().String()
	}
	id, _ := ctx.Value(traceIDKey{}).(string)
	return id
}
