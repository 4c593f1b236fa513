package webapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kontor-dev/kontor/internal/problem"
)

// Handle registers op with its handler. fn gets a context with a deadline and
// the caller's principal; its error becomes a problem: one that fn made itself,
// one by Config.Problem, or a 500 that hides everything but the trace id. fn may
// return NotModified.
func Handle[I, O any](a *API, op huma.Operation, fn func(context.Context, *I) (*O, error), options ...Option) {
	for _, o := range options {
		o(&op)
	}
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = DefaultMaxBody
	}
	op.MaxBodyBytes++ // huma refuses a body of exactly the limit
	deadline := a.cfg.Deadline
	if d, ok := op.Metadata[metaDeadline].(time.Duration); ok {
		deadline = d
	}
	streaming := isStreaming(&op)
	huma.Register(a.API, op, func(ctx context.Context, in *I) (*O, error) { // not a: huma asks the API itself for its configuration
		if !streaming {
			bounded, cancel := context.WithTimeout(ctx, deadline)
			defer cancel()
			ctx = bounded
		}
		out, err := fn(ctx, in)
		if err != nil {
			return nil, a.refusal(ctx, op.OperationID, err)
		}
		return out, nil
	})
}

// refusal turns the error of a handler into what the client gets.
func (a *API) refusal(ctx context.Context, operation string, err error) error {
	var unchanged *notModified
	if errors.As(err, &unchanged) {
		return unchanged
	}
	p := a.problemOf(ctx, err)
	if p.Status >= http.StatusInternalServerError {
		level := slog.LevelError
		if p.Status == http.StatusServiceUnavailable {
			level = slog.LevelWarn
		}
		a.cfg.Log.Log(ctx, level, "request failed", "operation", operation, "code", string(p.Code),
			"error", err.Error(), "request_id", RequestID(ctx))
	}
	return p.WithTrace(ctx)
}

func (a *API) problemOf(ctx context.Context, err error) *problem.Problem {
	var p *problem.Problem
	if errors.As(err, &p) {
		return p
	}
	if a.cfg.Problem != nil {
		if p := a.cfg.Problem(err); p != nil {
			return p
		}
	}
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return problem.New(problem.Overloaded, "The request's time was up.").WithOutcome(problem.Unknown)
	}
	return problem.New(problem.Internal, "")
}

// notModified is the answer 304, which huma knows only as an error.
type notModified struct{ etag string }

// NotModified returns the error that makes a read answer 304 without a body.
func NotModified(etag string) error { return &notModified{etag} }

func (*notModified) Error() string  { return "not modified" }
func (*notModified) GetStatus() int { return http.StatusNotModified }
func (n *notModified) GetHeaders() http.Header {
	return http.Header{"Etag": {n.etag}, "Cache-Control": {ReadCaching}}
}

// ReadCaching is the Cache-Control of a read that has an ETag.
const ReadCaching = "private, no-cache"
