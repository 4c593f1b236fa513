package devissuer

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
)

// Handler serves the issuer below the path of its URL, which must be stripped:
// GET /.well-known/openid-configuration, GET /jwks and POST /token with the form
// fields subject, role (several) and ttl.
func (i *Issuer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": i.url, "jwks_uri": i.url + "/jwks", "token_endpoint": i.url + "/token",
			"id_token_signing_alg_values_supported": []string{string(jose.ES256)},
			"response_types_supported":              []string{"token"}, "subject_types_supported": []string{"public"},
		})
	})
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.public}})
	})
	mux.HandleFunc("POST /token", i.token)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.New(problem.NotFound, ""))
	})
	return mux
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if err := r.ParseForm(); err != nil {
		problem.Write(w, r, problem.At(problem.BadRequest, "body", "expected a form"))
		return
	}
	ttl := DefaultTTL
	if text := r.Form.Get("ttl"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			problem.Write(w, r, problem.At(problem.ValidationFailed, "body.ttl", "expected a duration such as 1h"))
			return
		}
		ttl = d
	}
	token, err := i.Mint(r.Form.Get("subject"), ttl, RolesOf(r.Form["role"])...)
	if err != nil {
		problem.Write(w, r, problem.At(problem.ValidationFailed, "body", "expected a subject and known roles"))
		return
	}
	answer(w, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(ttl.Seconds())})
}

// RolesOf splits names at commas and blanks; none at all is a customer.
func RolesOf(names []string) []auth.Role {
	var roles []auth.Role
	for _, name := range strings.FieldsFunc(strings.Join(names, ","), func(r rune) bool { return r == ',' || r == ' ' }) {
		roles = append(roles, auth.Role(name))
	}
	if len(roles) == 0 {
		return []auth.Role{auth.Customer}
	}
	return roles
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v) // a client that left needs no answer
}
