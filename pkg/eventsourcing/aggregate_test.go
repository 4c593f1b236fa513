package eventsourcing_test

import (
	"errors"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
)

// counter is an aggregate in the classical style.
type counter struct {
	es.AggregateBase
	n int
}

var errStrange = errors.New("strange event")

func newCounter(id string) *counter {
	c := &counter{}
	c.AggregateBase = es.NewAggregateBase("counter", id, func(e es.Event) error {
		if e.EventType != "counter.raised" {
			return errStrange
		}
		c.n++
		return nil
	})
	return c
}

func (c *counter) raise() error {
	return c.Apply(es.Event{EventType: "counter.raised", Data: []byte(`{}`)})
}

func TestAnAggregateIsSavedAndLoaded(t *testing.T) {
	store := es.NewAggregateStore(memstore.New(nil))
	c := newCounter(es.NewID())
	for range 3 {
		if err := c.raise(); err != nil {
			t.Fatal(err)
		}
	}
	changes := c.Changes()
	if len(changes) != 3 || changes[2].Version != 3 || changes[2].EventID == "" || c.Version() != 3 {
		t.Fatalf("got changes %v at version %d", changes, c.Version())
	}
	if err := store.Save(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if len(c.Changes()) != 0 {
		t.Errorf("got changes %v after the save", c.Changes())
	}
	again := newCounter(c.ID())
	if err := store.Load(t.Context(), again); err != nil || again.n != 3 || again.Version() != 3 {
		t.Errorf("got %d at version %d, %v, want 3 at 3", again.n, again.Version(), err)
	}
	if exists, err := store.Exists(t.Context(), es.Stream{Type: c.Type(), ID: c.ID()}); err != nil || !exists {
		t.Errorf("Exists: got %v, %v, want true", exists, err)
	}
	if err := again.raise(); err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if err := store.Load(t.Context(), c); err != nil || c.n != 4 {
		t.Errorf("what was appended since: got %d, %v, want 4", c.n, err)
	}
}

func TestOfTwoAggregatesSavedAtOneVersionOneConflicts(t *testing.T) {
	store := es.NewAggregateStore(memstore.New(nil))
	a := newCounter(es.NewID())
	b := newCounter(a.ID())
	for _, c := range []*counter{a, b} {
		if err := c.raise(); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Save(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), b); !errors.Is(err, es.ErrConflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	if err := store.Load(t.Context(), b); !errors.Is(err, es.ErrInvalidEventVersion) {
		t.Errorf("the loser loaded again: got %v, want %v: it holds what was not stored", err, es.ErrInvalidEventVersion)
	}
	fresh := newCounter(a.ID())
	if err := store.Load(t.Context(), fresh); err != nil || fresh.n != 1 {
		t.Fatalf("a fresh one: got %d, %v, want 1: the winner's", fresh.n, err)
	}
	if err := fresh.raise(); err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), fresh); err != nil || fresh.Version() != 2 {
		t.Errorf("a fresh one, decided again: got %v at version %d, want it saved at 2", err, fresh.Version())
	}
	if err := store.Save(t.Context(), newCounter(a.ID())); err != nil {
		t.Errorf("without changes: got %v", err)
	}
}

func TestAnAggregateRaisesOnlyItsNextEvent(t *testing.T) {
	c := newCounter("1")
	for name, row := range map[string]struct {
		event es.Event
		want  error
	}{
		"another aggregate": {es.Event{AggregateType: "counter", AggregateID: "2", Version: 1, EventType: "counter.raised"}, es.ErrInvalidAggregateID},
		"another type":      {es.Event{AggregateType: "other", AggregateID: "1", Version: 1, EventType: "counter.raised"}, es.ErrInvalidAggregateID},
		"a gap":             {es.Event{AggregateType: "counter", AggregateID: "1", Version: 2, EventType: "counter.raised"}, es.ErrInvalidEventVersion},
		"an unknown event":  {es.Event{AggregateType: "counter", AggregateID: "1", Version: 1, EventType: "strange"}, errStrange},
	} {
		if err := c.Raise(row.event); !errors.Is(err, row.want) {
			t.Errorf("%s: got %v, want %v", name, err, row.want)
		}
	}
	if err := c.Apply(es.Event{EventType: "strange"}); !errors.Is(err, errStrange) || len(c.Changes()) != 0 {
		t.Errorf("got %v and changes %v, want %v and none", err, c.Changes(), errStrange)
	}
	if c.Version() != 0 || c.n != 0 {
		t.Errorf("got %d at version %d, want nothing changed", c.n, c.Version())
	}
	if err := c.raise(); err != nil {
		t.Fatal(err)
	}
	if err := c.Raise(es.Event{AggregateType: "counter", AggregateID: "1", Version: 2, EventType: "counter.raised"}); !errors.Is(err, es.ErrInvalidEventVersion) {
		t.Errorf("beside unsaved changes: got %v, want %v", err, es.ErrInvalidEventVersion)
	}
}

func TestAnAggregateOfABrokenStreamIsNotLoaded(t *testing.T) {
	event := func(version int64, typ string) es.Event {
		return es.Event{AggregateType: "counter", AggregateID: "1", Version: version, EventType: typ}
	}
	for name, row := range map[string]struct {
		events []es.Event
		want   error
	}{
		"a gap":            {[]es.Event{event(1, "counter.raised"), event(3, "counter.raised")}, es.ErrInvalidEventVersion},
		"a version twice":  {[]es.Event{event(1, "counter.raised"), event(1, "counter.raised")}, es.ErrInvalidEventVersion},
		"another's event":  {[]es.Event{{AggregateType: "counter", AggregateID: "2", Version: 1, EventType: "counter.raised"}}, es.ErrInvalidAggregateID},
		"an unknown event": {[]es.Event{event(1, "strange")}, errStrange},
	} {
		store := es.NewAggregateStore(fixed{{Type: "counter", ID: "1"}: row.events})
		if err := store.Load(t.Context(), newCounter("1")); !errors.Is(err, row.want) {
			t.Errorf("%s: got %v, want %v", name, err, row.want)
		}
	}
}

func TestAnAggregateKeepsItsChangesWhenASaveFails(t *testing.T) {
	c := newCounter("1")
	if err := c.raise(); err != nil {
		t.Fatal(err)
	}
	c.Changes()[0].EventType = "strange" // a copy
	if err := es.NewAggregateStore(fixed{}).Save(t.Context(), c); !errors.Is(err, es.ErrConflict) {
		t.Fatalf("got %v, want a conflict", err)
	}
	if got := c.Changes(); len(got) != 1 || got[0].EventType != "counter.raised" || c.Version() != 1 {
		t.Errorf("got changes %v at version %d, want the one that was not saved", got, c.Version())
	}
}
