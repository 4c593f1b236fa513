package front_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/auth/verifier"
	"github.com/kontor-dev/kontor/internal/front"
	"github.com/kontor-dev/kontor/internal/problem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shop is a front with three services that say what reached them.
type shop struct {
	*httptest.Server
	cfg      front.Config
	services map[string]*httptest.Server
}

type echo struct {
	Service, Path, Query, Body, Host string
	Header                           http.Header
}

func newShop(t *testing.T, change func(*front.Config)) *shop {
	t.Helper()
	s := &shop{services: map[string]*httptest.Server{}}
	for _, name := range []string{front.Order, front.Payment, front.Query} {
		s.services[name] = httptest.NewServer(service(name))
		t.Cleanup(s.services[name].Close)
	}
	s.Server = httptest.NewUnstartedServer(nil)
	s.cfg = front.Config{
		Addr: "127.0.0.1:0", OrderURL: s.services[front.Order].URL,
		PaymentURL: s.services[front.Payment].URL, QueryURL: s.services[front.Query].URL,
		Issuer: "http://" + s.Listener.Addr().String(),
	}
	if change != nil {
		change(&s.cfg)
	}
	h, err := front.New(s.cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.Config.Handler = h
	s.Start()
	t.Cleanup(s.Close)
	s.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

func service(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		switch {
		case err != nil:
			return
		case strings.HasSuffix(r.URL.Path, "/hang-up"):
			panic(http.ErrAbortHandler)
		case r.Method == http.MethodTrace:
			w.Header().Set("Allow", "OPTIONS, POST")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("ETag", `"7"`)
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode(echo{name, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Host, r.Header})
	})
}

func (s *shop) do(t *testing.T, method, path, body string, headers ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func problemOf(t *testing.T, resp *http.Response) problem.Problem {
	t.Helper()
	var p problem.Problem
	if err := json.NewDecoder(resp.Body).Decode(&p); err != nil {
		t.Fatal(err)
	}
	if ct := resp.Header.Get("Content-Type"); ct != problem.MediaType || p.Status != resp.StatusCode || p.TraceID == "" {
		t.Errorf("%s %+v is no whole problem", ct, p)
	}
	return p
}

func TestARequestPassesUnchanged(t *testing.T) {
	s := newShop(t, nil)
	resp := s.do(t, "POST", "/v1/orders/a%2Fb/place?x=1&x=2", `{"a": 1}`,
		"Idempotency-Key: k", `If-Match: "6"`, "Authorization: Bearer t", "X-Forwarded-For: 6.6.6.6", "Traceparent: tp")
	var got echo
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusAccepted || resp.Header.Get("ETag") != `"7"` {
		t.Errorf("answer %d, %v", resp.StatusCode, resp.Header)
	}
	if got.Service != front.Order || got.Path != "/v1/orders/a%2Fb/place" || got.Query != "x=1&x=2" || got.Body != `{"a": 1}` {
		t.Errorf("got %+v", got)
	}
	for name, want := range map[string]string{
		"Idempotency-Key": "k", "If-Match": `"6"`, "Authorization": "Bearer t", "Traceparent": "tp", "X-Forwarded-For": "127.0.0.1",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if got.Host != s.Listener.Addr().String() || got.Header.Get("X-Request-Id") == "" {
		t.Errorf("host %q, request id %q", got.Host, got.Header.Get("X-Request-Id"))
	}
}

func TestAServiceThatIsDownIsA503WithItsOutcome(t *testing.T) {
	s := newShop(t, nil)
	for _, c := range []struct {
		method, path string
		down         bool
		outcome      problem.Outcome
	}{
		{"POST", "/v1/orders/hang-up", false, problem.Unknown},
		{"GET", "/v1/stock/hang-up", false, problem.NotExecuted},
		{"POST", "/v1/orders", true, problem.NotExecuted},
	} {
		if c.down {
			s.services[front.Order].Close()
		}
		resp := s.do(t, c.method, c.path, "{}")
		if p := problemOf(t, resp); p.Code != problem.ServiceUnavailable || p.Outcome != c.outcome || resp.Header.Get("Retry-After") == "" {
			t.Errorf("%s %s: %+v, Retry-After %q", c.method, c.path, p, resp.Header.Get("Retry-After"))
		}
	}
	if resp := s.do(t, "GET", "/v1/orders", ""); resp.StatusCode != http.StatusAccepted {
		t.Errorf("reads fail with the order service: %d", resp.StatusCode)
	}
}

func TestABodyThatEndsEarlyIsTheClientsFault(t *testing.T) {
	s := newShop(t, nil)
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if p := problemOf(t, resp); p.Code != problem.BadRequest {
		t.Errorf("got %+v", p)
	}
}

func TestAllowNamesTheMethodsOfBothServices(t *testing.T) {
	s := newShop(t, nil)
	if got := s.do(t, "TRACE", "/v1/orders", "").Header.Get("Allow"); got != "GET, HEAD, OPTIONS, POST" {
		t.Errorf("Allow %q", got)
	}
	if got := s.do(t, "TRACE", "/v1/orders/o/place", "").Header.Get("Allow"); got != "OPTIONS, POST" {
		t.Errorf("Allow %q", got)
	}
}

func TestPathsOfNobody(t *testing.T) {
	s := newShop(t, nil)
	for path, code := range map[string]problem.Code{
		"/nowhere": problem.NotFound, "/metrics": problem.NotFound, "/docs/": problem.NotFound, "//docs": problem.NotFound,
		"/x/../docs": problem.NotFound, "/problems/no_such_code": problem.NotFound, "/docs/none.js": problem.NotFound,
	} {
		if p := problemOf(t, s.do(t, "GET", path, "")); p.Code != code {
			t.Errorf("%s: %s, want %s", path, p.Code, code)
		}
	}
	resp := s.do(t, "DELETE", "/problems", "")
	if p := problemOf(t, resp); p.Code != problem.MethodNotAllowed || resp.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("%+v, Allow %q", p, resp.Header.Get("Allow"))
	}
}

func TestEveryProblemHasAPage(t *testing.T) {
	s := newShop(t, nil)
	list, err := io.ReadAll(s.do(t, "GET", "/problems", "").Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range problem.Codes() {
		if !strings.Contains(string(list), `href="/problems/`+string(info.Code)+`"`) {
			t.Errorf("the list lacks %s", info.Code)
		}
		resp := s.do(t, "GET", "/problems/"+string(info.Code), "")
		page, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 || !strings.Contains(string(page), "<h1>") || !strings.Contains(string(page), "</html>") {
			t.Errorf("%s: status %d, err %v", info.Code, resp.StatusCode, err)
		}
	}
}

func TestABrowserSignsInAsSomebody(t *testing.T) {
	s := newShop(t, nil)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Client().Jar = jar
	resp := s.do(t, "POST", "/dev/sign-in", url.Values{"subject": {"anna"}, "roles": {"customer"}, "next": {"/console/"}}.Encode(),
		"Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin")
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/console/" {
		t.Fatalf("status %d, location %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	cookie := resp.Header.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("cookie %q", cookie)
	}
	var got echo
	if err := json.NewDecoder(s.do(t, "GET", "/v1/orders", "", "Cookie: other=1").Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if c := got.Header.Get("Cookie"); c != "other=1" {
		t.Errorf("the service sees the cookie %q", c)
	}
	token, _ := strings.CutPrefix(got.Header.Get("Authorization"), "Bearer ")
	p, err := verifier.New(auth.Config{Issuer: s.cfg.Issuer}, verifier.Options{Client: s.Client()}).Verify(t.Context(), token)
	if err != nil || p.Subject != "anna" || !p.IsCustomer() {
		t.Errorf("principal %+v, err %v", p, err)
	}
	s.do(t, "POST", "/dev/sign-out", "", "Sec-Fetch-Site: same-origin")
	u, _ := url.Parse(s.URL)
	if left := jar.Cookies(u); len(left) != 0 {
		t.Errorf("after signing out: %v", left)
	}
}

func TestAHeaderWinsOverTheCookie(t *testing.T) {
	s := newShop(t, nil)
	var got echo
	resp := s.do(t, "GET", "/v1/orders", "", "Cookie: kontor_token=c", "Authorization: Bearer h")
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || got.Header.Get("Authorization") != "Bearer h" {
		t.Errorf("got %+v, err %v", got.Header, err)
	}
}

func TestASignInLeadsToNoOtherOrigin(t *testing.T) {
	s := newShop(t, nil)
	for _, next := range []string{"//evil.example/", "https://evil.example/", `/\evil.example`, "", "x"} {
		resp := s.do(t, "POST", "/dev/sign-in", url.Values{"subject": {"a"}, "next": {next}}.Encode(), "Content-Type: application/x-www-form-urlencoded")
		if got := resp.Header.Get("Location"); got != "/" {
			t.Errorf("next %q leads to %q", next, got)
		}
	}
}

func TestAnotherOriginsPageMayNotChangeAnything(t *testing.T) {
	s := newShop(t, nil)
	if p := problemOf(t, s.do(t, "POST", "/v1/orders", "{}", "Sec-Fetch-Site: cross-site", "Cookie: kontor_token=c")); p.Code != problem.Forbidden {
		t.Errorf("got %+v", p)
	}
	if resp := s.do(t, "GET", "/v1/orders", "", "Sec-Fetch-Site: cross-site"); resp.StatusCode != http.StatusAccepted {
		t.Errorf("a read is refused: %d", resp.StatusCode)
	}
}

func TestWithoutAnIssuerThereIsNone(t *testing.T) {
	s := newShop(t, func(c *front.Config) { c.Issuer = "" })
	for _, path := range []string{"/dev", "/dev/token", "/dev/sign-in", "/.well-known/jwks.json"} {
		for _, method := range []string{"GET", "POST"} {
			if resp := s.do(t, method, path, ""); resp.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %d, want 404", method, path, resp.StatusCode)
			}
		}
	}
}

func TestAStreamFlowsAndEndsWithTheServer(t *testing.T) {
	gone := make(chan struct{})
	query := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: one\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(gone)
	}))
	defer query.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	cfg := front.Config{Addr: ln.Addr().String(), OrderURL: query.URL, PaymentURL: query.URL, QueryURL: query.URL}
	go func() { done <- front.Serve(ctx, ln, cfg, slog.New(slog.DiscardHandler)) }()
	resp, err := http.Get("http://" + ln.Addr().String() + "/v1/orders/o/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil || line != "data: one\n" {
		t.Fatalf("line %q, err %v", line, err)
	}
	stop()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream did not end")
	}
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestConfigurationIsChecked(t *testing.T) {
	good := front.Config{Addr: "127.0.0.1:8080", OrderURL: "http://a", PaymentURL: "http://b", QueryURL: "http://c"}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*front.Config){
		"no URL":                 func(c *front.Config) { c.QueryURL = "query:8083" },
		"an issuer in prod":      func(c *front.Config) { c.Issuer, c.Env = "https://x", "prod" },
		"an issuer for everyone": func(c *front.Config) { c.Issuer, c.Addr = "http://x", ":8080" },
		"an unknown log format":  func(c *front.Config) { c.Log.Format = "xml" },
	} {
		c := good
		change(&c)
		err := c.Validate()
		if err == nil {
			t.Errorf("%s was accepted", name)
		}
		if runErr := front.Run(t.Context(), c, slog.New(slog.DiscardHandler)); runErr == nil || runErr.Error() != err.Error() {
			t.Errorf("%s: Run says %v, want %v", name, runErr, err)
		}
	}
	remote := good
	remote.Issuer, remote.Addr, remote.DevRemote = "http://x", ":8080", true
	if err := remote.Validate(); err != nil {
		t.Errorf("with DEV_REMOTE: %v", err)
	}
}

func TestATakenPortFailsAtOnce(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	cfg := front.Config{Addr: ln.Addr().String(), OrderURL: "http://a", PaymentURL: "http://b", QueryURL: "http://c"}
	var op *net.OpError
	if err := front.Run(t.Context(), cfg, slog.New(slog.DiscardHandler)); !errors.As(err, &op) {
		t.Errorf("err %v", err)
	}
}
