package front

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kontor-dev/kontor/internal/problem"
)

// newTransport connects within a second, or the service counts as down; an answer
// may take as long as the longest wait of the API.
func newTransport() *http.Transport {
	return &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second, KeepAlive: 15 * time.Second}).DialContext,
		MaxIdleConns:          512,
		MaxIdleConnsPerHost:   256,
		IdleConnTimeout:       50 * time.Second, // less than the services', so that they never hang up first
		ResponseHeaderTimeout: 12 * time.Second,
		DisableCompression:    true, // bytes pass through as they are
	}
}

func newProxy(service string, base *url.URL, transport http.RoundTripper, log *slog.Logger) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(base)
			r.SetXForwarded()
			r.Out.Host = r.In.Host
			if r.Out.Body != nil && r.Out.ContentLength != 0 {
				r.Out.Body = &watched{ReadCloser: r.Out.Body, err: bodyError(r.In.Context())}
			}
		},
		ModifyResponse: completeAllow,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			unreachable(w, r, service, err, log)
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// completeAllow adds reads to the Allow header of a path that two services share:
// each knows its own methods only.
func completeAllow(resp *http.Response) error {
	allow := resp.Header.Get("Allow")
	if allow == "" || !readBeside(resp.Request.URL.Path) {
		return nil
	}
	methods := strings.Split(allow, ", ")
	for _, m := range []string{http.MethodGet, http.MethodHead} {
		if !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
	}
	slices.Sort(methods)
	resp.Header.Set("Allow", strings.Join(methods, ", "))
	return nil
}

// unreachable answers for a service that did not.
func unreachable(w http.ResponseWriter, r *http.Request, service string, err error, log *slog.Logger) {
	if bodyErr := bodyError(r.Context()).Load(); bodyErr != nil {
		p := problem.New(problem.BadRequest, "The body ended early.")
		var timeout net.Error
		if errors.As(*bodyErr, &timeout) && timeout.Timeout() {
			p = problem.New(problem.RequestTimeout, "")
		}
		problem.Write(w, r, p)
		return
	}
	if r.Context().Err() != nil {
		w.WriteHeader(499) // the client has gone; nobody reads this but the log
		return
	}
	log.WarnContext(r.Context(), "service did not answer", "to", service, "error", err.Error(), "request_id", r.Header.Get("X-Request-ID"))
	p := problem.New(problem.ServiceUnavailable, "The "+service+" service cannot be reached.").WithOutcome(problem.Unknown)
	var op *net.OpError
	if isRead(r.Method) || errors.As(err, &op) && op.Op == "dial" {
		p = p.WithOutcome(problem.NotExecuted)
	}
	problem.Write(w, r, p)
}

func isRead(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

type bodyErrorKey struct{}

// withBodyError returns a context in which the error of reading the client's body
// can be found: the transport reports it as if the service had failed.
func withBodyError(ctx context.Context) context.Context {
	return context.WithValue(ctx, bodyErrorKey{}, new(atomic.Pointer[error]))
}

func bodyError(ctx context.Context) *atomic.Pointer[error] {
	if err, ok := ctx.Value(bodyErrorKey{}).(*atomic.Pointer[error]); ok {
		return err
	}
	return new(atomic.Pointer[error])
}

// watched notes why the client's body could not be read.
type watched struct {
	io.ReadCloser
	err *atomic.Pointer[error]
}

func (b *watched) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, http.ErrBodyReadAfterClose) {
		b.err.Store(&err)
	}
	return n, err
}
