package devissuer_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/auth/devissuer"
	"github.com/kontor-dev/kontor/internal/auth/verifier"
)

// serve starts an issuer on a test server.
func serve(t *testing.T) (*devissuer.Issuer, *httptest.Server) {
	t.Helper()
	var issuer *devissuer.Issuer
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	issuer, err := devissuer.New(srv.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", issuer.Handler())
	return issuer, srv
}

func TestAServiceAcceptsAMintedToken(t *testing.T) {
	issuer, _ := serve(t)
	token, err := issuer.Mint("anna", 0, auth.Support, auth.Finance)
	if err != nil {
		t.Fatal(err)
	}
	v := verifier.New(auth.Config{Issuer: issuer.URL()}, verifier.Options{})
	got, err := v.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Principal{Issuer: issuer.URL(), Subject: "anna", Roles: []auth.Role{auth.Support, auth.Finance}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheTokenEndpoint(t *testing.T) {
	issuer, srv := serve(t)
	v := verifier.New(auth.Config{Issuer: issuer.URL()}, verifier.Options{})
	for _, c := range []struct {
		name   string
		form   url.Values
		status int
		roles  []auth.Role
	}{
		{"a customer by default", url.Values{"subject": {"bob"}}, 200, []auth.Role{auth.Customer}},
		{"roles in one field or several", url.Values{"subject": {"bob"}, "roles": {"support finance", "admin"}}, 200, []auth.Role{auth.Support, auth.Finance, auth.Admin}},
		{"no subject", url.Values{"roles": {"admin"}}, 422, nil},
		{"nothing", url.Values{}, 400, nil},
		{"an unknown role", url.Values{"subject": {"bob"}, "roles": {"king"}}, 422, nil},
		{"a bad ttl", url.Values{"subject": {"bob"}, "ttl": {"-1h"}}, 422, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, err := srv.Client().PostForm(srv.URL+devissuer.TokenPath, c.form)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != c.status {
				t.Fatalf("status %d, want %d", resp.StatusCode, c.status)
			}
			if c.status != 200 {
				return
			}
			var body struct {
				AccessToken string `json:"access_token"`
				ExpiresIn   int    `json:"expires_in"`
			}
			if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
				t.Fatal(err)
			}
			p, err := v.Verify(t.Context(), body.AccessToken)
			if err != nil || !cmp.Equal(p.Roles, c.roles) || body.ExpiresIn != 12*3600 {
				t.Errorf("principal %+v, expires in %d, err %v", p, body.ExpiresIn, err)
			}
		})
	}
}

func TestTheTokenEndpointReadsJSON(t *testing.T) {
	_, srv := serve(t)
	for body, status := range map[string]int{`{"subject":"anna","roles":["support"]}`: 200, `{"subject":`: 400} {
		resp, err := srv.Client().Post(srv.URL+devissuer.TokenPath, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s: status %d, want %d", body, resp.StatusCode, status)
		}
	}
}

func TestTheKeySurvivesARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "dev-key.pem")
	mint := func() (*devissuer.Issuer, string) {
		i, err := devissuer.New("http://x", path)
		if err != nil {
			t.Fatal(err)
		}
		token, err := i.Mint("a", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return i, token
	}
	_, token := mint()
	again, _ := mint()
	srv := httptest.NewServer(again.Handler())
	defer srv.Close()
	v := verifier.New(auth.Config{Issuer: "http://x", JWKSURL: srv.URL + devissuer.KeysPath}, verifier.Options{})
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, err %v; want 0600", info.Mode(), err)
	}
}

func TestABadKeyFileIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	for _, text := range []string{"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := devissuer.New("http://x", path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: err %v", text, err)
		}
	}
}

func TestAnAcceptOfPlainTextGetsTheTokenAndNothingElse(t *testing.T) {
	issuer, err := devissuer.New("http://localhost:8080", "")
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, devissuer.TokenPath, strings.NewReader("subject=alice&roles=customer"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "text/plain")
	rec := httptest.NewRecorder()
	issuer.Handler().ServeHTTP(rec, req)
	if got := rec.Body.String(); rec.Code != http.StatusOK || strings.Count(got, ".") != 2 || strings.Count(got, "\n") != 1 {
		t.Errorf("got %d %q, want three parts and a line end", rec.Code, got)
	}
}
