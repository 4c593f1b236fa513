package eventsourcing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
)

// purse is the aggregate of these tests: money moves in and out, never below zero.
type purse struct{ Cents int64 }

var (
	errEmpty = errors.New("purse is empty")
	decider  = es.Decider[int64, fact, purse]{
		Initial: func() purse { return purse{} },
		Decide: func(cents int64, s purse) ([]fact, error) {
			switch {
			case cents == 0:
				return nil, nil
			case s.Cents+cents < 0:
				return nil, errEmpty
			case cents > 100: // in two facts
				return []fact{moved{Cents: 100}, moved{Cents: cents - 100}}, nil
			}
			return []fact{moved{Cents: cents}}, nil
		},
		Evolve: func(s purse, f fact) purse {
			if m, ok := f.(moved); ok {
				s.Cents += m.Cents
			}
			return s
		},
	}
)

type handler = es.Handler[int64, fact, purse]

func newHandler(s es.Store, o es.Options) *handler {
	return es.NewHandler("purse", s, decider, newCodec(), o)
}

func call(id, command string) es.Call {
	return es.Call{AggregateID: id, Metadata: es.Metadata{CommandID: command, Fingerprint: "f-" + command, Actor: "a"}}
}

func handle(t *testing.T, h *handler, c es.Call, cents int64) es.Result[fact, purse] {
	t.Helper()
	res, err := h.Handle(t.Context(), c, cents)
	if err != nil {
		t.Fatalf("Handle: %v", err)
	}
	return res
}

func TestACommandIsDecidedAndSaved(t *testing.T) {
	store := memstore.New(nil)
	h := newHandler(store, es.Options{})
	handle(t, h, call("p", "1"), 50)
	res := handle(t, h, call("p", "2"), 130)
	want := es.Result[fact, purse]{State: purse{180}, Version: 3, Events: []fact{moved{100}, moved{30}}}
	if d := cmp.Diff(want, res); d != "" {
		t.Errorf("result (-want +got):\n%s", d)
	}
	events, err := store.Load(t.Context(), es.Stream{Type: "purse", ID: "p"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range events {
		if e.Version != int64(i)+2 || e.EventType != "account.moved" || e.EventID == "" ||
			!cmp.Equal(e.Metadata, es.Metadata{CommandID: "2", Fingerprint: "f-2", Actor: "a", SchemaVersion: 3}) {
			t.Errorf("got %+v", e)
		}
	}
	loaded, err := h.Load(t.Context(), "p")
	if err != nil || loaded.State != (purse{180}) || loaded.Version != 3 || loaded.Events != nil {
		t.Errorf("Load: got %+v, %v", loaded, err)
	}
}

func TestARefusalAndACommandWithoutEffectLeaveNoTrace(t *testing.T) {
	store := memstore.New(nil)
	h := newHandler(store, es.Options{})
	if _, err := h.Handle(t.Context(), call("p", "1"), -1); err != errEmpty { //nolint:errorlint // as it is, not wrapped
		t.Errorf("got %v, want the refusal as it is", err)
	}
	if res := handle(t, h, call("p", "2"), 0); res.Version != 0 || res.Events != nil {
		t.Errorf("got %+v, want nothing", res)
	}
	if exists, err := store.Exists(t.Context(), es.Stream{Type: "purse", ID: "p"}); err != nil || exists {
		t.Errorf("Exists: got %v, %v", exists, err)
	}
}

func TestARepeatGetsItsFirstAnswer(t *testing.T) {
	h := newHandler(memstore.New(nil), es.Options{})
	handle(t, h, call("p", "1"), 20)
	first := handle(t, h, call("p", "2"), 130)
	handle(t, h, call("p", "3"), -100)
	repeat := call("p", "2")
	repeat.IfVersion = 1 // was true then
	prepared := false
	res, err := h.HandleFunc(t.Context(), repeat, func(context.Context, purse) (int64, error) { prepared = true; return 130, nil })
	first.Repeated = true
	if d := cmp.Diff(first, res); d != "" || err != nil || prepared {
		t.Errorf("looked things up: %v; error %v; result (-want +got):\n%s", prepared, err, d)
	}
	other := repeat
	other.Metadata.Fingerprint = "another"
	if _, err := h.Handle(t.Context(), other, 130); !errors.Is(err, es.ErrCommandReused) {
		t.Errorf("another command under its id: got %v, want %v", err, es.ErrCommandReused)
	}
}

func TestAVersionAskedForIsCheckedOnce(t *testing.T) {
	h := newHandler(memstore.New(nil), es.Options{})
	handle(t, h, call("p", "1"), 20)
	c := call("p", "2")
	c.IfVersion = 4
	_, err := h.Handle(t.Context(), c, 1)
	var conflict *es.ConflictError
	if !errors.As(err, &conflict) || !conflict.Asked || conflict.Expected != 4 || conflict.Actual != 1 {
		t.Errorf("got %v, want expected 4, is 1, asked for", err)
	}
	c.IfVersion = 1
	handle(t, h, c, 1)
}

func TestALostRaceIsDecidedAgain(t *testing.T) {
	store := memstore.New(nil)
	h := newHandler(store, es.Options{Baselines: 10})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 5 {
				if _, err := h.Handle(t.Context(), es.Call{AggregateID: "p"}, 1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if res, err := h.Load(t.Context(), "p"); err != nil || res.State.Cents != 100 || res.Version != 100 {
		t.Errorf("got %+v, %v, want 100 at version 100", res, err)
	}
}

func TestALookUpRunsAfterTheLoadAndItsErrorEndsTheCommand(t *testing.T) {
	h := newHandler(memstore.New(nil), es.Options{})
	handle(t, h, call("p", "1"), 20)
	broken := errors.New("no price")
	_, err := h.HandleFunc(t.Context(), call("p", "2"), func(_ context.Context, s purse) (int64, error) {
		if s.Cents != 20 {
			t.Errorf("got state %+v", s)
		}
		return 0, broken
	})
	if err != broken { //nolint:errorlint // as it is, not wrapped
		t.Errorf("got %v, want %v", err, broken)
	}
}

func TestPlansOfSeveralAggregatesAreOneAppend(t *testing.T) {
	store := memstore.New(nil)
	h := newHandler(store, es.Options{})
	handle(t, h, call("a", "1"), 30)
	transfer := func(cents int64) error {
		calls := []es.Call{call("a", "2"), call("b", "2")}
		plans, err := h.PlanAll(t.Context(), calls, func(_ context.Context, c es.Call, _ purse) (int64, error) {
			if c.AggregateID == "a" {
				return -cents, nil
			}
			return cents, nil
		})
		if err != nil {
			return err
		}
		return store.Append(t.Context(), plans[0].Write, plans[1].Write)
	}
	if err := transfer(31); !errors.Is(err, errEmpty) {
		t.Errorf("got %v, want %v", err, errEmpty)
	}
	if err := transfer(30); err != nil {
		t.Fatal(err)
	}
	all, err := h.LoadMany(t.Context(), "a", "b", "none")
	if err != nil || all[0].State.Cents != 0 || all[1].State.Cents != 30 || all[2].Version != 0 {
		t.Errorf("got %+v, %v", all, err)
	}
	if none, err := h.PlanAll(t.Context(), nil, nil); none != nil || err != nil {
		t.Errorf("no calls: got %v, %v", none, err)
	}
}

func TestAnEarlierVersionIsAFoldOfThePrefix(t *testing.T) {
	h := newHandler(memstore.New(nil), es.Options{})
	for i := range 5 {
		handle(t, h, call("p", fmt.Sprint(i)), 10)
	}
	keep := func(e es.Event) bool { return e.Metadata.CommandID != "2" }
	for version, want := range map[int64]int64{0: 0, 1: 10, 5: 50, 9: 50} {
		if res, err := h.LoadVersion(t.Context(), "p", version, nil); err != nil || res.State.Cents != want {
			t.Errorf("version %d: got %+v, %v, want %d", version, res, err, want)
		}
	}
	if res, err := h.LoadVersion(t.Context(), "p", 9, keep); err != nil || res.State.Cents != 20 || res.Version != 2 {
		t.Errorf("up to an event: got %+v, %v, want 20 at 2", res, err)
	}
}

func TestSnapshotsAndBaselinesOnlyShortenTheLoad(t *testing.T) {
	store := &counting{Store: memstore.New(nil)}
	o := es.Options{SnapshotEvery: 3, SnapshotSchema: 1, Snapshots: store}
	h := newHandler(store, o)
	for range 10 {
		handle(t, h, es.Call{AggregateID: "p"}, 10)
	}
	if store.loaded > 30 { // without snapshots 45
		t.Errorf("read %d events", store.loaded)
	}
	for name, c := range map[string]struct {
		options es.Options
		read    int
	}{
		"the newest snapshot":          {o, 3},
		"a snapshot of another schema": {es.Options{SnapshotEvery: 100, SnapshotSchema: 2, Snapshots: store}, 10},
		"without snapshots":            {es.Options{}, 10},
	} {
		store.loaded = 0
		res, err := newHandler(store, c.options).Load(t.Context(), "p")
		if err != nil || res.State.Cents != 100 || res.Version != 10 || store.loaded > c.read {
			t.Errorf("%s: got %+v, %v after %d events, want 100 at 10 after %d at most", name, res, err, store.loaded, c.read)
		}
	}
	kept := newHandler(store, es.Options{Baselines: 1})
	for _, want := range []int{10, 0} {
		store.loaded = 0
		if res, err := kept.Load(t.Context(), "p"); err != nil || res.Version != 10 || store.loaded != want {
			t.Errorf("baseline: got %+v, %v after %d events, want %d", res, err, store.loaded, want)
		}
	}
	handle(t, kept, es.Call{AggregateID: "q"}, 1) // the only baseline goes to q once it is loaded
	if _, err := kept.Load(t.Context(), "q"); err != nil {
		t.Fatal(err)
	}
	store.loaded = 0
	if res, err := kept.Load(t.Context(), "p"); err != nil || res.State.Cents != 100 || store.loaded != 10 {
		t.Errorf("after eviction: got %+v, %v after %d events", res, err, store.loaded)
	}
}

func TestAnUnreadableSnapshotIsIgnored(t *testing.T) {
	store := memstore.New(nil)
	h := newHandler(store, es.Options{SnapshotEvery: 100, SnapshotSchema: 1, Snapshots: store})
	handle(t, h, es.Call{AggregateID: "p"}, 10)
	snap := es.Snapshot{Stream: es.Stream{Type: "purse", ID: "p"}, Version: 1, SchemaVersion: 1, State: json.RawMessage(`{"Cents":"many"}`)}
	if err := store.SaveSnapshot(t.Context(), snap); err != nil {
		t.Fatal(err)
	}
	if res, err := h.Load(t.Context(), "p"); err != nil || res.State.Cents != 10 {
		t.Errorf("got %+v, %v, want 10", res, err)
	}
}

func TestARepeatBehindASnapshotIsNotDecidedAgain(t *testing.T) {
	store := memstore.New(nil)
	handle(t, newHandler(store, es.Options{}), call("p", "1"), 130)
	snap := es.Snapshot{Stream: es.Stream{Type: "purse", ID: "p"}, Version: 1, SchemaVersion: 1, State: json.RawMessage(`{"Cents":100}`)}
	if err := store.SaveSnapshot(t.Context(), snap); err != nil {
		t.Fatal(err)
	}
	h := newHandler(store, es.Options{SnapshotEvery: 100, SnapshotSchema: 1, Snapshots: store})
	if _, err := h.Handle(t.Context(), call("p", "1"), 130); err == nil {
		t.Error("a command whose first events are behind a snapshot was answered")
	}
}

func TestAStreamThatIsBrokenIsNotFolded(t *testing.T) {
	stream := es.Stream{Type: "purse", ID: "p"}
	event := func(version int64, name string) es.Event {
		return es.Event{AggregateType: "purse", AggregateID: "p", Version: version, EventType: name, Data: []byte(`{}`)}
	}
	for name, c := range map[string]struct {
		events []es.Event
		want   error
	}{
		"a gap":            {[]es.Event{event(1, "account.opened"), event(3, "account.opened")}, es.ErrInvalidEventVersion},
		"an unknown event": {[]es.Event{event(1, "account.closed")}, es.ErrUnknownEvent},
	} {
		_, err := newHandler(fixed{stream: c.events}, es.Options{}).Load(t.Context(), "p")
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// counting counts the events that were read.
type counting struct {
	*memstore.Store
	loaded int
}

func (c *counting) Load(ctx context.Context, s es.Stream, after int64) ([]es.Event, error) {
	events, err := c.Store.Load(ctx, s, after)
	c.loaded += len(events)
	return events, err
}

// fixed is a store with streams that no store would keep.
type fixed map[es.Stream][]es.Event

func (f fixed) Load(_ context.Context, s es.Stream, _ int64) ([]es.Event, error) { return f[s], nil }
func (f fixed) LoadAll(context.Context, map[es.Stream]int64) (map[es.Stream][]es.Event, error) {
	return f, nil
}
func (f fixed) Exists(context.Context, es.Stream) (bool, error)           { return true, nil }
func (f fixed) Save(context.Context, es.Stream, int64, ...es.Event) error { return es.ErrConflict }

func TestTheRefusalsOfAllPlansAreJoined(t *testing.T) {
	store := memstore.New(nil)
	h := newHandler(store, es.Options{})
	handle(t, h, call("full", "1"), 30)
	noPrice := errors.New("no price")
	plans, err := h.PlanAll(t.Context(), []es.Call{call("empty", "2"), call("full", "2"), call("unpriced", "2")},
		func(_ context.Context, c es.Call, _ purse) (int64, error) {
			if c.AggregateID == "unpriced" {
				return 0, noPrice
			}
			return -20, nil
		})
	if !errors.Is(err, errEmpty) || !errors.Is(err, noPrice) {
		t.Errorf("got %v, want both %v and %v", err, errEmpty, noPrice)
	}
	if len(plans) != 3 || len(plans[0].Write.Events)+len(plans[2].Write.Events) != 0 || len(plans[1].Write.Events) != 1 {
		t.Errorf("got %+v, want a write for the one that was not refused", plans)
	}
}

func TestAfterALostRaceTheCommandIsDecidedOnWhatWon(t *testing.T) {
	store := memstore.New(nil)
	h := newHandler(store, es.Options{})
	handle(t, h, call("p", "1"), 30)
	var states []int64
	_, err := h.HandleFunc(t.Context(), call("p", "2"), func(_ context.Context, s purse) (int64, error) {
		if states = append(states, s.Cents); len(states) == 1 {
			handle(t, h, call("p", "3"), -30) // between load and save
		}
		return -30, nil
	})
	if !errors.Is(err, errEmpty) || !cmp.Equal(states, []int64{30, 0}) {
		t.Errorf("got %v after deciding on %v, want %v after 30 and then 0", err, states, errEmpty)
	}
	if res, err := h.Load(t.Context(), "p"); err != nil || res.Version != 2 || res.State.Cents != 0 {
		t.Errorf("got %+v, %v, want the winner's version 2 only", res, err)
	}
}

func TestARepeatThatRacesItselfHasOneEffect(t *testing.T) {
	h := newHandler(memstore.New(nil), es.Options{})
	results := make([]es.Result[fact, purse], 20)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() {
			var err error
			if results[i], err = h.Handle(t.Context(), call("p", "1"), 10); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	first := 0
	for _, res := range results {
		if !res.Repeated {
			first++
		}
		if res.State.Cents != 10 || res.Version != 1 || !cmp.Equal(res.Events, []fact{moved{10}}) {
			t.Errorf("got %+v, want the first answer", res)
		}
	}
	if first != 1 {
		t.Errorf("%d were the first", first)
	}
}

func TestAnEventThatCannotBeReadBackIsNotSaved(t *testing.T) {
	store := memstore.New(nil)
	d := es.Decider[any, fact, purse]{
		Initial: func() purse { return purse{} },
		Decide:  func(n any, _ purse) ([]fact, error) { return []fact{moved{1}, fickle{N: n}}, nil },
		Evolve:  func(s purse, _ fact) purse { return s },
	}
	_, err := es.NewHandler("purse", store, d, newCodec(), es.Options{}).Handle(t.Context(), call("p", "1"), int64(1<<53+1))
	if !errors.Is(err, es.ErrNotReadable) {
		t.Errorf("got %v, want %v", err, es.ErrNotReadable)
	}
	if exists, err := store.Exists(t.Context(), es.Stream{Type: "purse", ID: "p"}); err != nil || exists {
		t.Errorf("Exists: got %v, %v, want nothing of the two events", exists, err)
	}
}
