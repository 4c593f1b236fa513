package webapi

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
)

var refuseAll = auth.VerifierFunc(func(context.Context, string) (auth.Principal, error) {
	return auth.Principal{}, auth.ErrUnauthenticated
})

// identify puts the principal of the bearer token into the context, or refuses.
func (a *API) identify(ctx huma.Context, next func(huma.Context)) {
	if isPublic(ctx.Operation()) {
		next(ctx)
		return
	}
	r, w := humachi.Unwrap(ctx)
	p, refusal := a.principal(r)
	if refusal != nil {
		problem.Write(w, r, refusal)
		return
	}
	factsOf(r.Context()).actor = p.Actor()
	next(huma.WithContext(ctx, auth.WithPrincipal(r.Context(), p)))
}

// isPublic reports whether op needs no token: only if it says so itself.
func isPublic(op *huma.Operation) bool { return len(op.Security) == 1 && len(op.Security[0]) == 0 }

func (a *API) principal(r *http.Request) (auth.Principal, *problem.Problem) {
	token, ok := bearer(r.Header.Values("Authorization"))
	if !ok {
		return auth.Principal{}, problem.New(problem.Unauthenticated, "")
	}
	p, err := a.cfg.Verifier.Verify(r.Context(), token)
	switch {
	case errors.Is(err, auth.ErrUnavailable):
		a.cfg.Log.WarnContext(r.Context(), "tokens cannot be verified", "error", err.Error(), "request_id", RequestID(r.Context()))
		return auth.Principal{}, problem.New(problem.ServiceUnavailable, "Access tokens cannot be verified at present.")
	case err != nil:
		a.cfg.Log.InfoContext(r.Context(), "token refused", "error", err.Error(), "request_id", RequestID(r.Context()))
		return auth.Principal{}, problem.New(problem.Unauthenticated, "").
			WithHeader("WWW-Authenticate", `Bearer realm="kontor", error="invalid_token"`)
	}
	return p, nil
}

// bearer returns the token of exactly one Authorization header.
func bearer(headers []string) (string, bool) {
	if len(headers) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(headers[0], " ")
	token = strings.TrimSpace(token)
	return token, ok && strings.EqualFold(scheme, "Bearer") && token != ""
}
