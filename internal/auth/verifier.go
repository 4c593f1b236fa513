package auth

import (
	"context"
	"errors"
)

var (
	// ErrUnauthenticated is matched by the error of every token that is not valid.
	ErrUnauthenticated = errors.New("auth: token is not valid")
	// ErrUnavailable is matched when no token can be verified at present, because
	// no key of the issuer was ever fetched. Such a request is refused, never let in.
	ErrUnavailable = errors.New("auth: no keys of the issuer")
)

// Verifier tells whose token it is. Implementations are safe for concurrent use.
type Verifier interface {
	// Verify returns the principal of a bearer token. Its error matches
	// ErrUnauthenticated or ErrUnavailable.
	Verify(ctx context.Context, token string) (Principal, error)
}

// VerifierFunc is a function as a Verifier.
type VerifierFunc func(ctx context.Context, token string) (Principal, error)

// Verify calls f.
func (f VerifierFunc) Verify(ctx context.Context, token string) (Principal, error) {
	return f(ctx, token)
}
