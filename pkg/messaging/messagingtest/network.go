package messagingtest

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Network is a dialer whose connections break on demand. It knows nothing of the protocol, so it works against every broker. Safe for concurrent use.
type Network struct {
	dialer net.Dialer

	mu    sync.Mutex
	open  map[*wire]bool
	dials int

	down    atomic.Bool  // nobody gets through
	swallow atomic.Int32 // replies still to be lost
}

// NewNetwork returns a network without faults. Its Dial goes where a configuration takes one.
func NewNetwork() *Network { return &Network{open: map[*wire]bool{}} }

// ErrDown is why a dial failed while the network was down.
var ErrDown = errors.New("network is down")

// Dial opens a connection.
func (n *Network) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if n.down.Load() {
		return nil, ErrDown
	}
	c, err := n.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: c, n: n}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open[w] = true
	n.dials++
	return w, nil
}

// Cut breaks every open connection. New ones work.
func (n *Network) Cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for w := range n.open {
		_ = w.Conn.Close()
		delete(n.open, w)
	}
}

// Down breaks every connection and refuses new ones, until it is called with false.
func (n *Network) Down(down bool) {
	n.down.Store(down)
	if down {
		n.Cut()
	}
}

// LoseReplies makes the next count large requests (of more than 1000 bytes: not those that set up a connection) reach the broker, and the
// connection break before the reply comes back.
func (n *Network) LoseReplies(count int) { n.swallow.Store(int32(count)) }

// Lost says whether all of the replies to lose were lost.
func (n *Network) Lost() bool { return n.swallow.Load() <= 0 }

// Open is how many connections are open.
func (n *Network) Open() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.open)
}

// CutEvery breaks all connections again and again until the returned function is called.
func (n *Network) CutEvery(d time.Duration) (stop func()) {
	tick, done := time.NewTicker(d), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				n.Cut()
			}
		}
	})
	return func() {
		tick.Stop()
		close(done)
		wg.Wait()
	}
}

// wire is one connection.
type wire struct {
	net.Conn
	n    *Network
	lose atomic.Bool // the next reply is lost
}

func (w *wire) Write(b []byte) (int, error) {
	if len(b) > 1000 && w.n.swallow.Load() > 0 && w.n.swallow.Add(-1) >= 0 {
		w.lose.Store(true)
	}
	return w.Conn.Write(b)
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err == nil && w.lose.Load() { // it arrived, so the request was done
		_ = w.Close()
		return 0, net.ErrClosed
	}
	return n, err
}

func (w *wire) Close() error {
	w.n.mu.Lock()
	delete(w.n.open, w)
	w.n.mu.Unlock()
	return w.Conn.Close()
}
