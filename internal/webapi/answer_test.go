package webapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
)

// TestTokens are the token rows (T) that end before a verifier is asked, and what
// its two errors become.
func TestTokens(t *testing.T) {
	api, log := shop(t, nil)
	for _, c := range []struct {
		name, header string
		status       int
		code         problem.Code
	}{
		{"T1 none", "-Authorization", 401, problem.Unauthenticated},
		{"T1 an empty one", "Authorization: Bearer ", 401, problem.Unauthenticated},
		{"T2 not Bearer", "Authorization: Basic YW5uYTp4", 401, problem.Unauthenticated},
		{"T2 no scheme", "Authorization: anna", 401, problem.Unauthenticated},
		{"T3 a bad one", "Authorization: Bearer " + secret, 401, problem.Unauthenticated},
		{"T16 no keys", "Authorization: Bearer away", 503, problem.ServiceUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp := ask(t, api, "GET", "/v1/orders/x", "", c.header)
			refused(t, resp, c.status, c.code)
			if c.status == 401 && !strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("WWW-Authenticate %q", resp.Header.Get("WWW-Authenticate"))
			}
			if c.status == 503 && resp.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		})
	}
	if resp := ask(t, api, "GET", "/v1/orders/x", "", "Authorization: bearer anna", "X-User: admin"); resp.StatusCode != 200 {
		t.Errorf("a scheme in lower case: %d", resp.StatusCode)
	}
	if strings.Contains(log.String(), secret) {
		t.Error("a token is in the log")
	}
}

func TestErrorsOfHandlers(t *testing.T) {
	api, log := shop(t, func(c *webapi.Config) { c.Deadline = time.Millisecond })
	for _, c := range []struct {
		id     string
		status int
		code   problem.Code
		logged bool
	}{
		{"rule", 409, problem.InvalidTransition, false},
		{"fault", 500, problem.Internal, true},
		{"panic", 500, problem.Internal, true},
		{"slow", 503, problem.Overloaded, true},
	} {
		t.Run(c.id, func(t *testing.T) {
			before := len(log.String())
			resp := ask(t, api, "GET", "/v1/orders/"+c.id, "", "X-Request-ID: req-"+c.id)
			p := refused(t, resp, c.status, c.code)
			if c.status >= 500 && (p.Detail != "" && c.id != "slow" || len(p.Errors) > 0) {
				t.Errorf("it tells too much: %+v", p)
			}
			if c.status == 503 && (p.Outcome != problem.Unknown || resp.Header.Get("Retry-After") == "") {
				t.Errorf("%+v, Retry-After %q", p, resp.Header.Get("Retry-After"))
			}
			extra := 0
			for line := range strings.Lines(log.String()[before:]) {
				if !strings.Contains(line, `"msg":"request"`) {
					extra++
					if !strings.Contains(line, "req-"+c.id) {
						t.Errorf("the line does not name the request: %s", line)
					}
				}
			}
			if want := map[bool]int{true: 1}[c.logged]; extra != want {
				t.Errorf("%d log lines about it, want %d:\n%s", extra, want, log.String()[before:])
			}
		})
	}
}

func TestAHandlersOwnProblemIsKept(t *testing.T) {
	api, _ := shop(t, nil)
	webapi.Handle(api, huma.Operation{OperationID: "own", Method: "GET", Path: "/v1/own"}, func(context.Context, *struct{}) (*answer, error) {
		return nil, fmt.Errorf("layer: %w", problem.New(problem.ExceedsRefundable, "Less.").WithMaximum(7).WithHeader("Retry-After", "9"))
	})
	resp := ask(t, api, "GET", "/v1/own", "")
	if p := refused(t, resp, 409, problem.ExceedsRefundable); p.Detail != "Less." || p.Maximum != 7.0 || resp.Header.Get("Retry-After") != "9" {
		t.Errorf("%+v, %v", p, resp.Header)
	}
}

func TestReadsWithTags(t *testing.T) {
	api, _ := shop(t, nil)
	resp := ask(t, api, "GET", "/v1/orders/x", "", `If-None-Match: W/"1", "3"`)
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 304 || len(body) != 0 || resp.Header.Get("ETag") != `"3"` || resp.Header.Get("Content-Type") != "" || resp.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%d, %q, %v", resp.StatusCode, body, resp.Header)
	}
	if resp = ask(t, api, "GET", "/v1/orders/x", "", `If-None-Match: "2"`); resp.StatusCode != 200 || resp.Header.Get("ETag") != `"3"` {
		t.Errorf("%d, %v", resp.StatusCode, resp.Header)
	}
	srv := httptest.NewServer(api)
	defer srv.Close()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodHead, srv.URL+"/v1/orders/x", nil)
	req.Header.Set("Authorization", "Bearer anna")
	head, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer head.Body.Close()
	if head.StatusCode != 200 || head.Header.Get("ETag") != `"3"` {
		t.Errorf("HEAD: %d, %v", head.StatusCode, head.Header)
	}
}

func TestTheRequestID(t *testing.T) {
	api, log := shop(t, nil)
	if got := ask(t, api, "GET", "/v1/orders/x", "", "X-Request-ID: mine-1").Header.Get("X-Request-ID"); got != "mine-1" {
		t.Errorf("got %q", got)
	}
	for _, bad := range []string{strings.Repeat("x", 65), "a b", "é"} {
		if got := ask(t, api, "GET", "/v1/orders/x", "", "X-Request-ID: "+bad).Header.Get("X-Request-ID"); got == "" || got == bad {
			t.Errorf("%q became %q", bad, got)
		}
	}
	var line map[string]any
	first, _, _ := strings.Cut(log.String(), "\n")
	if err := json.Unmarshal([]byte(first), &line); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"msg": "request", "method": "GET", "route": "/v1/orders/{id}", "path": "/v1/orders/x", "status": 200.0, "actor": "customer:anna", "request_id": "mine-1",
	} {
		if line[key] != want {
			t.Errorf("%s: %v, want %v", key, line[key], want)
		}
	}
}

func TestBodiesAndQueriesAreNotLogged(t *testing.T) {
	api, log := shop(t, nil)
	ask(t, api, "POST", "/v1/orders", `{"currency":"EUR","note":"`+secret+`"}`)
	ask(t, api, "GET", "/v1/orders/x?q="+secret, "")
	ask(t, api, "POST", "/v1/orders", `{"currency":"`+secret+`"}`)
	if strings.Contains(log.String(), secret) {
		t.Error(log.String())
	}
}

func TestMetricsKnowRoutesAndNotPaths(t *testing.T) {
	reg := prometheus.NewRegistry()
	api, _ := shop(t, func(c *webapi.Config) { c.Metrics = reg })
	for _, path := range []string{"/v1/orders/a", "/v1/orders/b", "/nowhere/1", "/nowhere/2"} {
		ask(t, api, "GET", path, "")
	}
	ask(t, api, "BREW", "/v1/orders/a", "")
	n, err := testutil.GatherAndCount(reg, "kontor_http_request_seconds")
	if err != nil || n != 3 {
		t.Errorf("%d series, err %v; want one for the route, one for no route, one for other methods", n, err)
	}
}

func TestAPanicInTheMiddleOfAnAnswerBreaksIt(t *testing.T) {
	api, _ := shop(t, nil)
	api.Router.Get("/half", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 8<<10))
		panic("half way")
	})
	srv := httptest.NewServer(api)
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL + "/half")
	if err == nil {
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
	}
	if err == nil {
		t.Error("half an answer was taken for a whole one")
	}
}

func TestAnswersAreSecured(t *testing.T) {
	api, _ := shop(t, nil)
	for _, resp := range []*http.Response{ask(t, api, "GET", "/v1/orders/x", ""), ask(t, api, "GET", "/nowhere", "")} {
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Access-Control-Allow-Origin": "", "Link": "",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

func TestTheOpenAPIDocument(t *testing.T) {
	api, _ := shop(t, nil)
	resp := ask(t, api, "GET", "/openapi/shop.json", "", "-Authorization")
	var doc struct {
		OpenAPI  string
		Security []map[string][]string
		Paths    map[string]map[string]struct {
			Security    *[]map[string][]string
			RequestBody *struct{ Required bool }
			Responses   map[string]struct{ Content map[string]any }
			Parameters  []struct {
				Name     string
				Required bool
			}
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	create := doc.Paths["/v1/orders"]["post"]
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Security) != 1 || create.Security != nil {
		t.Errorf("%+v", doc)
	}
	if len(create.Parameters) != 1 || create.Parameters[0].Name != "Idempotency-Key" || !create.Parameters[0].Required {
		t.Errorf("parameters %+v", create.Parameters)
	}
	if _, ok := create.Responses["default"].Content["application/problem+json"]; !ok {
		t.Errorf("responses %+v", create.Responses)
	}
	if _, ok := doc.Components.Schemas["Problem"]; !ok {
		t.Error("no schema of problems")
	}
	if hook := doc.Paths["/v1/hook"]["post"].Security; hook == nil || len(*hook) != 1 || len((*hook)[0]) != 0 {
		t.Errorf("the public operation says %+v", hook)
	}
	for _, path := range []string{"/docs", "/schemas/Problem", "/openapi.json"} {
		refused(t, ask(t, api, "GET", path, ""), 404, problem.NotFound)
	}
}

func TestAStreamHasNoDeadlineAndAnOrdinaryHandlerHas(t *testing.T) {
	api, _ := shop(t, func(c *webapi.Config) { c.Log = slog.New(slog.DiscardHandler) })
	has := map[string]bool{}
	probe := func(name string, options ...webapi.Option) {
		webapi.Handle(api, huma.Operation{OperationID: name, Method: "GET", Path: "/v1/" + name}, func(ctx context.Context, _ *struct{}) (*answer, error) {
			deadline, ok := ctx.Deadline()
			has[name] = ok && time.Until(deadline) < 3*time.Second
			if name == "patient" {
				has[name] = ok && time.Until(deadline) > 5*time.Second
			}
			return &answer{}, nil
		}, options...)
		ask(t, api, "GET", "/v1/"+name, "")
	}
	probe("ordinary")
	probe("streaming", webapi.Streaming())
	probe("patient", webapi.WithDeadline(7*time.Second))
	if !has["ordinary"] || has["streaming"] || !has["patient"] {
		t.Errorf("got %v", has)
	}
}
