package nettest

import (
	"net"
	"strconv"
	"sync"
	"testing"
)

func TestNoTwoAskersGetOnePort(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			addr := Addr(t)
			mu.Lock()
			defer mu.Unlock()
			if seen[addr] {
				t.Errorf("%s was given twice", addr)
			}
			seen[addr] = true
		})
	}
	group.Wait()
	for addr := range seen {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			t.Errorf("%s is not free: %v", addr, err)
			continue
		}
		l.Close()
	}
}

func TestATakenPortIsPassedOver(t *testing.T) {
	ports.Lock()
	next := ports.next
	ports.Unlock()
	var taken net.Listener
	for ; taken == nil; next++ {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(next)))
		if err == nil {
			taken = l
		}
	}
	defer taken.Close()
	for range 5 {
		if got := Addr(t); got == taken.Addr().String() {
			t.Fatalf("%s is taken", got)
		}
	}
}
