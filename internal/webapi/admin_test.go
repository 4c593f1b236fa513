package webapi_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/telemetry"
	"github.com/kontor-dev/kontor/internal/webapi"
)

func text(t *testing.T, resp *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestReadiness(t *testing.T) {
	for _, c := range []struct {
		name   string
		ready  bool
		db     error
		status int
		lines  string
	}{
		{"starting or draining", false, nil, 503, "database: ok\nserving: no, starting or draining\n"},
		{"ready", true, nil, 200, "database: ok\nserving: ok\n"},
		{"its database is away", true, errors.New("refused"), 503, "database: failed: refused\nserving: ok\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := webapi.NewAdmin(slog.New(slog.DiscardHandler), nil, webapi.Check{Name: "database", Probe: func(context.Context) error { return c.db }})
			a.SetReady(c.ready)
			resp := ask(t, a, "GET", "/readyz?verbose", "")
			if got := text(t, resp); resp.StatusCode != c.status || got != c.lines {
				t.Errorf("%d %q", resp.StatusCode, got)
			}
			if got := text(t, ask(t, a, "GET", "/readyz", "")); got != map[bool]string{true: "ok\n", false: "not ready\n"}[c.status == 200] {
				t.Errorf("short: %q", got)
			}
			if got := ask(t, a, "GET", "/livez", ""); got.StatusCode != 200 {
				t.Errorf("livez: %d", got.StatusCode)
			}
		})
	}
}

func TestChecksAreAskedOncePerSecondAndNotForEver(t *testing.T) {
	var asked atomic.Int64
	a := webapi.NewAdmin(slog.New(slog.DiscardHandler), nil,
		webapi.Check{Name: "slow", Probe: func(ctx context.Context) error {
			asked.Add(1)
			<-ctx.Done()
			return ctx.Err()
		}})
	a.SetReady(true)
	for range 5 {
		if resp := ask(t, a, "GET", "/readyz", ""); resp.StatusCode != 503 {
			t.Errorf("status %d", resp.StatusCode)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestTheAdminPortHasMetricsProfilesAndMore(t *testing.T) {
	reg := telemetry.NewRegistry()
	telemetry.Counter(reg, "things_total", "Things.").WithLabelValues().Inc()
	a := webapi.NewAdmin(slog.New(slog.DiscardHandler), reg)
	a.Handle("POST /relay/pause", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	if got := text(t, ask(t, a, "GET", "/metrics", "")); !strings.Contains(got, "kontor_things_total 1") {
		t.Errorf("got %q", got)
	}
	for target, status := range map[string]int{"/debug/pprof/": 200, "/debug/pprof/cmdline": 200} {
		if resp := ask(t, a, "GET", target, ""); resp.StatusCode != status {
			t.Errorf("%s: %d", target, resp.StatusCode)
		}
	}
	if resp := ask(t, a, "POST", "/relay/pause", ""); resp.StatusCode != http.StatusAccepted {
		t.Errorf("an added handler: %d", resp.StatusCode)
	}
	if resp := ask(t, a, "GET", "/nowhere", ""); resp.StatusCode != 404 || resp.Header.Get("Content-Type") != problem.MediaType {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
}
