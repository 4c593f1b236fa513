package eventsourcing

import (
	"context"
	"encoding/json"
	"fmt"
)

// Stream names the events of one aggregate.
type Stream struct{ Type, ID string }

// String is "type id", for messages and logs.
func (s Stream) String() string { return s.Type + " " + s.ID }

// Store keeps streams. Implementations pass eventsourcingtest.TestStore and are safe for concurrent use.
type Store interface {
	// Load returns the events after version after, oldest first. An unknown stream has none.
	Load(ctx context.Context, s Stream, after int64) ([]Event, error)
	// LoadAll is Load for several streams in one round trip. A stream without events may be missing from the answer.
	LoadAll(ctx context.Context, after map[Stream]int64) (map[Stream][]Event, error)
	// Save appends events if s is at version expected: all of them, or none and ErrConflict.
	// ErrInvalidAggregateID and ErrInvalidEventVersion say that the events do not fit s: a bug of the caller.
	Save(ctx context.Context, s Stream, expected int64, events ...Event) error
	// Exists says whether s has events.
	Exists(ctx context.Context, s Stream) (bool, error)
}

// Appender writes several streams in one append: all of them, or none and ErrConflict. Save is an Append of one.
// Implementations pass eventsourcingtest.TestAppender. Writes without events are left out; two writes to one stream
// are ErrInvalidEventVersion. An append whose outcome could not be found out is [ErrOutcomeUnknown].
type Appender interface {
	Append(ctx context.Context, writes ...Write) error
}

// Write is the part of an append that goes to one stream.
type Write struct {
	Stream   Stream
	Expected int64 // version the events were decided on; 0 for a stream that must not exist
	Events   []Event
}

// Log reads all streams in one order. Implementations pass eventsourcingtest.TestLog.
type Log interface {
	// ReadAll returns up to limit events after position after, in position order. What it has passed over never appears later.
	ReadAll(ctx context.Context, after int64, limit int) ([]Recorded, error)
}

// Recorded is an event with its place in the [Log].
type Recorded struct {
	Position int64 // grows with every commit; has holes
	Event
}

// Snapshot is the folded state of a stream at a version. It is only ever a shortcut: with another schema, or unreadable, it is
// ignored and the stream is folded from its first event.
type Snapshot struct {
	Stream        Stream
	Version       int64
	SchemaVersion int // of State; chosen by the owner of the state's type
	State         json.RawMessage
}

// SnapshotStore keeps the newest snapshot of a stream. Stores that pass eventsourcingtest.TestSnapshots implement it beside [Store].
type SnapshotStore interface {
	// LoadSnapshots returns the snapshots that exist, at most one of each stream.
	LoadSnapshots(ctx context.Context, streams ...Stream) (map[Stream]Snapshot, error)
	// SaveSnapshot keeps s unless a newer one of the same schema is there. It may do so later, and may drop it under load.
	SaveSnapshot(ctx context.Context, s Snapshot) error
}

// CheckWrites says whether writes fit their streams; implementations of [Appender] call it first.
func CheckWrites(writes ...Write) error {
	seen := make(map[Stream]bool, len(writes))
	for _, w := range writes {
		if w.Stream.ID == "" || w.Stream.Type == "" {
			return fmt.Errorf("append to %q: %w", w.Stream, ErrInvalidAggregateID)
		}
		if seen[w.Stream] {
			return fmt.Errorf("append to %s: written twice in one append: %w", w.Stream, ErrInvalidEventVersion)
		}
		seen[w.Stream] = true
		for i, e := range w.Events {
			if e.Stream() != w.Stream {
				return fmt.Errorf("append to %s: event of %s: %w", w.Stream, e.Stream(), ErrInvalidAggregateID)
			}
			if want := w.Expected + int64(i) + 1; w.Expected < 0 || e.Version != want {
				return fmt.Errorf("append to %s: event has version %d, want %d: %w", w.Stream, e.Version, want, ErrInvalidEventVersion)
			}
		}
	}
	return nil
}
