package auth

import "context"

type contextKey struct{}

// WithPrincipal returns a context in which p is asking.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns who is asking; the zero Principal if nobody is.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(contextKey{}).(Principal)
	return p
}
