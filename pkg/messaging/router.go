package messaging

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
)

// Router hands each message to the handler of its type. Fill it at start-up with [On]; Handle is safe for concurrent use. A type
// without a handler is done, and counted. Make one with [NewRouter].
type Router struct {
	handlers   map[string]Handler
	middleware []Middleware
	skipped    atomic.Int64
}

// NewRouter returns a Router whose handlers are wrapped in middleware, the first one outermost.
func NewRouter(middleware ...Middleware) *Router {
	return &Router{handlers: map[string]Handler{}, middleware: middleware}
}

// On registers h for messages of type typ, whose Data is a T. Data that does not decode is [Permanent]. It panics when typ has a
// handler already.
func On[T any](r *Router, typ string, h func(ctx context.Context, m Message, data T) error) {
	if _, twice := r.handlers[typ]; twice {
		panic(fmt.Sprintf("messaging: %q is registered twice", typ))
	}
	next := Handler(func(ctx context.Context, m Message) error {
		var data T
		if err := json.Unmarshal(m.Data, &data); err != nil {
			return Permanent(fmt.Errorf("decode %s %s: %w", m.Type, m.ID, err))
		}
		return h(ctx, m, data)
	})
	for _, wrap := range slices.Backward(r.middleware) {
		next = wrap(next)
	}
	r.handlers[typ] = next
}

// Handle gives m to the handler of its type.
func (r *Router) Handle(ctx context.Context, m Message) error {
	h, ok := r.handlers[m.Type]
	if !ok {
		r.skipped.Add(1)
		return nil
	}
	return h(ctx, m)
}

// Knows says whether typ has a handler.
func (r *Router) Knows(typ string) bool { return r.handlers[typ] != nil }

// Skipped is how many messages had no handler.
func (r *Router) Skipped() int64 { return r.skipped.Load() }
