package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

const maxReply = 64 << 10

// operate makes one call with its time limit and reads the answer.
func (c *Client) operate(ctx context.Context, op payment.Op, path string, key app.IdempotencyKey, b body) (app.Authorization, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.CallTimeout)
	defer cancel()
	got, err := c.exchange(ctx, string(op), http.MethodPost, path, key, &b)
	if err != nil {
		return app.Authorization{}, err
	}
	return got.answer(op)
}

// exchange sends one request through the breaker. Its error is of the port's kinds. A reply of status 200,
// 402, 404 or 422 is no error here.
func (c *Client) exchange(ctx context.Context, op, method, path string, key app.IdempotencyKey, b *body) (reply, error) {
	got, err := c.breaker.Execute(func() (reply, error) { return c.send(ctx, method, path, key, b) })
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		err = &app.NotSent{RetryAfter: 2 * time.Second, Err: err}
	}
	c.cfg.Observe(op, label(got, err))
	return got, err
}

func label(got reply, err error) string {
	switch {
	case errors.Is(err, app.ErrNotSent):
		return "not_sent"
	case err != nil:
		return "unknown"
	case got.status == http.StatusNotFound:
		return "not_found"
	default:
		return got.Outcome
	}
}

func (c *Client) send(ctx context.Context, method, path string, key app.IdempotencyKey, b *body) (reply, error) {
	var payload io.Reader
	if b != nil {
		data, err := json.Marshal(b)
		if err != nil {
			return reply{}, &app.NotSent{Err: err}
		}
		payload = bytes.NewReader(data)
	}
	at, err := c.base.Parse(path)
	if err != nil {
		return reply{}, &app.NotSent{Err: err}
	}
	req, err := http.NewRequestWithContext(ctx, method, at.String(), payload)
	if err != nil {
		return reply{}, &app.NotSent{Err: err}
	}
	req.GetBody = nil // net/http repeats what has a key and a body that it can get again
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if b != nil {
		req.Header.Set("Idempotency-Key", string(key))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, classify(err)
	}
	defer resp.Body.Close()
	return read(resp, key)
}

// read turns a response into a reply, or into an error of the port's kinds.
func read(resp *http.Response, key app.IdempotencyKey) (reply, error) {
	wait := retryAfter(resp.Header.Get("Retry-After"))
	unclear := func(class, format string, args ...any) error {
		return &app.Unknown{Class: class, RetryAfter: wait, Err: fmt.Errorf(format, args...)}
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return reply{}, &app.NotSent{RetryAfter: wait, Err: errors.New("status 429")}
	case resp.StatusCode >= 500:
		return reply{}, unclear("http_5xx", "status %d", resp.StatusCode)
	case err != nil:
		return reply{}, classify(err)
	case len(data) > maxReply:
		return reply{}, unclear("bad_reply", "reply is longer than %d bytes", maxReply)
	}
	got := reply{status: resp.StatusCode}
	switch resp.StatusCode {
	case http.StatusNotFound:
		return got, nil
	case http.StatusOK, http.StatusPaymentRequired, http.StatusUnprocessableEntity:
	default:
		return reply{}, unclear("bad_reply", "status %d", resp.StatusCode)
	}
	if err := json.Unmarshal(data, &got); err != nil {
		return reply{}, unclear("bad_reply", "reply is not readable")
	}
	if got.Key != string(key) {
		return reply{}, unclear("bad_reply", "reply belongs to another key")
	}
	return got, nil
}

// classify tells what certainly never left from what may have arrived.
func classify(err error) error {
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns), errors.As(err, &op) && op.Op == "dial", errors.Is(err, syscall.ECONNREFUSED):
		return &app.NotSent{Err: err}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, os.ErrDeadlineExceeded):
		return &app.Unknown{Class: "timeout", Err: err}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return &app.Unknown{Class: "reset", Err: err}
	default:
		return &app.Unknown{Class: "bad_reply", Err: err}
	}
}

// retryAfter reads the seconds of the header, at most five minutes of them.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, 5*time.Minute)
}

func (c *Client) askCapabilities(ctx context.Context) (app.Capabilities, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.LookupTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.JoinPath("/v1/capabilities").String(), nil)
	if err != nil {
		return app.Capabilities{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return app.Capabilities{}, err
	}
	defer resp.Body.Close()
	var got struct {
		MultiCapture     bool  `json:"multi_capture"`
		KeyWindowSeconds int64 `json:"key_window_seconds"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxReply)).Decode(&got); err != nil || resp.StatusCode != http.StatusOK {
		return app.Capabilities{}, fmt.Errorf("status %d: %w", resp.StatusCode, errors.Join(err, errors.New("no capabilities")))
	}
	return app.Capabilities{MultiCapture: got.MultiCapture, KeyWindow: time.Duration(got.KeyWindowSeconds) * time.Second}, nil
}
