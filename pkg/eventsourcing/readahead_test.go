package eventsourcing_test

import (
	"context"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
)

// asked counts how often a store was asked.
type asked struct {
	*memstore.Store
	times int
}

func (a *asked) Load(ctx context.Context, s es.Stream, after int64) ([]es.Event, error) {
	a.times++
	return a.Store.Load(ctx, s, after)
}

func (a *asked) LoadAll(ctx context.Context, after map[es.Stream]int64) (map[es.Stream][]es.Event, error) {
	a.times++
	return a.Store.LoadAll(ctx, after)
}

func cents(t *testing.T, ctx context.Context, h *handler, id string) int64 { //nolint:revive // t first, as everywhere
	t.Helper()
	res, err := h.Load(ctx, id)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return res.State.Cents
}

func TestWhatWasReadAheadIsNotReadAgain(t *testing.T) {
	store := &asked{Store: memstore.New(nil)}
	plain, kept := newHandler(store, es.Options{}), newHandler(store, es.Options{Baselines: 10})
	a, b, c := es.NewID(), es.NewID(), es.NewID()
	handle(t, plain, call(a, "1"), 10)
	handle(t, kept, call(b, "2"), 20)
	if got := cents(t, t.Context(), kept, b); got != 20 { // a baseline at version 1
		t.Fatalf("got %d, want 20", got)
	}
	handle(t, plain, call(b, "3"), 5)

	store.times = 0
	ctx, err := es.ReadAhead(t.Context(), store, plain.Tails(a), kept.Tails(b))
	if err != nil {
		t.Fatal(err)
	}
	handle(t, plain, call(a, "4"), 1) // after it
	times := store.times
	if got := cents(t, ctx, plain, a); got != 10 {
		t.Errorf("got %d, want 10 as it was read ahead", got)
	}
	if got := cents(t, ctx, kept, b); got != 25 {
		t.Errorf("got %d from a baseline and what was read ahead, want 25", got)
	}
	if store.times != times {
		t.Errorf("the store was asked %d times for what was read ahead", store.times-times)
	}
	if got := cents(t, es.ReadAnew(ctx), plain, a); got != 11 {
		t.Errorf("got %d read anew, want 11", got)
	}
	handle(t, plain, call(c, "5"), 7)
	if got := cents(t, ctx, plain, c); got != 7 {
		t.Errorf("got %d for a stream that was not read ahead, want 7", got)
	}
}

func TestAReadAheadGivesWayToANewerBaseline(t *testing.T) {
	store := memstore.New(nil)
	kept := newHandler(store, es.Options{Baselines: 1})
	a, b := es.NewID(), es.NewID()
	handle(t, kept, call(a, "1"), 10)
	cents(t, t.Context(), kept, a)
	handle(t, kept, call(a, "2"), 10)
	ctx, err := es.ReadAhead(t.Context(), store, kept.Tails(a))
	if err != nil {
		t.Fatal(err)
	}
	handle(t, kept, call(a, "3"), 10)
	if got := cents(t, t.Context(), kept, a); got != 30 {
		t.Fatalf("got %d, want 30", got)
	}
	if got := cents(t, ctx, kept, a); got != 30 {
		t.Errorf("got %d, want 30 of the newer baseline", got)
	}
	handle(t, kept, call(b, "4"), 1)
	cents(t, t.Context(), kept, b) // takes the only place
	if got := cents(t, ctx, kept, a); got != 30 {
		t.Errorf("got %d, want 30: without the baseline it was read after, what was read ahead is not enough", got)
	}
}

func TestASavedPlanIsABaseline(t *testing.T) {
	store := &counting{Store: memstore.New(nil)}
	kept := newHandler(store, es.Options{Baselines: 1})
	id := es.NewID()
	plan, err := kept.Plan(t.Context(), call(id, "1"), func(context.Context, purse) (int64, error) { return 40, nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), plan.Write); err != nil {
		t.Fatal(err)
	}
	kept.Saved(plan)
	if got := cents(t, t.Context(), kept, id); got != 40 || store.loaded != 0 {
		t.Fatalf("got %d after loading %d events, want 40 after none", got, store.loaded)
	}
}

func TestTailsLeaveOutWhatASnapshotShortens(t *testing.T) {
	store := memstore.New(nil)
	h := newHandler(store, es.Options{Baselines: 1, Snapshots: store, SnapshotEvery: 2})
	id := es.NewID()
	if got := h.Tails(id); len(got) != 0 {
		t.Fatalf("got %v, want nothing for a stream without a baseline", got)
	}
	handle(t, h, call(id, "1"), 10)
	cents(t, t.Context(), h, id)
	if got, want := h.Tails(id), (es.Stream{Type: "purse", ID: id}); len(got) != 1 || got[want] != 1 {
		t.Fatalf("got %v, want %s after version 1", got, want)
	}
}
