package webapi

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// DefaultMaxConns is how many connections a public port has at once.
const DefaultMaxConns = 2048

// NewServer returns a server for a public port: it gives a slow client 2 seconds
// for its headers, 5 for its whole request, and 16 KiB of headers. Answers must
// be written within 15 seconds; a handler that streams moves that deadline with
// http.ResponseController.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	s := newServer(h, log)
	s.ReadTimeout = 5 * time.Second
	s.WriteTimeout = 15 * time.Second
	return s
}

// NewAdminServer returns a server for the admin port: the same without limits on
// the time of an answer, since a profile takes as long as it is asked to.
func NewAdminServer(h http.Handler, log *slog.Logger) *http.Server { return newServer(h, log) }

func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 2 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Listen opens addr for at most maxConns connections at once (0:
// DefaultMaxConns); further ones wait in the system's queue.
func Listen(ctx context.Context, addr string, maxConns int) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	if maxConns <= 0 {
		maxConns = DefaultMaxConns
	}
	return &limitedListener{Listener: ln, places: make(chan struct{}, maxConns), closed: make(chan struct{})}, nil
}

type limitedListener struct {
	net.Listener
	places chan struct{}
	once   sync.Once
	closed chan struct{}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &limitedConn{Conn: conn, release: sync.OnceFunc(func() { <-l.places })}, nil
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type limitedConn struct {
	net.Conn
	release func()
}

func (c *limitedConn) Close() error {
	err := c.Conn.Close()
	c.release()
	return err
}
