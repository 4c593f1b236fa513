package main

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/nettest"
)

// lockedBuffer is a log that the test may read while run writes.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func TestItServesUntilToldToStop(t *testing.T) {
	addr := nettest.Addr(t)
	environ := []string{"FAKEGATEWAY_ADDR=" + addr}

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- run(ctx, nil, environ, &lockedBuffer{}) }()
	deadline := time.After(5 * time.Second)
	for run(t.Context(), []string{"healthcheck"}, environ, nil) != nil {
		select {
		case <-deadline:
			t.Fatal("it never answered its health check")
		case err := <-done:
			t.Fatal(err)
		default:
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("got %v, want a clean end", err)
	}
	if run(t.Context(), []string{"healthcheck"}, environ, nil) == nil {
		t.Error("a stopped gateway is healthy")
	}
}

func TestAnUnknownCommandIsAnError(t *testing.T) {
	if err := run(t.Context(), []string{"dance"}, nil, nil); err == nil {
		t.Error("got no error")
	}
}
