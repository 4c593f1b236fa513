package eventsourcingtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Appender is a store with appends over streams.
type Appender interface {
	es.Store
	es.Appender
}

// TestAppender holds a store to the contract of [es.Appender]; fresh is as in [TestStore].
func TestAppender(t *testing.T, fresh func(*testing.T) Appender) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Appender)
	}{
		{"an append over streams is stored whole", appendWhole},
		{"an append that loses one stream of many stores nothing", appendLosesOne},
		{"an append over 201 streams is stored whole or not at all", appendOrderAndStock},
		{"an append of nothing changes nothing", appendNothing},
		{"two writes to one stream are refused", appendTwice},
		{"racers over shared streams win whole or lose whole", raceManyStreams},
		{"racers that retry all get in, each exactly once", raceUntilIn},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, fresh(t))
		})
	}
}

func appendWhole(t *testing.T, s Appender) {
	a, b, empty := Write(NewStream(), 0, 2), Write(NewStream(), 0, 3), es.Write{Stream: NewStream(), Expected: 9}
	appendAll(t, s, a, empty, b)
	wantStream(t, s, a.Stream, a.Events)
	wantStream(t, s, b.Stream, b.Events)
	wantStream(t, s, empty.Stream, nil)
}

func appendLosesOne(t *testing.T, s Appender) {
	a, b := Write(NewStream(), 0, 1), Write(NewStream(), 0, 1)
	appendAll(t, s, a)
	for _, writes := range [][]es.Write{{b, Write(a.Stream, 0, 1)}, {Write(a.Stream, 0, 2), b}, {b, Write(a.Stream, 2, 1)}} {
		stale := writes[slices.IndexFunc(writes, func(w es.Write) bool { return w.Stream == a.Stream })]
		wantConflict(t, s.Append(t.Context(), writes...), a.Stream, stale.Expected, 1)
	}
	wantStream(t, s, a.Stream, a.Events)
	wantStream(t, s, b.Stream, nil)
}

func appendOrderAndStock(t *testing.T, s Appender) {
	writes := make([]es.Write, 201)
	for i := range writes {
		writes[i] = Write(NewStream(), 0, 1)
	}
	appendAll(t, s, writes[200])
	wantConflict(t, s.Append(t.Context(), writes...), writes[200].Stream, 0, 1)
	for _, w := range writes[:200] {
		wantStream(t, s, w.Stream, nil)
	}
	writes[200] = Write(writes[200].Stream, 1, 1)
	appendAll(t, s, writes...)
	for _, w := range writes[:200] {
		wantStream(t, s, w.Stream, w.Events)
	}
}

func appendNothing(t *testing.T, s Appender) {
	if err := s.Append(t.Context()); err != nil {
		t.Errorf("no writes: got %v, want nil", err)
	}
	if err := s.Append(t.Context(), es.Write{Stream: NewStream(), Expected: 3}); err != nil {
		t.Errorf("no events: got %v, want nil", err)
	}
}

func appendTwice(t *testing.T, s Appender) {
	stream := NewStream()
	if err := s.Append(t.Context(), Write(stream, 0, 1), Write(stream, 1, 1)); !errors.Is(err, es.ErrInvalidEventVersion) {
		t.Errorf("got %v, want %v", err, es.ErrInvalidEventVersion)
	}
	wantStream(t, s, stream, nil)
}

// raceManyStreams lets racers append to overlapping pairs of streams at the versions they saw. Whoever won is in both streams.
func raceManyStreams(t *testing.T, s Appender) {
	streams := []es.Stream{NewStream(), NewStream(), NewStream(), NewStream()}
	versions := make([]int64, len(streams))
	for round := range 8 {
		type offer struct {
			writes []es.Write
			err    error
		}
		offers := make([]offer, Racers)
		var wg sync.WaitGroup
		for i := range offers {
			a, b := i%4, (i+1+round%3)%4
			offers[i].writes = []es.Write{Write(streams[a], versions[a], 1+i%4), Write(streams[b], versions[b], 1+round%4)}
			wg.Go(func() { offers[i].err = s.Append(t.Context(), offers[i].writes...) })
		}
		wg.Wait()
		won := map[es.Stream][]es.Event{}
		for i, o := range offers {
			if o.err != nil {
				if !errors.Is(o.err, es.ErrConflict) {
					t.Fatalf("racer %d: got %v, want a conflict", i, o.err)
				}
				continue
			}
			for _, w := range o.writes {
				if won[w.Stream] != nil {
					t.Fatalf("two racers won %s at one version", w.Stream)
				}
				won[w.Stream] = w.Events
			}
		}
		if len(won) == 0 {
			t.Fatal("nobody won")
		}
		for i, stream := range streams {
			got, err := s.Load(t.Context(), stream, versions[i])
			if err != nil {
				t.Fatal(err)
			}
			diff(t, got, won[stream])
			versions[i] += int64(len(won[stream]))
		}
	}
}

// raceUntilIn lets racers load, append and retry until each got all its appends in.
func raceUntilIn(t *testing.T, s Appender) {
	const each = 5
	streams := []es.Stream{NewStream(), NewStream(), NewStream()}
	errs := make([]error, Racers)
	counts := make([]int, Racers)
	var wg sync.WaitGroup
	for i := range Racers {
		wg.Go(func() {
			for range each {
				n, err := appendUntilIn(t, s, streams, i)
				counts[i] += n
				errs[i] = errors.Join(errs[i], err)
			}
		})
	}
	wg.Wait()
	want := 0
	for i := range Racers {
		if errs[i] != nil {
			t.Errorf("racer %d: %v", i, errs[i])
		}
		want += counts[i]
	}
	got := 0
	for _, stream := range streams {
		events, err := s.Load(t.Context(), stream, 0)
		if err != nil {
			t.Fatal(err)
		}
		got += len(events)
		for i, e := range events {
			if e.Version != int64(i)+1 {
				t.Fatalf("%s: event %d has version %d", stream, i, e.Version)
			}
		}
	}
	if got != want {
		t.Errorf("got %d events, want %d", got, want)
	}
}

// appendUntilIn appends one to four events to one or several of streams, and returns how many.
func appendUntilIn(t *testing.T, s Appender, streams []es.Stream, racer int) (events int, err error) {
	random := rand.New(rand.NewPCG(uint64(racer), rand.Uint64()))
	picked := random.Perm(len(streams))[:1+random.IntN(len(streams))]
	for range 10_000 {
		after := make(map[es.Stream]int64, len(picked))
		for _, i := range picked {
			after[streams[i]] = 0
		}
		loaded, err := s.LoadAll(t.Context(), after)
		if err != nil {
			return 0, err
		}
		var writes []es.Write
		events = 0
		for _, i := range picked {
			n := 1 + random.IntN(4)
			events += n
			writes = append(writes, Write(streams[i], int64(len(loaded[streams[i]])), n))
		}
		if err := s.Append(t.Context(), writes...); !errors.Is(err, es.ErrConflict) {
			return events, err
		}
	}
	return 0, fmt.Errorf("lost 10,000 races")
}

func appendAll(t *testing.T, s es.Appender, writes ...es.Write) {
	t.Helper()
	if err := s.Append(t.Context(), writes...); err != nil {
		t.Fatalf("Append: %v", err)
	}
}
