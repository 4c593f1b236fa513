package subscription_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/eventsourcingtest"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
)

// readLog is a log of numbers 10, 20 ... that counts what is read from it.
type readLog struct {
	mu        sync.Mutex
	positions []int64
	data      string
	reads     int
}

func (l *readLog) grow(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range n {
		l.positions = append(l.positions, int64(len(l.positions)+1)*10)
	}
}

func (l *readLog) ReadAll(_ context.Context, after int64, limit int) ([]es.Recorded, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	var out []es.Recorded
	for _, p := range l.positions {
		if p > after && len(out) < limit {
			out = append(out, es.Recorded{Position: p, Event: es.Event{Data: []byte(l.data)}})
		}
	}
	return out, nil
}

// follow reads everything after a position, as a subscription does.
func follow(t *testing.T, log es.Log, after int64, batch int) []int64 {
	t.Helper()
	var seen []int64
	for {
		events, err := log.ReadAll(t.Context(), after, batch)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return seen
		}
		for _, e := range events {
			seen = append(seen, e.Position)
		}
		after = seen[len(seen)-1]
	}
}

func TestWhatOneHasReadTheOthersGetFromMemory(t *testing.T) {
	log := &readLog{}
	shared := subscription.Share(log)
	log.grow(30)
	first := follow(t, shared, 0, 7)
	log.mu.Lock()
	log.reads = 0
	log.mu.Unlock()
	for _, after := range []int64{0, 5, 100, 290} {
		want := first[slices.IndexFunc(first, func(p int64) bool { return p > after }):]
		if got := follow(t, shared, after, 4); !slices.Equal(got, want) {
			t.Errorf("after %d: got %v, want %v", after, got, want)
		}
	}
	if log.reads != 4 { // each looks once whether there is more
		t.Errorf("the log was read %d times, want 4", log.reads)
	}
	log.grow(5)
	if got := follow(t, shared, 300, 100); !slices.Equal(got, []int64{310, 320, 330, 340, 350}) {
		t.Errorf("got %v after the log grew", got)
	}
}

func TestASharedLogForgetsTheOldestAndReadsThemAgain(t *testing.T) {
	for name, data := range map[string]string{"by number": "", "by size": strings.Repeat("x", 4<<10)} {
		t.Run(name, func(t *testing.T) {
			log := &readLog{data: data}
			shared := subscription.Share(log)
			log.grow(5000)
			all := follow(t, shared, 0, 500)
			if again := follow(t, shared, 0, 500); len(all) != 5000 || !slices.Equal(all, again) {
				t.Fatalf("got %d events, then %d, want 5000 twice", len(all), len(again))
			}
			before := log.reads
			if got := follow(t, shared, all[4900], 500); len(got) != 99 || log.reads != before+1 {
				t.Fatalf("got %d of the newest events with %d reads, want 99 with 1", len(got), log.reads-before)
			}
		})
	}
}

func TestAJumpOverAGapLeavesNothingOut(t *testing.T) {
	log := &readLog{}
	shared := subscription.Share(log)
	log.grow(10)
	follow(t, shared, 0, 3)
	log.grow(20)
	want := follow(t, log, 0, 100)
	if got := follow(t, shared, 200, 100); !slices.Equal(got, want[20:]) { // as after a rewind forwards
		t.Fatalf("got %v, want %v", got, want[20:])
	}
	if got := follow(t, shared, 0, 100); !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestManyFollowASharedLogWhileItGrows(t *testing.T) {
	log := &readLog{}
	shared := subscription.Share(log)
	const total = 6000
	var wg sync.WaitGroup
	wg.Go(func() {
		for range total / 10 {
			log.grow(10)
		}
	})
	for batch := range 4 {
		wg.Go(func() {
			var after int64
			for after < total*10 {
				events, err := shared.ReadAll(context.Background(), after, 1+batch*100)
				if err != nil {
					t.Error(err)
					return
				}
				for _, e := range events {
					if e.Position != after+10 {
						t.Errorf("position %d follows %d", e.Position, after)
						return
					}
					after = e.Position
				}
			}
		})
	}
	wg.Wait()
}

// sharing is a store whose log is read through a Shared.
type sharing struct {
	*memstore.Store
	shared *subscription.Shared
}

func (s sharing) ReadAll(ctx context.Context, after int64, limit int) ([]es.Recorded, error) {
	return s.shared.ReadAll(ctx, after, limit)
}

func TestASharedLogIsALog(t *testing.T) {
	eventsourcingtest.TestLog(t, func(*testing.T) eventsourcingtest.Log {
		store := memstore.New(nil)
		return sharing{store, subscription.Share(store)}
	})
}

func TestASharedLogHasTheHeadOfItsLog(t *testing.T) {
	store := memstore.New(nil)
	head := appendEvents(t, store, 3)
	if got, err := subscription.Share(store).Head(t.Context()); err != nil || got != head {
		t.Fatalf("got %d, %v, want %d", got, err, head)
	}
	if _, err := subscription.Share(&readLog{}).Head(t.Context()); err == nil {
		t.Fatal("a log without Head has one")
	}
}
