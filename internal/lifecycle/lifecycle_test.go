package lifecycle

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// diary is what parts did, in order.
type diary struct {
	mu      sync.Mutex
	entries []string
}

func (d *diary) add(entry string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, entry)
}

// part works until it is asked to stop.
func (d *diary) part(name string) Part {
	return Func(name, func(ctx context.Context) error {
		<-ctx.Done()
		d.add(name)
		return ctx.Err()
	})
}

// runFor runs parts and ends their context after d.
func runFor(t *testing.T, d time.Duration, parts ...Part) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	return Run(ctx, quiet, parts...)
}

func TestPartsStopLastStartedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		if err := runFor(t, time.Second, Closer("pool", func() { d.add("pool") }), d.part("relay"), d.part("http")); err != nil {
			t.Fatal(err)
		}
		if want := []string{"http", "relay", "pool"}; !slices.Equal(d.entries, want) {
			t.Errorf("stopped %v, want %v", d.entries, want)
		}
	})
}

func TestAPartThatEndsEarlyStopsAll(t *testing.T) {
	boom := errors.New("boom")
	for name, c := range map[string]struct {
		run  func(context.Context) error
		want string
	}{
		"with an error": {func(context.Context) error { return boom }, "bad: boom"},
		"without one":   {func(context.Context) error { return nil }, "bad: ended before it was asked to"},
		"by a panic":    {func(context.Context) error { panic("oh") }, "bad: panic: oh"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &diary{}
				began := time.Now()
				err := runFor(t, time.Hour, d.part("a"), Func("bad", func(ctx context.Context) error {
					time.Sleep(time.Second)
					return c.run(ctx)
				}), d.part("b"))
				if err == nil || !strings.HasPrefix(err.Error(), c.want) {
					t.Errorf("err %v, want %s", err, c.want)
				}
				if !slices.Equal(d.entries, []string{"b", "a"}) || time.Since(began) > time.Minute {
					t.Errorf("stopped %v after %v", d.entries, time.Since(began))
				}
			})
		})
	}
}

func TestAPartKeepsItsContextUntilItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var poolWasOpen bool
		poolCtx := make(chan context.Context, 1)
		err := runFor(t, time.Second,
			Func("pool", func(ctx context.Context) error { poolCtx <- ctx; <-ctx.Done(); return nil }),
			Func("drains", func(ctx context.Context) error {
				pool := <-poolCtx
				<-ctx.Done()
				time.Sleep(3 * time.Second) // finishes what it has begun
				poolWasOpen = pool.Err() == nil
				return nil
			}))
		if err != nil || !poolWasOpen {
			t.Errorf("err %v, pool open %v", err, poolWasOpen)
		}
	})
}

func TestAGraceIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		slow := Part{
			Name: "slow", Grace: 2 * time.Second,
			Run:  func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			Stop: func(context.Context) error { return nil }, // and Run does not care
		}
		stuck := Part{Name: "stuck", Grace: 2 * time.Second, Run: func(context.Context) error { <-release; return nil }}
		began := time.Now()
		err := runFor(t, time.Second, slow, stuck)
		if took := time.Since(began); took != time.Second+3*time.Second+2*time.Second {
			t.Errorf("took %v", took)
		}
		for _, want := range []string{"stuck: did not stop within 3s", "slow: needed more than its grace of 2s"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("err %v lacks %q", err, want)
			}
		}
		close(release)
	})
}

func TestErrorsOfStoppingAreReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		quit := make(chan struct{})
		err := runFor(t, time.Second, Part{
			Name: "p",
			Run:  func(context.Context) error { <-quit; return errors.New("run failed") },
			Stop: func(context.Context) error { close(quit); return errors.New("stop failed") },
		})
		if err == nil || !strings.Contains(err.Error(), "run failed") || !strings.Contains(err.Error(), "stop failed") {
			t.Errorf("err %v", err)
		}
	})
}

func TestNothingStartsAfterTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, quiet, Func("p", func(context.Context) error { return errors.New("it ran") })); err != nil {
		t.Error(err)
	}
}

func TestDrainWaitsBeforeTheNextPartStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		began := time.Now()
		var httpStopped time.Duration
		http := Func("http", func(ctx context.Context) error { <-ctx.Done(); httpStopped = time.Since(began); return nil })
		if err := runFor(t, time.Second, http, Drain(func() { d.add("not ready") }, 5*time.Second)); err != nil {
			t.Fatal(err)
		}
		if httpStopped != 6*time.Second || !slices.Equal(d.entries, []string{"not ready"}) {
			t.Errorf("http stopped after %v, diary %v", httpStopped, d.entries)
		}
	})
}

func TestHTTPFinishesTheRequestsInFlight(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	arrived, finish := make(chan struct{}), make(chan struct{})
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-finish
		_, _ = io.WriteString(w, "done")
	})}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, quiet, HTTP("http", srv, ln, 10*time.Second)) }()
	answer := make(chan string, 1)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	go func() {
		resp, err := client.Get("http://" + ln.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-arrived
	stop()
	close(finish)
	if got := <-answer; got != "done" {
		t.Errorf("the request in flight got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", ln.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}

func TestHTTPCutsOffWhatOutlastsItsGrace(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	arrived := make(chan struct{})
	srv := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, quiet, HTTP("http", srv, ln, 50*time.Millisecond)) }()
	cut := make(chan error, 1)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	go func() {
		resp, err := client.Get("http://" + ln.Addr().String())
		if err == nil {
			resp.Body.Close()
		}
		cut <- err
	}()
	<-arrived
	stop()
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err %v", err)
	}
	if err := <-cut; err == nil {
		t.Error("the request was answered")
	}
}

func TestTheFirstSignalEndsTheContextAndTheSecondTheProcess(t *testing.T) {
	exit := make(chan int, 1)
	ctx, stop := signals(t.Context(), func(code int) { exit <- code })
	defer stop()
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	if got := context.Cause(ctx).Error(); got != "signal terminated" {
		t.Errorf("cause %q", got)
	}
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := <-exit; code != 130 {
		t.Errorf("exit code %d", code)
	}
}

func TestWithoutASignalNothingIsLeft(t *testing.T) {
	ctx, stop := Signals(t.Context())
	stop()
	stop()
	if ctx.Err() == nil {
		t.Error("the context goes on")
	}
}
