package eventsourcing

import (
	"container/list"
	"sync"
)

// baselines is a bounded least-recently-used map of folded states. A nil one keeps nothing.
type baselines[S any] struct {
	mu    sync.Mutex
	limit int
	order *list.List // front: used last; values are *baseline[S]
	byKey map[Stream]*list.Element
}

type baseline[S any] struct {
	stream  Stream
	state   S
	version int64
	unsaved int // events folded since the last snapshot, as far as this process knows
}

func newBaselines[S any](limit int) *baselines[S] {
	if limit <= 0 {
		return nil
	}
	return &baselines[S]{limit: limit, order: list.New(), byKey: make(map[Stream]*list.Element, limit)}
}

func (b *baselines[S]) get(s Stream) (baseline[S], bool) {
	if b == nil {
		return baseline[S]{}, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.byKey[s]
	if !ok {
		return baseline[S]{}, false
	}
	b.order.MoveToFront(e)
	return *e.Value.(*baseline[S]), true
}

// put keeps the state unless a newer one is there, and returns how many events were folded since the last snapshot.
func (b *baselines[S]) put(s Stream, state S, version int64, folded int) int {
	if b == nil {
		return folded
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if e, ok := b.byKey[s]; ok {
		kept := e.Value.(*baseline[S])
		if version > kept.version {
			kept.unsaved += int(version - kept.version)
			kept.state, kept.version = state, version
		}
		b.order.MoveToFront(e)
		return kept.unsaved
	}
	b.byKey[s] = b.order.PushFront(&baseline[S]{stream: s, state: state, version: version, unsaved: folded})
	if b.order.Len() > b.limit {
		oldest := b.order.Back()
		b.order.Remove(oldest)
		delete(b.byKey, oldest.Value.(*baseline[S]).stream)
	}
	return folded
}

func (b *baselines[S]) saved(s Stream) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if e, ok := b.byKey[s]; ok {
		e.Value.(*baseline[S]).unsaved = 0
	}
}
