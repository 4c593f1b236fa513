package front

import (
	"net/http"
	"strings"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/auth/devissuer"
	"github.com/kontor-dev/kontor/internal/problem"
)

const cookieName = "kontor_token"

// devPages let a person at a browser be anybody.
type devPages struct{ issuer *devissuer.Issuer }

// authorize turns the browser's cookie into the Authorization header, unless there
// is one, and keeps the cookie from the services.
func (d *devPages) authorize(r *http.Request) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return
	}
	if r.Header.Get("Authorization") == "" && c.Value != "" {
		r.Header.Set("Authorization", "Bearer "+c.Value)
	}
	var others []string
	for _, other := range r.Cookies() {
		if other.Name != cookieName {
			others = append(others, other.Name+"="+other.Value)
		}
	}
	r.Header.Del("Cookie")
	if len(others) > 0 {
		r.Header.Set("Cookie", strings.Join(others, "; "))
	}
}

// register adds the issuer and the pages to mux.
func (d *devPages) register(mux *http.ServeMux) {
	issuer := d.issuer.Handler()
	mux.Handle("GET "+devissuer.DiscoveryPath, issuer)
	mux.Handle("GET "+devissuer.KeysPath, issuer)
	mux.Handle("POST "+devissuer.TokenPath, issuer)
	mux.HandleFunc("GET /dev", func(w http.ResponseWriter, r *http.Request) {
		render(w, http.StatusOK, "sign-in", map[string]any{"Roles": auth.Roles(), "Next": localPath(r.URL.Query().Get("next"))})
	})
	mux.HandleFunc("POST /dev/sign-in", d.signIn)
	mux.HandleFunc("POST /dev/sign-out", func(w http.ResponseWriter, r *http.Request) {
		setCookie(w, "", -1)
		http.Redirect(w, r, "/dev", http.StatusSeeOther)
	})
}

func (d *devPages) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if err := r.ParseForm(); err != nil {
		problem.Write(w, r, problem.At(problem.BadRequest, "body", "expected a form"))
		return
	}
	token, err := d.issuer.Mint(strings.TrimSpace(r.PostForm.Get("subject")), 0, devissuer.RolesOf(r.PostForm["roles"])...)
	if err != nil {
		problem.Write(w, r, problem.At(problem.ValidationFailed, "body", "expected a subject and known roles"))
		return
	}
	setCookie(w, token, int(devissuer.DefaultTTL/time.Second))
	http.Redirect(w, r, localPath(r.PostForm.Get("next")), http.StatusSeeOther)
}

// setCookie sets the token's cookie. It is not Secure, as development has no TLS.
func setCookie(w http.ResponseWriter, token string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// localPath returns p if it is a path of this origin, else the start page: a
// sign-in link must not lead elsewhere.
func localPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	return p
}
