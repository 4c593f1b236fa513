package webapi_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
)

// serve starts a real server with the shop and returns its address.
func serve(t *testing.T, change func(*webapi.Config)) string {
	t.Helper()
	api, _ := shop(t, change)
	ln, err := webapi.Listen(t.Context(), "127.0.0.1:0", 0)
	if err != nil {
		t.Fatal(err)
	}
	srv := webapi.NewServer(api, slog.New(slog.DiscardHandler))
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ln) }()
	t.Cleanup(func() {
		_ = srv.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// raw sends bytes and returns the status of the answer; 0 if the connection was
// closed without one.
func raw(t *testing.T, addr, request string) (status int, took time.Duration) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	began := time.Now()
	if err := conn.SetDeadline(began.Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		return 0, time.Since(began)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, time.Since(began)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body) // the status is what counts
	return resp.StatusCode, time.Since(began)
}

// TestFraming are the rows of framing (A) of the matrix of bad input.
func TestFraming(t *testing.T) {
	addr := serve(t, nil)
	const head = "Host: x\r\nAuthorization: Bearer anna\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\n"
	many := strings.Builder{}
	for i := range 1000 {
		fmt.Fprintf(&many, "h%d: x\r\n", i)
	}
	for _, c := range []struct {
		name, request string
		statuses      []int // 0: closed without an answer
	}{
		{"A1 a garbage request line", "\x00\x01 garbage\r\n\r\n", []int{400}},
		{"A2 HTTP/0.9", "GET /\r\n\r\n", []int{400}},
		{"A2 HTTP/3.7", "GET / HTTP/3.7\r\nHost: x\r\n\r\n", []int{400, 505}},
		{"A3 no Host", "GET /v1/orders/x HTTP/1.1\r\n\r\n", []int{400}},
		{"A3 two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", []int{400}},
		{"A4 two lengths", "POST /v1/orders HTTP/1.1\r\n" + head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", []int{400}},
		{"A6 a bad chunk", "POST /v1/orders HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", []int{400}},
		{"A6 a negative length", "POST /v1/orders HTTP/1.1\r\n" + head + "Content-Length: -1\r\n\r\n", []int{400}},
		{"A10 headers beyond 16 KiB", "GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 32<<10) + "\r\n\r\n", []int{431}},
		{"A11 a URL beyond 8 KiB", "GET /" + strings.Repeat("x", 9<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n", []int{414, 431}},
		{"A12 1,000 headers", "GET / HTTP/1.1\r\nHost: x\r\n" + many.String() + "\r\n", []int{431}},
		{"A13 an odd expectation", "POST /v1/orders HTTP/1.1\r\n" + head + "Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}", []int{417}},
		{"A14 an upgrade is ignored", "GET /v1/orders/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer anna\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", []int{200}},
		{"A14 h2c by prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []int{0, 400, 404, 405, 505}},
		{"B5 a bad escape in a path", "GET /v1/orders/%zz HTTP/1.1\r\nHost: x\r\n\r\n", []int{400}},
		{"C3 chunks beyond 64 KiB", "POST /v1/orders HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n" +
			strings.Repeat("1000\r\n"+strings.Repeat(" ", 4096)+"\r\n", 17) + "0\r\n\r\n", []int{413}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			status, _ := raw(t, addr, c.request)
			for _, want := range c.statuses {
				if status == want {
					return
				}
			}
			t.Errorf("status %d, want one of %v", status, c.statuses)
		})
	}
}

func TestSlowClientsAreNotWaitedFor(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 5 seconds of real time: the limits belong to the server of the standard library")
	}
	addr := serve(t, nil)
	t.Run("A8 headers that never end", func(t *testing.T) {
		t.Parallel()
		if status, took := raw(t, addr, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "); status != 0 && status != 408 || took > 4*time.Second {
			t.Errorf("status %d after %v, want none within 2 s", status, took)
		}
	})
	t.Run("A7 a short body, then silence", func(t *testing.T) {
		t.Parallel()
		status, took := raw(t, addr, "POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer anna\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"cur")
		if status != 408 || took > 8*time.Second {
			t.Errorf("status %d after %v, want 408 at 5 s", status, took)
		}
	})
}

func TestConnectionsAreCapped(t *testing.T) {
	ln, err := webapi.Listen(t.Context(), "127.0.0.1:0", 1)
	if err != nil {
		t.Fatal(err)
	}
	accepted := make(chan net.Conn)
	ended := make(chan error, 1)
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				ended <- err
				return
			}
			accepted <- c
		}
	}()
	for range 2 {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	first := <-accepted
	select {
	case <-accepted:
		t.Fatal("a second connection was accepted")
	case <-time.After(50 * time.Millisecond): // it would have come at once
	}
	_ = first.Close()
	_ = first.Close() // gives back one place, not two
	second := <-accepted
	_ = ln.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	_ = second.Close()
}

func TestATakenAddressIsAnError(t *testing.T) {
	ln, err := webapi.Listen(t.Context(), "127.0.0.1:0", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if _, err := webapi.Listen(t.Context(), ln.Addr().String(), 0); err == nil || !strings.Contains(err.Error(), ln.Addr().String()) {
		t.Errorf("err %v", err)
	}
}

func TestABusyServiceSheds(t *testing.T) {
	api, _ := shop(t, func(c *webapi.Config) { c.MaxInFlight, c.Deadline = 1, time.Hour })
	ctx, cancel := context.WithCancel(t.Context())
	began := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		req, _ := http.NewRequestWithContext(ctx, "GET", "/v1/orders/slow", nil)
		req.Header.Set("Authorization", "Bearer anna")
		close(began)
		api.ServeHTTP(discard{http.Header{}}, req)
	}()
	<-began
	var resp *http.Response
	for range 1000 { // until the slow one is in
		if resp = ask(t, api, "GET", "/v1/orders/x", ""); resp.StatusCode == 503 {
			break
		}
	}
	if p := refused(t, resp, 503, problem.Overloaded); p.Outcome != problem.NotExecuted {
		t.Errorf("%+v", p)
	}
	cancel()
	<-done
	if resp := ask(t, api, "GET", "/v1/orders/x", ""); resp.StatusCode != 200 {
		t.Errorf("afterwards: %d", resp.StatusCode)
	}
}

func TestACallerWithTooManyRequestsIsToldSo(t *testing.T) {
	api, _ := shop(t, func(c *webapi.Config) { c.Rate, c.Burst = 0.001, 2 })
	for i, remaining := range []string{"1", "0"} {
		resp := ask(t, api, "GET", "/v1/orders/x", "")
		if resp.StatusCode != 200 || resp.Header.Get("X-RateLimit-Remaining") != remaining || resp.Header.Get("X-RateLimit-Limit") != "2" {
			t.Errorf("request %d: %d, %v", i, resp.StatusCode, resp.Header)
		}
	}
	resp := ask(t, api, "GET", "/v1/orders/x", "")
	refused(t, resp, 429, problem.RateLimited)
	if resp.Header.Get("Retry-After") == "" || resp.Header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("%v", resp.Header)
	}
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
