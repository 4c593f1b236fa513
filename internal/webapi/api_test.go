package webapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
)

type line struct {
	SKU      string `json:"sku" pattern:"^[A-Z0-9-]{1,32}$" maxLength:"32"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"999"`
}

type createInput struct {
	webapi.Keyed
	Body struct {
		Currency string `json:"currency" enum:"EUR,USD"`
		Lines    []line `json:"lines,omitempty" maxItems:"200"`
		Note     string `json:"note,omitempty" maxLength:"500"`
	}
}

type editInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.KeyedOptional
	webapi.IfMatchRequired
	Body *struct {
		Note string `json:"note,omitempty"`
	}
}

type answer struct {
	ETag string `header:"ETag"`
	Body struct {
		Actor       string `json:"actor"`
		Key         string `json:"key"`
		Fingerprint string `json:"fingerprint,omitempty"`
		Version     int64  `json:"version,omitempty"`
	}
}

var errRule = errors.New("a rule of the shop")

const secret = "SECRET-VALUE"

// shop is a small API with one operation of each kind, and its log.
func shop(t *testing.T, change func(*webapi.Config)) (*webapi.API, *syncBuffer) {
	t.Helper()
	log := &syncBuffer{}
	cfg := webapi.Config{
		Name: "shop", Title: "Shop", Version: "1",
		Verifier: auth.VerifierFunc(func(_ context.Context, token string) (auth.Principal, error) {
			switch token {
			case "anna":
				return auth.Principal{Issuer: "i", Subject: "anna", Roles: []auth.Role{auth.Customer}}, nil
			case "away":
				return auth.Principal{}, auth.ErrUnavailable
			}
			return auth.Principal{}, auth.ErrUnauthenticated
		}),
		Problem: func(err error) *problem.Problem {
			if errors.Is(err, errRule) {
				return problem.New(problem.InvalidTransition, "")
			}
			return nil
		},
		Log: slog.New(slog.NewJSONHandler(log, nil)),
	}
	if change != nil {
		change(&cfg)
	}
	a := webapi.New(cfg)
	webapi.Handle(a, huma.Operation{OperationID: "create", Method: "POST", Path: "/v1/orders", DefaultStatus: 201}, func(ctx context.Context, in *createInput) (*answer, error) {
		out := &answer{ETag: webapi.ETag(1)}
		out.Body.Actor, out.Body.Key = auth.From(ctx).Actor(), in.Key()
		var err error
		out.Body.Fingerprint, err = in.Fingerprint(in.Body)
		return out, err
	})
	webapi.Handle(a, huma.Operation{OperationID: "edit", Method: "POST", Path: "/v1/orders/{id}/notes"}, func(ctx context.Context, in *editInput) (*answer, error) {
		out := &answer{}
		out.Body.Version, out.Body.Key = in.Version(), in.Key()
		return out, nil
	})
	webapi.Handle(a, huma.Operation{OperationID: "show", Method: "GET", Path: "/v1/orders/{id}"}, func(ctx context.Context, in *struct {
		ID    string `path:"id"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Match string `header:"If-None-Match"`
	},
	) (*answer, error) {
		switch in.ID {
		case "rule":
			return nil, errRule
		case "fault":
			return nil, errors.New(secret + " in table events")
		case "panic":
			panic(secret)
		case "slow":
			<-ctx.Done()
			return nil, ctx.Err()
		}
		if webapi.Matches(in.Match, `"3"`) {
			return nil, webapi.NotModified(`"3"`)
		}
		return &answer{ETag: `"3"`}, nil
	})
	webapi.Handle(a, huma.Operation{OperationID: "hook", Method: "POST", Path: "/v1/hook", Security: webapi.NoToken}, func(context.Context, *struct{}) (*answer, error) {
		return &answer{}, nil
	})
	return a, log
}

type syncBuffer struct {
	mu sync.Mutex
	strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.String()
}

// ask sends one request as anna; headers are "Name: value", and one that is
// "-Name" is left out.
func ask(t *testing.T, h http.Handler, method, target, body string, headers ...string) *http.Response {
	t.Helper()
	var r io.Reader = http.NoBody
	if body != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, target, r)
	req.Header.Set("Authorization", "Bearer anna")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", "k1")
	}
	for _, header := range headers {
		if name, gone := strings.CutPrefix(header, "-"); gone {
			req.Header.Del(name)
			continue
		}
		name, value, _ := strings.Cut(header, ":")
		if req.Header.Get(name) != "" && name == "Idempotency-Key" && strings.HasPrefix(value, "+") {
			req.Header.Add(name, value[1:])
			continue
		}
		req.Header.Set(name, strings.TrimPrefix(value, " "))
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec.Result()
}

// refused checks everything that must be true of every refusal.
func refused(t *testing.T, resp *http.Response, status int, code problem.Code) problem.Problem {
	t.Helper()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status {
		t.Fatalf("status %d, want %d; body %s", resp.StatusCode, status, raw)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/problem+json", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	var p problem.Problem
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatalf("body %s: %v", raw, err)
	}
	if p.Code != code || p.Status != status || p.Type != "/problems/"+string(code) || p.Title == "" || p.TraceID == "" {
		t.Errorf("problem %s, want code %s and all of type, title, status, trace_id", raw, code)
	}
	if strings.Contains(string(raw), secret) {
		t.Errorf("the value that was sent, or an inner error, is in %s", raw)
	}
	return p
}
