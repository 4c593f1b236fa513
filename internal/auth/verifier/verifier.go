package verifier

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"github.com/kontor-dev/kontor/internal/auth"
)

const (
	leeway   = 60 * time.Second
	maxToken = 8 << 10 // bytes
)

var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.ES256}

// Options has what tests and one-process set-ups replace. The zero value works.
type Options struct {
	Client *http.Client     // fetches keys; default: 5 s in all, no redirects
	Now    func() time.Time // default: time.Now
}

// Verifier checks tokens of one issuer.
type Verifier struct {
	tokens     *oidc.IDTokenVerifier
	rolesClaim []string
	now        func() time.Time
	cache      cache
}

var _ auth.Verifier = (*Verifier)(nil)

// New returns a verifier for cfg, which must be valid. It fetches nothing yet, so
// a service starts while its issuer is away.
func New(cfg auth.Config, o Options) *Verifier {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Client == nil {
		o.Client = &http.Client{
			Timeout:       5 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	claim := cfg.RolesClaim
	if claim == "" {
		claim = "roles"
	}
	keys := &keySet{issuer: cfg.Issuer, url: cfg.JWKSURL, client: o.Client, now: o.Now}
	return &Verifier{
		rolesClaim: strings.Split(claim, "."), now: o.Now,
		tokens: oidc.NewVerifier(cfg.Issuer, keys, &oidc.Config{
			ClientID:             auth.Audience,
			SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256},
			SkipExpiryCheck:      true, // checked here, with our leeway
		}),
	}
}

// Verify returns the principal of token.
func (v *Verifier) Verify(ctx context.Context, token string) (auth.Principal, error) {
	if len(token) > maxToken {
		return auth.Principal{}, fmt.Errorf("%w: longer than %d bytes", auth.ErrUnauthenticated, maxToken)
	}
	now := v.now()
	if p, ok := v.cache.get(token, now); ok {
		return p, nil
	}
	if err := checkType(token); err != nil {
		return auth.Principal{}, fmt.Errorf("%w: %w", auth.ErrUnauthenticated, err)
	}
	var noKeys bool // go-oidc does not wrap what a key set returns
	t, err := v.tokens.Verify(context.WithValue(ctx, noKeysKey{}, &noKeys), token)
	if err != nil {
		if noKeys {
			return auth.Principal{}, fmt.Errorf("%w: %w", auth.ErrUnavailable, err)
		}
		return auth.Principal{}, fmt.Errorf("%w: %w", auth.ErrUnauthenticated, err)
	}
	p, err := v.principal(t)
	if err != nil {
		return auth.Principal{}, fmt.Errorf("%w: %w", auth.ErrUnauthenticated, err)
	}
	v.cache.put(token, p, now, t.Expiry)
	return p, nil
}

func (v *Verifier) principal(t *oidc.IDToken) (auth.Principal, error) {
	var times struct {
		Exp *json.Number `json:"exp"`
		Nbf *json.Number `json:"nbf"`
		Iat *json.Number `json:"iat"`
	}
	claims := map[string]any{}
	if err := errors.Join(t.Claims(&times), t.Claims(&claims)); err != nil {
		return auth.Principal{}, err
	}
	if times.Exp == nil {
		return auth.Principal{}, errors.New("no exp")
	}
	if err := checkTimes(v.now(), times.Exp, times.Nbf, times.Iat); err != nil {
		return auth.Principal{}, err
	}
	if t.Subject == "" || len(t.Subject) > 255 || !isPlain(t.Subject) {
		return auth.Principal{}, errors.New("no usable sub")
	}
	return auth.Principal{Issuer: t.Issuer, Subject: t.Subject, Roles: roles(claims, v.rolesClaim)}, nil
}

func checkTimes(now time.Time, exp, nbf, iat *json.Number) error {
	at := func(n *json.Number) (time.Time, error) {
		f, err := n.Float64()
		if err != nil || f < 0 || f > 1<<40 {
			return time.Time{}, errors.New("a time is no time")
		}
		return time.Unix(int64(f), 0), nil
	}
	end, err := at(exp)
	if err != nil {
		return err
	}
	if !now.Before(end.Add(leeway)) {
		return errors.New("expired")
	}
	for _, n := range []*json.Number{nbf, iat} {
		if n == nil {
			continue
		}
		begin, err := at(n)
		if err != nil {
			return err
		}
		if now.Add(leeway).Before(begin) {
			return errors.New("from the future")
		}
	}
	return nil
}

// isPlain refuses what has no place in an id: control characters and blanks.
func isPlain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// roles reads known roles from the claim at path: an array of strings, or one
// string with blanks between. What is no role of ours is left out.
func roles(claims map[string]any, path []string) []auth.Role {
	var node any = claims
	for _, name := range path {
		object, ok := node.(map[string]any)
		if !ok {
			return nil
		}
		node = object[name]
	}
	granted := map[string]bool{}
	switch list := node.(type) {
	case string:
		for _, name := range strings.Fields(list) {
			granted[name] = true
		}
	case []any:
		for _, name := range list {
			if s, ok := name.(string); ok {
				granted[s] = true
			}
		}
	}
	var known []auth.Role
	for _, r := range auth.Roles() {
		if granted[string(r)] {
			known = append(known, r)
		}
	}
	return known
}

// checkType looks at the header's typ, which the library leaves alone: an id
// token of a login, or a logout token, is no access token.
func checkType(token string) error {
	head, _, ok := strings.Cut(token, ".")
	if !ok {
		return errors.New("no JWT")
	}
	raw, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return errors.New("header is not base64url")
	}
	var header struct {
		Typ string `json:"typ"`
	}
	if err := json.Unmarshal(raw, &header); err != nil {
		return errors.New("header is not JSON")
	}
	switch strings.ToLower(header.Typ) {
	case "", "jwt", "at+jwt", "application/at+jwt":
		return nil
	}
	return errors.New("typ is not that of an access token")
}
