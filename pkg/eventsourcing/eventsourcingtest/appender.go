package eventsourcingtest

import (
	"context"
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
	want, err := raceAll(t.Context(), streams, each, s)
	if err != nil {
		t.Fatal(err)
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

// raceAll has all racers append each times through stores, in turn, and returns how many events they got in.
func raceAll(ctx context.Context, streams []es.Stream, each int, stores ...Appender) (events int, err error) {
	racers, errs := make([]*racer, Racers), make([]error, Racers)
	var wg sync.WaitGroup
	for i := range racers {
		racers[i] = newRacer(stores[i%len(stores)], streams, i)
		wg.Go(func() {
			for range each {
				errs[i] = errors.Join(errs[i], racers[i].appendUntilIn(ctx))
			}
		})
	}
	wg.Wait()
	for _, r := range racers {
		events += r.appended
	}
	return events, errors.Join(errs...)
}

// racer appends to streams at the versions it last saw, and loads what is new after every lost race.
type racer struct {
	store    Appender
	streams  []es.Stream
	versions map[es.Stream]int64
	random   *rand.Rand
	appended int // events
}

func newRacer(s Appender, streams []es.Stream, seed int) *racer {
	return &racer{store: s, streams: streams, versions: map[es.Stream]int64{}, random: rand.New(rand.NewPCG(uint64(seed), 1))}
}

// appendUntilIn appends one to four events to one or several streams, and tries again until they are in.
func (r *racer) appendUntilIn(ctx context.Context) error {
	picked := r.random.Perm(len(r.streams))[:1+r.random.IntN(len(r.streams))]
	for range 10_000 {
		after := make(map[es.Stream]int64, len(picked))
		for _, i := range picked {
			after[r.streams[i]] = r.versions[r.streams[i]]
		}
		loaded, err := r.store.LoadAll(ctx, after)
		if err != nil {
			return err
		}
		var writes []es.Write
		events := 0
		for stream, version := range after {
			version += int64(len(loaded[stream]))
			r.versions[stream] = version
			writes = append(writes, Write(stream, version, 1+r.random.IntN(4)))
			events += len(writes[len(writes)-1].Events)
		}
		err = r.store.Append(ctx, writes...)
		if err == nil {
			r.appended += events
		}
		if !errors.Is(err, es.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("lost 10,000 races")
}

func appendAll(t *testing.T, s es.Appender, writes ...es.Write) {
	t.Helper()
	if err := s.Append(t.Context(), writes...); err != nil {
		t.Fatalf("Append: %v", err)
	}
}
