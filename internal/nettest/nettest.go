package nettest

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// The range lies below the ports that systems give to outgoing connections (32768 on Linux) and above those that services like.
const (
	first = 20_000
	last  = 31_999
)

var ports = struct {
	sync.Mutex
	next int
	held []*os.File // locks end with the process
}{next: first + os.Getpid()*17%(last-first)}

// Free returns a free port on 127.0.0.1, for helpers that outlive a test.
func Free() (int, error) {
	ports.Lock()
	defer ports.Unlock()
	dir := filepath.Join(os.TempDir(), "kontor-ports-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fmt.Errorf("nettest: %w", err)
	}
	for range last - first {
		port := ports.next
		if ports.next++; ports.next > last {
			ports.next = first
		}
		if taken(dir, port) {
			continue
		}
		return port, nil
	}
	return 0, fmt.Errorf("nettest: no port from %d to %d is free", first, last)
}

// Port is Free for a test.
func Port(t testing.TB) int {
	t.Helper()
	port, err := Free()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// taken says whether somebody else has the port; if nobody, it is locked.
func taken(dir string, port int) bool {
	f, err := os.OpenFile(filepath.Join(dir, strconv.Itoa(port)), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return true
	}
	if !lock(f) {
		_ = f.Close() // it was never locked
		return true
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		_ = f.Close() // gives the lock back
		return true
	}
	_ = l.Close() // nobody connected
	ports.held = append(ports.held, f)
	return false
}

// Addr is Port as host and port.
func Addr(t testing.TB) string {
	t.Helper()
	return fmt.Sprintf("127.0.0.1:%d", Port(t))
}
