package gateway

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// Config says where the gateway is. Zero durations are the defaults of the package.
type Config struct {
	URL           string // as in "http://127.0.0.1:8090"
	CallTimeout   time.Duration
	LookupTimeout time.Duration
	// Observe is told of every call: the operation and "ok", "declined", "failed", "not_sent" or "unknown".
	Observe func(op, outcome string)
}

// Client is the gateway over HTTP. Make one with [New].
type Client struct {
	cfg          Config
	base         *url.URL
	http         *http.Client
	breaker      *gobreaker.CircuitBreaker[reply]
	capabilities atomic.Pointer[app.Capabilities]
}

var _ app.Gateway = (*Client)(nil)

// New returns a client without asking the gateway for anything. Until [Client.Refresh] has, its capabilities
// are what most gateways have: several captures, keys kept for 24 h.
func New(cfg Config) (*Client, error) {
	base, err := url.Parse(cfg.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("gateway: %q is no http URL", cfg.URL)
	}
	cfg.CallTimeout, cfg.LookupTimeout = cmp.Or(cfg.CallTimeout, 10*time.Second), cmp.Or(cfg.LookupTimeout, 3*time.Second)
	if cfg.Observe == nil {
		cfg.Observe = func(string, string) {}
	}
	c := &Client{
		cfg: cfg, base: base,
		http: &http.Client{
			Transport: &http.Transport{
				DialContext:         (&net.Dialer{Timeout: time.Second}).DialContext,
				TLSHandshakeTimeout: time.Second,
				MaxConnsPerHost:     16, MaxIdleConnsPerHost: 16, IdleConnTimeout: 30 * time.Second,
				MaxResponseHeaderBytes: 16 << 10,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		breaker: gobreaker.NewCircuitBreaker[reply](gobreaker.Settings{
			Name: "gateway", Interval: 10 * time.Second, BucketPeriod: time.Second, Timeout: 2 * time.Second,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.Requests >= 20 && 2*c.TotalFailures >= c.Requests },
		}),
	}
	c.capabilities.Store(&app.Capabilities{MultiCapture: true, KeyWindow: 24 * time.Hour})
	return c, nil
}

// Refresh asks the gateway what it can do, and remembers the answer.
func (c *Client) Refresh(ctx context.Context) (app.Capabilities, error) {
	caps, err := c.askCapabilities(ctx)
	if err != nil {
		return app.Capabilities{}, fmt.Errorf("gateway capabilities: %w", err)
	}
	c.capabilities.Store(&caps)
	return caps, nil
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Capabilities implements [app.Gateway].
func (c *Client) Capabilities() app.Capabilities { return *c.capabilities.Load() }

// Authorize implements [app.Gateway].
func (c *Client) Authorize(ctx context.Context, r app.AuthorizeRequest) (app.Authorization, error) {
	return c.operate(ctx, payment.OpAuthorize, "/v1/authorizations", r.Key, body{
		OrderID: string(r.Ref.OrderID), PaymentID: string(r.Ref.PaymentID), Amount: int64(r.Amount),
		Currency: string(r.Currency), Token: r.PaymentMethodToken,
	})
}

// Capture implements [app.Gateway].
func (c *Client) Capture(ctx context.Context, r app.CaptureRequest) (app.Receipt, error) {
	a, err := c.operate(ctx, payment.OpCapture, "/v1/captures", r.Key, body{
		OrderID: string(r.Ref.OrderID), PaymentID: string(r.Ref.PaymentID), Amount: int64(r.Amount),
		Currency: string(r.Currency), AuthRef: r.AuthRef,
	})
	return a.Receipt, err
}

// Void implements [app.Gateway].
func (c *Client) Void(ctx context.Context, r app.VoidRequest) (app.Receipt, error) {
	a, err := c.operate(ctx, payment.OpVoid, "/v1/voids", r.Key, body{
		OrderID: string(r.Ref.OrderID), PaymentID: string(r.Ref.PaymentID), Currency: string(r.Currency), AuthRef: r.AuthRef,
	})
	return a.Receipt, err
}

// Refund implements [app.Gateway].
func (c *Client) Refund(ctx context.Context, r app.RefundRequest) (app.Receipt, error) {
	a, err := c.operate(ctx, payment.OpRefund, "/v1/refunds", r.Key, body{
		OrderID: string(r.Ref.OrderID), PaymentID: string(r.Ref.PaymentID), Amount: int64(r.Amount),
		Currency: string(r.Currency), AuthRef: r.AuthRef,
	})
	return a.Receipt, err
}

// Lookup implements [app.Gateway].
func (c *Client) Lookup(ctx context.Context, key app.IdempotencyKey, ref app.MerchantRef) (payment.Outcome, error) {
	query := url.Values{
		"key": {string(key)}, "order_id": {string(ref.OrderID)}, "payment_id": {string(ref.PaymentID)},
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.LookupTimeout)
	defer cancel()
	got, err := c.exchange(ctx, "lookup", http.MethodGet, "/v1/operations?"+query.Encode(), key, nil)
	switch {
	case err != nil:
		return payment.Outcome{}, err
	case got.status == http.StatusNotFound:
		return payment.Outcome{}, app.ErrNotFound
	}
	return got.outcome()
}
