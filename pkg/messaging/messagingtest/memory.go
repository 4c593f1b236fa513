package messagingtest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// Memory is a [messaging.Sink] for one consumer that keeps offsets, effects and parked messages in memory. It passes [TestSink]. Safe for concurrent
// use.
type Memory struct {
	handle messaging.Handler

	mu      sync.Mutex
	changed chan struct{}
	at      map[place]*spot
	streams map[string]messaging.Message // last applied
	applied []messaging.Message
	parked  map[string][]messaging.Message // by key
}

type place struct {
	topic string
	part  int
}

type spot struct {
	epoch, next int64
	last        string
}

// NewMemory returns an empty sink. handle may be nil; its errors mean what those of every [messaging.Handler] mean.
func NewMemory(handle messaging.Handler) *Memory {
	if handle == nil {
		handle = func(context.Context, messaging.Message) error { return nil }
	}
	return &Memory{
		handle: handle, changed: make(chan struct{}), at: map[place]*spot{}, streams: map[string]messaging.Message{},
		parked: map[string][]messaging.Message{},
	}
}

// Applied are the messages that had their effect, in order.
func (s *Memory) Applied() []messaging.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.applied)
}

// Parked are the keys that wait, with how many messages each.
func (s *Memory) Parked() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for key, waiting := range s.parked {
		out[key] = len(waiting)
	}
	return out
}

// Await waits until n messages had their effect. It fails t when its context ends first.
func (s *Memory) Await(ctx context.Context, t testing.TB, n int) {
	t.Helper()
	for {
		s.mu.Lock()
		have, changed := len(s.applied), s.changed
		s.mu.Unlock()
		if have >= n {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("%d of %d messages were applied: %v", have, n, ctx.Err())
		}
	}
}

// Claim takes a partition over.
func (s *Memory) Claim(_ context.Context, topic string, partition int) (messaging.Claim, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := place{topic, partition}
	if s.at[p] == nil {
		s.at[p] = &spot{}
	}
	s.at[p].epoch++
	return &memoryClaim{s, p, *s.at[p]}, nil
}

type memoryClaim struct {
	s  *Memory
	at place
	spot
}

func (c *memoryClaim) Next() int64  { return c.next }
func (c *memoryClaim) Last() string { return c.last }

// Apply is one critical section, as a transaction would be; what it changed is kept only if all went well.
func (c *memoryClaim) Apply(ctx context.Context, batch []messaging.Message) error {
	if len(batch) == 0 {
		return nil
	}
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if *s.at[c.at] != c.spot {
		return messaging.ErrFenced
	}
	try := &Memory{handle: s.handle, streams: maps.Clone(s.streams), applied: slices.Clone(s.applied), parked: map[string][]messaging.Message{}}
	for key, waiting := range s.parked {
		try.parked[key] = slices.Clone(waiting)
	}
	moved := c.spot
	for _, m := range batch {
		if m.Topic != c.at.topic || m.Partition != c.at.part || m.Offset < moved.next {
			return fmt.Errorf("offset %d does not follow %d", m.Offset, moved.next-1)
		}
		if err := try.take(ctx, m); err != nil {
			return err
		}
		moved.next, moved.last = m.Offset+1, m.ID
	}
	c.spot = moved
	s.streams, s.applied, s.parked = try.streams, try.applied, try.parked
	*s.at[c.at] = c.spot
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// take applies the version rule to one message, and to what waited for it.
func (s *Memory) take(ctx context.Context, m messaging.Message) error {
	key := m.Key
	if key == "" {
		key = fmt.Sprintf("offset %d/%d", m.Partition, m.Offset)
	}
	if len(s.parked[key]) > 0 && m.Version > s.streams[m.Stream].Version+1 {
		s.parked[key] = append(s.parked[key], m)
		return nil
	}
	done, err := s.one(ctx, m)
	if err != nil {
		return err
	}
	if !done {
		s.parked[key] = append(s.parked[key], m)
		return nil
	}
	waiting := s.parked[key]
	slices.SortStableFunc(waiting, func(a, b messaging.Message) int { return int(a.Version - b.Version) })
	for len(waiting) > 0 {
		if done, err := s.one(ctx, waiting[0]); err != nil || !done {
			break
		}
		waiting = waiting[1:]
	}
	if s.parked[key] = waiting; len(waiting) == 0 {
		delete(s.parked, key)
	}
	return nil
}

// one is done when m had its effect now or before.
func (s *Memory) one(ctx context.Context, m messaging.Message) (done bool, err error) {
	if messaging.Validate(m) != nil {
		return false, nil
	}
	last := s.streams[m.Stream]
	switch {
	case m.Version < last.Version:
		return true, nil
	case m.Version == last.Version:
		return m.ID == last.ID && bytes.Equal(m.Data, last.Data), nil
	case m.Version > last.Version+1:
		return false, nil
	}
	for range 3 {
		var panicked bool
		if panicked, err = call(ctx, s.handle, m); !panicked {
			break
		}
	}
	switch {
	case messaging.IsPermanent(err):
		return false, nil
	case err != nil:
		return false, err
	}
	s.streams[m.Stream] = m
	s.applied = append(s.applied, m)
	return true, nil
}

func call(ctx context.Context, handle messaging.Handler, m messaging.Message) (panicked bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			panicked, err = true, messaging.Permanent(fmt.Errorf("panic: %v", v))
		}
	}()
	return false, handle(ctx, m)
}
