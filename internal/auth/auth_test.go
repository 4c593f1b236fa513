package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/internal/auth"
)

func TestWhatAPrincipalMayBe(t *testing.T) {
	for _, c := range []struct {
		name     string
		roles    []auth.Role
		has      []auth.Role
		staff    bool
		customer string
		actor    string
	}{
		{"nobody's role", nil, nil, false, "", "customer:s"},
		{"a customer", []auth.Role{auth.Customer}, []auth.Role{auth.Customer}, false, "s", "customer:s"},
		{"support", []auth.Role{auth.Support}, []auth.Role{auth.Support}, true, "", "staff:s"},
		{"an admin may do what any staff may, but is no customer", []auth.Role{auth.Admin},
			[]auth.Role{auth.Support, auth.Warehouse, auth.Finance, auth.Admin}, true, "", "staff:s"},
		{"staff who also buys", []auth.Role{auth.Customer, auth.Warehouse}, []auth.Role{auth.Customer, auth.Warehouse}, true, "s", "staff:s"},
		{"a role that does not exist", []auth.Role{"king"}, nil, false, "", "customer:s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := auth.Principal{Issuer: "i", Subject: "s", Roles: c.roles}
			want := map[auth.Role]bool{}
			for _, r := range c.has {
				want[r] = true
			}
			for _, r := range auth.Roles() {
				if p.Has(r) != want[r] {
					t.Errorf("has %s: %v, want %v", r, p.Has(r), want[r])
				}
			}
			if p.IsStaff() != c.staff || p.Customer() != c.customer || p.Actor() != c.actor {
				t.Errorf("staff %v, customer %q, actor %q", p.IsStaff(), p.Customer(), p.Actor())
			}
			if p.Owns("s") != (c.customer == "s") || p.Owns("other") || p.Owns("") {
				t.Error("owns what is not its own, or not its own")
			}
		})
	}
}

func TestTheKeyTellsPrincipalsApartAndForgetsRoles(t *testing.T) {
	keys := map[string]bool{}
	for _, p := range []auth.Principal{{Issuer: "a", Subject: "b"}, {Issuer: "a\nb"}, {Issuer: "ab"}, {Subject: "ab"}, {Issuer: "a", Subject: "bc"}} {
		if keys[p.Key()] {
			t.Errorf("%+v has the key of another", p)
		}
		keys[p.Key()] = true
	}
	a := auth.Principal{Issuer: "a", Subject: "b"}
	b := auth.Principal{Issuer: "a", Subject: "b", Roles: []auth.Role{auth.Admin}}
	if a.Key() != b.Key() {
		t.Error("a role changes the key")
	}
}

func TestAContextCarriesThePrincipal(t *testing.T) {
	if p := auth.From(t.Context()); !p.IsZero() {
		t.Errorf("nobody asks, got %+v", p)
	}
	if p := auth.From(auth.WithPrincipal(t.Context(), auth.Principal{Subject: "s"})); p.Subject != "s" {
		t.Errorf("got %+v", p)
	}
}

func TestAFunctionIsAVerifier(t *testing.T) {
	var v auth.Verifier = auth.VerifierFunc(func(_ context.Context, token string) (auth.Principal, error) {
		return auth.Principal{Subject: token}, auth.ErrUnauthenticated
	})
	if p, err := v.Verify(t.Context(), "x"); p.Subject != "x" || !errors.Is(err, auth.ErrUnauthenticated) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestConfigSaysEveryProblem(t *testing.T) {
	for _, c := range []struct {
		name        string
		cfg         auth.Config
		env, listen string
		want        []string
	}{
		{"an issuer", auth.Config{Mode: auth.ModeOIDC, Issuer: "https://id.example"}, "prod", ":8081", nil},
		{"dev on loopback", auth.Config{Mode: auth.ModeDev, Issuer: "http://localhost:8080"}, "dev", "127.0.0.1:8081", nil},
		{"dev on loopback by name or IPv6", auth.Config{Mode: auth.ModeDev, Issuer: "http://x"}, "dev", "[::1]:8081", nil},
		{"dev remote on purpose", auth.Config{Mode: auth.ModeDev, Issuer: "http://x", DevRemote: true}, "dev", ":8081", nil},
		{"dev remote by mistake", auth.Config{Mode: auth.ModeDev, Issuer: "http://x"}, "dev", "0.0.0.0:8081", []string{"loopback"}},
		{"dev in prod", auth.Config{Mode: auth.ModeDev, Issuer: "http://x", DevRemote: true}, "prod", ":1", []string{"ENV=prod", "https"}},
		{"plaintext in prod", auth.Config{Mode: auth.ModeOIDC, Issuer: "http://x"}, "prod", ":1", []string{"https"}},
		{"nothing right", auth.Config{Mode: "none"}, "dev", "x", []string{"AUTH_MODE", "AUTH_ISSUER"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.cfg.Validate(c.env, c.listen)
			if (err == nil) != (len(c.want) == 0) {
				t.Fatalf("err %v", err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%v lacks %q", err, w)
				}
			}
		})
	}
}

func TestOnlyDevWarns(t *testing.T) {
	if (auth.Config{Mode: auth.ModeOIDC}).Warning() != "" || (auth.Config{Mode: auth.ModeDev}).Warning() == "" {
		t.Error("the wrong mode warns")
	}
}
