package eventsourcingtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Log is a store that can be read in one order.
type Log interface {
	Appender
	es.Log
}

// TestLog holds a store to the contract of [es.Log]; fresh is as in [TestStore], but the store must be empty.
func TestLog(t *testing.T, fresh func(*testing.T) Log) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Log)
	}{
		{"an empty log has nothing", emptyLog},
		{"events are read in the order of their appends, in pages", readInPages},
		{"a reader beside twenty writers misses nothing and never goes back", func(t *testing.T, s Log) { ReadBeside(t, s, 0, s) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, fresh(t))
		})
	}
}

func emptyLog(t *testing.T, s Log) {
	for _, limit := range []int{0, 10} {
		if got, err := s.ReadAll(t.Context(), 0, limit); err != nil || len(got) != 0 {
			t.Errorf("limit %d: got %v, %v", limit, got, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.ReadAll(ctx, 0, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func readInPages(t *testing.T, s Log) {
	var want []es.Event
	for range 5 {
		a, b := Write(NewStream(), 0, 2), Write(NewStream(), 0, 1)
		appendAll(t, s, a, b)
		want = append(append(want, a.Events...), b.Events...)
	}
	var got []es.Event
	var last int64
	for {
		page, err := s.ReadAll(t.Context(), last, 4)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			if r.Position <= last || len(page) > 4 {
				t.Fatalf("position %d follows %d in a page of %d", r.Position, last, len(page))
			}
			last = r.Position
			got = append(got, r.Event)
		}
	}
	diff(t, got, want)
	if page, err := s.ReadAll(t.Context(), 0, 0); err != nil || len(page) != 0 {
		t.Errorf("limit 0: got %v, %v", page, err)
	}
}

// ReadBeside reads log after a position while twenty writers append through stores, in turn: one store, or several processes on one database. What the
// reader saw must be every event, in positions that grow, versions without gaps in each stream, and each append whole.
func ReadBeside(t *testing.T, log es.Log, after int64, stores ...Appender) {
	t.Helper()
	const each = 10
	streams := []es.Stream{NewStream(), NewStream(), NewStream(), NewStream(), NewStream()}
	var want int
	var wrote error
	done := make(chan struct{})
	go func() {
		want, wrote = raceAll(t.Context(), streams, each, stores...)
		close(done)
	}()
	seen, err := follow(t.Context(), log, after, done)
	<-done
	if err := errors.Join(wrote, err); err != nil {
		t.Fatal(err)
	}
	if len(seen) != want {
		t.Errorf("the reader saw %d events, want %d", len(seen), want)
	}
}

// follow reads to the end, until one read begun after done finds nothing more.
func follow(ctx context.Context, log es.Log, last int64, done <-chan struct{}) (seen []es.Recorded, err error) {
	versions := map[es.Stream]int64{}
	for {
		finished := false
		select {
		case <-done:
			finished = true
		default:
		}
		page, err := log.ReadAll(ctx, last, 50)
		if err != nil {
			return seen, err
		}
		for _, r := range page {
			if r.Position <= last {
				return seen, fmt.Errorf("position %d was read after %d", r.Position, last)
			}
			if r.Version != versions[r.Stream()]+1 {
				return seen, fmt.Errorf("%s: version %d was read after %d", r.Stream(), r.Version, versions[r.Stream()])
			}
			last, versions[r.Stream()] = r.Position, r.Version
			seen = append(seen, r)
		}
		if finished && len(page) == 0 {
			return seen, nil
		}
	}
}
