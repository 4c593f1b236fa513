package eventsourcingtest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Racers is how many writers the suites race against one another.
const Racers = 20

// TestStore holds a store to the contract of [es.Store]. fresh returns an empty store, or one in which nobody else uses the streams
// of the test; it is called once for each subtest, which run in parallel.
func TestStore(t *testing.T, fresh func(*testing.T) es.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, es.Store)
	}{
		{"an unknown stream has no events", unknownStream},
		{"events come back as they were saved", roundTrip},
		{"load starts after a version", loadAfter},
		{"a stale save is a conflict and stores nothing", staleSave},
		{"a save ahead of the stream is a conflict", saveAhead},
		{"a save of nothing changes nothing", saveNothing},
		{"events that do not fit the stream are refused", misfits},
		{"load all is load for many streams", loadAll},
		{"a cancelled context stores nothing", cancelled},
		{"of twenty racers one wins and every loser gets a conflict", raceOneStream},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, fresh(t))
		})
	}
}

func unknownStream(t *testing.T, s es.Store) {
	stream := NewStream()
	wantStream(t, s, stream, nil)
	if exists, err := s.Exists(t.Context(), stream); err != nil || exists {
		t.Errorf("Exists: got %v, %v, want false", exists, err)
	}
}

func roundTrip(t *testing.T, s es.Store) {
	stream := NewStream()
	events := Events(stream, 0, 3)
	save(t, s, stream, 0, events[:1])
	save(t, s, stream, 1, events[1:])
	wantStream(t, s, stream, events)
	if exists, err := s.Exists(t.Context(), stream); err != nil || !exists {
		t.Errorf("Exists: got %v, %v, want true", exists, err)
	}
	other := es.Stream{Type: "other", ID: stream.ID}
	if exists, err := s.Exists(t.Context(), other); err != nil || exists {
		t.Errorf("Exists for another type: got %v, %v, want false", exists, err)
	}
	wantStream(t, s, other, nil)
}

func loadAfter(t *testing.T, s es.Store) {
	stream := NewStream()
	events := Events(stream, 0, 5)
	save(t, s, stream, 0, events)
	for after, want := range map[int64][]es.Event{0: events, 3: events[3:], 5: nil, 9: nil} {
		got, err := s.Load(t.Context(), stream, after)
		if err != nil {
			t.Fatalf("Load after %d: %v", after, err)
		}
		diff(t, got, want)
	}
}

func staleSave(t *testing.T, s es.Store) {
	stream := NewStream()
	events := Events(stream, 0, 2)
	save(t, s, stream, 0, events)
	for _, expected := range []int64{0, 1} {
		wantConflict(t, s.Save(t.Context(), stream, expected, Events(stream, expected, 2)...), stream, expected, 2)
	}
	wantStream(t, s, stream, events)
}

func saveAhead(t *testing.T, s es.Store) {
	stream := NewStream()
	wantConflict(t, s.Save(t.Context(), stream, 7, Events(stream, 7, 1)...), stream, 7, 0)
	wantStream(t, s, stream, nil)
}

func saveNothing(t *testing.T, s es.Store) {
	stream := NewStream()
	if err := s.Save(t.Context(), stream, 5); err != nil {
		t.Errorf("got %v, want nil", err)
	}
	wantStream(t, s, stream, nil)
}

func misfits(t *testing.T, s es.Store) {
	stream, other := NewStream(), NewStream()
	gap := Events(stream, 0, 3)
	for name, c := range map[string]struct {
		stream   es.Stream
		expected int64
		events   []es.Event
		want     error
	}{
		"no id":              {es.Stream{Type: "test"}, 0, Events(es.Stream{Type: "test"}, 0, 1), es.ErrInvalidAggregateID},
		"no type":            {es.Stream{ID: stream.ID}, 0, Events(es.Stream{ID: stream.ID}, 0, 1), es.ErrInvalidAggregateID},
		"another stream":     {stream, 0, Events(other, 0, 1), es.ErrInvalidAggregateID},
		"a later version":    {stream, 0, Events(stream, 1, 1), es.ErrInvalidEventVersion},
		"a gap":              {stream, 0, []es.Event{gap[0], gap[2]}, es.ErrInvalidEventVersion},
		"a version twice":    {stream, 0, []es.Event{gap[0], gap[0]}, es.ErrInvalidEventVersion},
		"a negative version": {stream, -1, Events(stream, -1, 1), es.ErrInvalidEventVersion},
	} {
		if err := s.Save(t.Context(), c.stream, c.expected, c.events...); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	wantStream(t, s, stream, nil)
	wantStream(t, s, other, nil)
}

func loadAll(t *testing.T, s es.Store) {
	a, b, unknown := NewStream(), NewStream(), NewStream()
	ofA, ofB := Events(a, 0, 3), Events(b, 0, 2)
	save(t, s, a, 0, ofA)
	save(t, s, b, 0, ofB)
	got, err := s.LoadAll(t.Context(), map[es.Stream]int64{a: 1, b: 0, unknown: 0})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, got[a], ofA[1:])
	diff(t, got[b], ofB)
	diff(t, got[unknown], nil)
	if got, err := s.LoadAll(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("LoadAll of nothing: got %v, %v", got, err)
	}
}

func cancelled(t *testing.T, s es.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	stream := NewStream()
	if err := s.Save(ctx, stream, 0, Events(stream, 0, 1)...); !errors.Is(err, context.Canceled) {
		t.Errorf("Save: got %v, want %v", err, context.Canceled)
	}
	if _, err := s.Load(ctx, stream, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Load: got %v, want %v", err, context.Canceled)
	}
	if _, err := s.LoadAll(ctx, map[es.Stream]int64{stream: 0}); !errors.Is(err, context.Canceled) {
		t.Errorf("LoadAll: got %v, want %v", err, context.Canceled)
	}
	wantStream(t, s, stream, nil)
}

// raceOneStream lets all racers save at the same version, one to four events each, several rounds.
func raceOneStream(t *testing.T, s es.Store) {
	stream := NewStream()
	var want []es.Event
	for round := range 10 {
		version := int64(len(want))
		offers := make([][]es.Event, Racers)
		errs := make([]error, Racers)
		var wg sync.WaitGroup
		for i := range Racers {
			offers[i] = Events(stream, version, 1+(i+round)%4)
			wg.Go(func() { errs[i] = s.Save(t.Context(), stream, version, offers[i]...) })
		}
		wg.Wait()
		winner := slices.Index(errs, nil)
		if winner < 0 {
			t.Fatalf("nobody won: %v", errs)
		}
		want = append(want, offers[winner]...)
		for i, err := range errs {
			if i != winner {
				wantConflict(t, err, stream, version, int64(len(want)))
			}
		}
		wantStream(t, s, stream, want)
	}
}

func save(t *testing.T, s es.Store, stream es.Stream, expected int64, events []es.Event) {
	t.Helper()
	if err := s.Save(t.Context(), stream, expected, events...); err != nil {
		t.Fatalf("Save: %v", err)
	}
}

func wantStream(t *testing.T, s es.Store, stream es.Stream, want []es.Event) {
	t.Helper()
	got, err := s.Load(t.Context(), stream, 0)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	diff(t, got, want)
}

// wantConflict checks what a loser is told. An actual of -1 means that the store did not look.
func wantConflict(t *testing.T, err error, stream es.Stream, expected, actual int64) {
	t.Helper()
	var conflict *es.ConflictError
	if !errors.Is(err, es.ErrConflict) || !errors.As(err, &conflict) {
		t.Errorf("got %v, want a conflict", err)
		return
	}
	if conflict.Stream != stream || conflict.Expected != expected || (conflict.Actual != actual && conflict.Actual != -1) || conflict.Asked {
		t.Errorf("got %+v, want %s expected %d actual %d", conflict, stream, expected, actual)
	}
}
