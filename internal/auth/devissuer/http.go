package devissuer

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
)

// Paths of the issuer, below its URL.
const (
	DiscoveryPath = "/.well-known/openid-configuration"
	KeysPath      = "/.well-known/jwks.json"
	TokenPath     = "/dev/token"
)

// Handler serves the issuer: GET DiscoveryPath, GET KeysPath, and POST TokenPath
// with subject, roles (none: customer) and ttl, as JSON or as a form.
func (i *Issuer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+DiscoveryPath, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": i.url, "jwks_uri": i.url + KeysPath, "token_endpoint": i.url + TokenPath,
			"id_token_signing_alg_values_supported": []string{string(jose.ES256)},
			"response_types_supported":              []string{"token"}, "subject_types_supported": []string{"public"},
		})
	})
	mux.HandleFunc("GET "+KeysPath, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.public}})
	})
	mux.HandleFunc("POST "+TokenPath, i.token)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.New(problem.NotFound, ""))
	})
	return mux
}

// request is what somebody wants to be.
type request struct {
	Subject string   `json:"subject"`
	Roles   []string `json:"roles"`
	TTL     string   `json:"ttl"`
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	want, err := read(r)
	if err != nil {
		problem.Write(w, r, problem.At(problem.BadRequest, "body", "expected JSON or a form with subject, roles and ttl"))
		return
	}
	ttl := DefaultTTL
	if want.TTL != "" {
		d, err := time.ParseDuration(want.TTL)
		if err != nil || d <= 0 {
			problem.Write(w, r, problem.At(problem.ValidationFailed, "body.ttl", "expected a duration such as 1h"))
			return
		}
		ttl = d
	}
	token, err := i.Mint(want.Subject, ttl, RolesOf(want.Roles)...)
	if err != nil {
		problem.Write(w, r, problem.At(problem.ValidationFailed, "body", "expected a subject and known roles"))
		return
	}
	if r.Header.Get("Accept") == "text/plain" { // TOKEN=$(curl …) needs no JSON reader
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = io.WriteString(w, token+"\n") // a client that left needs no answer
		return
	}
	answer(w, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(ttl.Seconds())})
}

func read(r *http.Request) (request, error) {
	var want request
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		err := json.NewDecoder(r.Body).Decode(&want)
		return want, err
	}
	if err := r.ParseForm(); err != nil {
		return want, err
	}
	if len(r.PostForm) == 0 {
		return want, errors.New("no form")
	}
	return request{r.PostForm.Get("subject"), r.PostForm["roles"], r.PostForm.Get("ttl")}, nil
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
