package verifier_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/auth/verifier"
)

// issuer is one that can be told to misbehave.
type issuer struct {
	*httptest.Server
	ec      *ecdsa.PrivateKey
	rsa     *rsa.PrivateKey
	fetches atomic.Int64
	down    atomic.Bool

	mu   sync.Mutex
	keys []jose.JSONWebKey
	name string // issuer in the discovery document
}

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	i := &issuer{}
	var err1, err2 error
	i.ec, err1 = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	i.rsa, err2 = rsa.GenerateKey(rand.Reader, 2048)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	i.keys = []jose.JSONWebKey{
		{Key: &i.ec.PublicKey, KeyID: "ec", Algorithm: "ES256", Use: "sig"},
		{Key: &i.rsa.PublicKey, KeyID: "rsa", Algorithm: "RS256", Use: "sig"},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.name, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		i.fetches.Add(1)
		if i.down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: i.keys})
	})
	i.Server = httptest.NewServer(mux)
	i.name = i.URL
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) setKeys(keys ...jose.JSONWebKey) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// claims of a good token, with changes; a nil value removes a claim.
func (i *issuer) claims(changes map[string]any) map[string]any {
	c := map[string]any{
		"iss": i.URL, "sub": "anna", "aud": "kontor", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "roles": []string{"customer"},
	}
	for k, v := range changes {
		if v == nil {
			delete(c, k)
			continue
		}
		c[k] = v
	}
	return c
}

func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, kid, typ string, claims any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	if typ != "" {
		options.WithType(jose.ContentType(typ))
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (i *issuer) token(t testing.TB, changes map[string]any) string {
	return sign(t, jose.ES256, i.ec, "ec", "at+jwt", i.claims(changes))
}

// clock is a time that tests move.
type clock struct{ atomic.Int64 }

func (c *clock) now() time.Time { return now.Add(time.Duration(c.Load())) }

func (i *issuer) verifier(c *clock) *verifier.Verifier {
	if c == nil {
		c = &clock{}
	}
	return verifier.New(auth.Config{Issuer: i.URL}, verifier.Options{Client: i.Client(), Now: c.now})
}

func TestGoodTokens(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(nil)
	anna := auth.Principal{Issuer: i.URL, Subject: "anna", Roles: []auth.Role{auth.Customer}}
	for name, token := range map[string]string{
		"ES256":                         i.token(t, nil),
		"RS256 of type JWT":             sign(t, jose.RS256, i.rsa, "rsa", "JWT", i.claims(nil)),
		"no type":                       sign(t, jose.ES256, i.ec, "ec", "", i.claims(nil)),
		"no key id":                     sign(t, jose.ES256, i.ec, "", "at+jwt", i.claims(nil)),
		"several audiences":             i.token(t, map[string]any{"aud": []string{"other", "kontor"}}),
		"expired less than a minute":    i.token(t, map[string]any{"exp": now.Add(-59 * time.Second).Unix()}),
		"issued in less than a minute":  i.token(t, map[string]any{"iat": now.Add(59 * time.Second).Unix()}),
		"roles as text, unknown ones":   i.token(t, map[string]any{"roles": "offline customer"}),
		"roles of mixed types":          i.token(t, map[string]any{"roles": []any{"customer", 7, nil, "king"}}),
		"a time that is not an integer": i.token(t, map[string]any{"iat": 1.5}),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := v.Verify(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(anna, p); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func unsigned(claims map[string]any) string {
	payload, _ := json.Marshal(claims)
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

// TestBadTokens are the token rows (T) of the matrix of bad input.
func TestBadTokens(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(nil)
	good := i.token(t, nil)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&i.rsa.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	for name, token := range map[string]string{
		"T1 nothing":                        "",
		"T3 truncated":                      good[:len(good)-20],
		"T3 two parts":                      parts[0] + "." + parts[1],
		"T3 four parts":                     good + ".x",
		"T3 garbage":                        "a.b.c",
		"T4 alg none":                       unsigned(i.claims(nil)),
		"T5 HS256 with the public key":      sign(t, jose.HS256, public, "rsa", "JWT", i.claims(nil)),
		"T5 ES384":                          "eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCJ9." + parts[1] + "." + parts[2],
		"T6 an unknown key":                 sign(t, jose.ES256, other, "other", "JWT", i.claims(nil)),
		"T6 a key id that is a path":        sign(t, jose.ES256, other, "../../etc/passwd", "JWT", i.claims(nil)),
		"T6 a key id that is SQL":           sign(t, jose.ES256, other, "' or 1=1 --", "JWT", i.claims(nil)),
		"T7 another key under a known id":   sign(t, jose.ES256, other, "ec", "JWT", i.claims(nil)),
		"T7 changed claims":                 parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"admin"}`)) + "." + parts[2],
		"T8 expired":                        i.token(t, map[string]any{"exp": now.Add(-time.Minute).Unix()}),
		"T8 no expiry":                      i.token(t, map[string]any{"exp": nil}),
		"T8 nbf in the future":              i.token(t, map[string]any{"nbf": now.Add(61 * time.Second).Unix()}),
		"T8 iat in the future":              i.token(t, map[string]any{"iat": now.Add(61 * time.Second).Unix()}),
		"T8 times that are none":            i.token(t, map[string]any{"exp": 1e300}),
		"T9 another issuer":                 i.token(t, map[string]any{"iss": "https://other"}),
		"T9 the issuer with a slash":        i.token(t, map[string]any{"iss": i.URL + "/"}),
		"T9 another audience":               i.token(t, map[string]any{"aud": "other"}),
		"T9 no audience":                    i.token(t, map[string]any{"aud": nil}),
		"T9 a logout token":                 sign(t, jose.ES256, i.ec, "ec", "logout+jwt", i.claims(nil)),
		"T10 no subject":                    i.token(t, map[string]any{"sub": nil}),
		"T10 a subject with a line feed":    i.token(t, map[string]any{"sub": "anna\nadmin"}),
		"T10 a subject that is a number":    i.token(t, map[string]any{"sub": 7}),
		"T15 8 KiB":                         i.token(t, map[string]any{"x": strings.Repeat("x", 8<<10)}),
		"T15 10,000 claims":                 i.token(t, manyClaims(10_000)),
		"a JSON serialization instead":      `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"claims that are no object":         sign(t, jose.ES256, i.ec, "ec", "JWT", []int{1}),
		"claims from elsewhere (aggregate)": i.token(t, map[string]any{"_claim_names": map[string]string{"roles": "x"}}),
	} {
		t.Run(name, func(t *testing.T) {
			if p, err := v.Verify(t.Context(), token); !errors.Is(err, auth.ErrUnauthenticated) || !p.IsZero() {
				t.Errorf("principal %+v, err %v", p, err)
			}
		})
	}
}

func manyClaims(n int) map[string]any {
	c := map[string]any{}
	for k := range n {
		c[fmt.Sprintf("c%d", k)] = k
	}
	return c
}

func TestRolesCanBeDeepInTheToken(t *testing.T) {
	i := newIssuer(t)
	v := verifier.New(auth.Config{Issuer: i.URL, RolesClaim: "realm_access.roles"}, verifier.Options{Client: i.Client(), Now: (&clock{}).now})
	p, err := v.Verify(t.Context(), i.token(t, map[string]any{"realm_access": map[string]any{"roles": []string{"admin"}}}))
	if err != nil || !p.Has(auth.Admin) {
		t.Errorf("principal %+v, err %v", p, err)
	}
	if p, err = v.Verify(t.Context(), i.token(t, nil)); err != nil || len(p.Roles) != 0 {
		t.Errorf("without the claim: %+v, err %v", p, err)
	}
}

func TestForgedTokensDoNotHammerTheIssuer(t *testing.T) {
	i, c := newIssuer(t), &clock{}
	v := i.verifier(c)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	forged := sign(t, jose.ES256, other, "unknown", "JWT", i.claims(nil))
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { _, _ = v.Verify(context.Background(), forged) })
	}
	wg.Wait()
	if n := i.fetches.Load(); n != 1 {
		t.Errorf("%d fetches, want 1", n)
	}
	c.Store(int64(11 * time.Second))
	for range 50 {
		_, _ = v.Verify(t.Context(), forged)
	}
	if n := i.fetches.Load(); n != 2 {
		t.Errorf("%d fetches after 11 s, want 2", n)
	}
}

func TestARotatedKeyIsFound(t *testing.T) {
	i, c := newIssuer(t), &clock{}
	v := i.verifier(c)
	if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
		t.Fatal(err)
	}
	next, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i.setKeys(jose.JSONWebKey{Key: &next.PublicKey, KeyID: "next", Algorithm: "ES256"})
	c.Store(int64(11 * time.Second))
	if _, err := v.Verify(t.Context(), sign(t, jose.ES256, next, "next", "JWT", i.claims(nil))); err != nil {
		t.Error(err)
	}
	if _, err := v.Verify(t.Context(), i.token(t, nil)); !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("a key that was taken away still signs: %v", err)
	}
}

func TestTheLastGoodKeysOutliveTheIssuer(t *testing.T) {
	i, c := newIssuer(t), &clock{}
	v := i.verifier(c)
	if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
		t.Fatal(err)
	}
	i.down.Store(true)
	c.Store(int64(30 * time.Minute))
	if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
		t.Errorf("with old keys: %v", err)
	}
}

func TestWithoutAnyKeyNothingIsOpen(t *testing.T) {
	for name, break_ := range map[string]func(*issuer){
		"the issuer is down":             func(i *issuer) { i.down.Store(true) },
		"it has no keys":                 func(i *issuer) { i.setKeys() },
		"it has a symmetric key only":    func(i *issuer) { i.setKeys(jose.JSONWebKey{Key: []byte("secret"), KeyID: "ec"}) },
		"discovery is of another issuer": func(i *issuer) { i.name = "https://other" },
	} {
		t.Run(name, func(t *testing.T) {
			i, c := newIssuer(t), &clock{}
			break_(i)
			v := i.verifier(c)
			for range 3 {
				if _, err := v.Verify(t.Context(), i.token(t, nil)); !errors.Is(err, auth.ErrUnavailable) {
					t.Errorf("err %v", err)
				}
			}
			i.down.Store(false)
			i.mu.Lock()
			i.name = i.URL
			i.mu.Unlock()
			i.setKeys(jose.JSONWebKey{Key: &i.ec.PublicKey, KeyID: "ec"})
			c.Store(int64(2 * time.Second))
			if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
				t.Errorf("once it is back: %v", err)
			}
		})
	}
}

func TestACancelledCallerDoesNotTakeTheKeysFromOthers(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = v.Verify(ctx, i.token(t, nil))
	if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
		t.Error(err)
	}
}

func FuzzVerify(f *testing.F) {
	i := newIssuer(f)
	good := i.token(f, nil)
	f.Add(good)
	f.Add(good + "x")
	f.Add("a.b.c")
	v := i.verifier(nil)
	f.Fuzz(func(t *testing.T, token string) {
		p, err := v.Verify(t.Context(), token)
		if (err == nil) == p.IsZero() {
			t.Errorf("principal %+v with err %v", p, err)
		}
		if err == nil && (p.Subject != "anna" || p.Issuer != i.URL) {
			t.Errorf("a token that nobody has signed made %+v", p)
		}
	})
}
