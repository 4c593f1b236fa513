package readstore

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// waiters are reads that wait for a version of an order.
type waiters struct {
	mu    sync.Mutex
	by    map[string]map[*waiter]bool // by order id
	count int
	most  int
}

type waiter struct {
	order   string
	version int64
	woken   chan struct{} // holds one
}

func newWaiters(most int) *waiters { return &waiters{by: map[string]map[*waiter]bool{}, most: most} }

func (ws *waiters) enter(order string, version int64) (*waiter, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.count >= ws.most {
		return nil, view.ErrTooManyWaiting
	}
	w := &waiter{order: order, version: version, woken: make(chan struct{}, 1)}
	if ws.by[order] == nil {
		ws.by[order] = map[*waiter]bool{}
	}
	ws.by[order][w] = true
	ws.count++
	return w, nil
}

func (ws *waiters) leave(w *waiter) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.by[w.order], w)
	if len(ws.by[w.order]) == 0 {
		delete(ws.by, w.order)
	}
	ws.count--
}

// changed wakes those whose version has come.
func (ws *waiters) changed(changes []view.Change) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, c := range changes {
		for w := range ws.by[c.OrderID] {
			if c.Version >= w.version {
				w.wake()
			}
		}
	}
}

// all wakes everybody: notifications may have been missed.
func (ws *waiters) all() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, of := range ws.by {
		for w := range of {
			w.wake()
		}
	}
}

func (w *waiter) wake() {
	select {
	case w.woken <- struct{}{}:
	default:
	}
}

// await repeats read, which answers with the version of an order that the caller may see, until it is the one asked for. Without a wish
// to wait it reads once.
func (s *Store) await(ctx context.Context, order string, wish view.Wait, read func(context.Context) (int64, error)) error {
	version, err := read(ctx)
	if wish.Version == 0 || err == nil && version >= wish.Version || err != nil && !errors.Is(err, view.ErrNotFound) {
		return err
	}
	if wish.For <= 0 {
		return view.ErrLagging
	}
	w, err := s.waiters.enter(order, wish.Version)
	if err != nil {
		return err
	}
	defer s.waiters.leave(w)
	timeout := time.NewTimer(wish.For)
	defer timeout.Stop()
	for late := false; ; {
		// Also the first time: what came between the first read and enter woke nobody.
		version, err := read(ctx)
		switch {
		case err == nil && version >= wish.Version:
			return nil
		case err != nil && !errors.Is(err, view.ErrNotFound):
			return err
		case late:
			return view.ErrLagging
		}
		select {
		case <-w.woken:
		case <-timeout.C:
			late = true
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
