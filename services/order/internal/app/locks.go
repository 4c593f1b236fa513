package app

import (
	"context"
	"slices"
	"sync"
)

// locks are mutexes by name. Who takes several takes them in one order, so
// nobody waits in a circle. The zero value is ready.
type locks struct {
	mu   sync.Mutex
	held map[string]*queue
}

// queue is one name's: a token to take, and how many want it.
type queue struct {
	token chan struct{}
	users int
}

// lock takes all names, waiting in byte order, and returns what gives them back.
// It gives up, holding none, when ctx ends.
func (l *locks) lock(ctx context.Context, names ...string) (unlock func(), err error) {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	taken := 0
	unlock = func() {
		for _, name := range names[:taken] {
			l.leave(name, true)
		}
	}
	for _, name := range names {
		q := l.enter(name)
		select {
		case <-q.token:
			taken++
		case <-ctx.Done():
			l.leave(name, false)
			unlock()
			return nil, ctx.Err()
		}
	}
	return unlock, nil
}

// tryLock takes all names without waiting, or none: not ok.
func (l *locks) tryLock(names ...string) (unlock func(), ok bool) {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, name := range names {
		if _, wanted := l.held[name]; wanted {
			return nil, false
		}
	}
	if l.held == nil {
		l.held = map[string]*queue{}
	}
	for _, name := range names {
		l.held[name] = &queue{token: make(chan struct{}, 1), users: 1}
	}
	return func() {
		for _, name := range names {
			l.leave(name, true)
		}
	}, true
}

func (l *locks) enter(name string) *queue {
	l.mu.Lock()
	defer l.mu.Unlock()
	q, ok := l.held[name]
	if !ok {
		if l.held == nil {
			l.held = map[string]*queue{}
		}
		q = &queue{token: make(chan struct{}, 1)}
		q.token <- struct{}{}
		l.held[name] = q
	}
	q.users++
	return q
}

// leave forgets a name that nobody wants any more.
func (l *locks) leave(name string, held bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := l.held[name]
	if q.users--; q.users == 0 {
		delete(l.held, name)
	}
	if held {
		q.token <- struct{}{}
	}
}
