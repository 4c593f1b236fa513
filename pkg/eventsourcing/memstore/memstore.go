package memstore

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Store is an event store in memory. Make one with [New].
type Store struct {
	now func() time.Time

	mu        sync.Mutex
	log       []es.Recorded
	streams   map[es.Stream][]int // indexes into log
	snapshots map[es.Stream]es.Snapshot
	grown     chan struct{} // closed at the next append
}

// New returns an empty Store. Events get their Timestamp from now; nil is the system clock.
func New(now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{now: now, streams: map[es.Stream][]int{}, snapshots: map[es.Stream]es.Snapshot{}, grown: make(chan struct{})}
}

// Load implements [es.Store].
func (s *Store) Load(ctx context.Context, stream es.Stream, after int64) ([]es.Event, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(stream, after), nil
}

func (s *Store) load(stream es.Stream, after int64) []es.Event {
	index := s.streams[stream]
	events := make([]es.Event, 0, max(0, len(index)-int(after)))
	for _, i := range index[min(len(index), int(after)):] {
		events = append(events, clone(s.log[i].Event))
	}
	return events
}

// LoadAll implements [es.Store].
func (s *Store) LoadAll(ctx context.Context, after map[es.Stream]int64) (map[es.Stream][]es.Event, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[es.Stream][]es.Event, len(after))
	for stream, version := range after {
		out[stream] = s.load(stream, version)
	}
	return out, nil
}

// Exists implements [es.Store].
func (s *Store) Exists(ctx context.Context, stream es.Stream) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.streams[stream]) > 0, ctx.Err()
}

// Save implements [es.Store].
func (s *Store) Save(ctx context.Context, stream es.Stream, expected int64, events ...es.Event) error {
	return s.Append(ctx, es.Write{Stream: stream, Expected: expected, Events: events})
}

// Append implements [es.Appender].
func (s *Store) Append(ctx context.Context, writes ...es.Write) error {
	if err := es.CheckWrites(writes...); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range writes {
		if actual := int64(len(s.streams[w.Stream])); len(w.Events) > 0 && actual != w.Expected {
			return &es.ConflictError{Stream: w.Stream, Expected: w.Expected, Actual: actual}
		}
	}
	at := s.now().UTC().Truncate(time.Microsecond)
	for _, w := range writes {
		for _, e := range w.Events {
			e = clone(e)
			e.Timestamp = at
			s.streams[w.Stream] = append(s.streams[w.Stream], len(s.log))
			s.log = append(s.log, es.Recorded{Position: int64(len(s.log)) + 1, Event: e})
		}
	}
	close(s.grown)
	s.grown = make(chan struct{})
	return nil
}

// ReadAll implements [es.Log].
func (s *Store) ReadAll(ctx context.Context, after int64, limit int) ([]es.Recorded, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	from := min(max(int(after), 0), len(s.log))
	out := slices.Clone(s.log[from:min(from+max(limit, 0), len(s.log))])
	for i := range out {
		out[i].Event = clone(out[i].Event)
	}
	return out, nil
}

// Head returns the position of the newest event, 0 if there is none.
func (s *Store) Head(ctx context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.log)), ctx.Err()
}

// Appended returns a channel that is closed by the next append.
func (s *Store) Appended() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.grown
}

// LoadSnapshots implements [es.SnapshotStore].
func (s *Store) LoadSnapshots(ctx context.Context, streams ...es.Stream) (map[es.Stream]es.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[es.Stream]es.Snapshot{}
	for _, stream := range streams {
		if snap, ok := s.snapshots[stream]; ok {
			out[stream] = snap
		}
	}
	return out, ctx.Err()
}

// SaveSnapshot implements [es.SnapshotStore].
func (s *Store) SaveSnapshot(ctx context.Context, snap es.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.snapshots[snap.Stream]; !ok || old.SchemaVersion != snap.SchemaVersion || old.Version < snap.Version {
		snap.State = slices.Clone(snap.State)
		s.snapshots[snap.Stream] = snap
	}
	return ctx.Err()
}

func clone(e es.Event) es.Event {
	e.Data = slices.Clone(e.Data)
	e.Metadata.Extra = maps.Clone(e.Metadata.Extra)
	return e
}
