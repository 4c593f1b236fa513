package eventsourcing

import (
	"context"
	"fmt"
	"slices"
)

// AggregateBase is the classical face over the same stores: an object that records what happens to it. Embed it by value and make it
// with [NewAggregateBase]. Not safe for concurrent use.
//
//	type Account struct {
//		eventsourcing.AggregateBase
//		Balance int64
//	}
type AggregateBase struct {
	stream  Stream
	version int64
	when    func(Event) error
	changes []Event
}

// NewAggregateBase returns the base of an aggregate without events. when changes the aggregate for one event, new or stored; it decides
// nothing, and its error means that it does not know the event.
func NewAggregateBase(aggregateType, id string, when func(Event) error) AggregateBase {
	return AggregateBase{stream: Stream{Type: aggregateType, ID: id}, when: when}
}

// Aggregate is what an [AggregateStore] loads and saves: whatever embeds an AggregateBase.
type Aggregate interface{ Root() *AggregateBase }

// Root implements [Aggregate].
func (a *AggregateBase) Root() *AggregateBase { return a }

// ID returns the id of the aggregate.
func (a *AggregateBase) ID() string { return a.stream.ID }

// Type returns its type.
func (a *AggregateBase) Type() string { return a.stream.Type }

// Version returns the version of the last event, changes included.
func (a *AggregateBase) Version() int64 { return a.version }

// Changes returns the events that were applied and are not saved yet.
func (a *AggregateBase) Changes() []Event { return slices.Clone(a.changes) }

// Apply records a new event: it fills in type, id and version, and an EventID if there is none, lets the aggregate change, and keeps
// the event for Save. An event that when refuses is not recorded.
func (a *AggregateBase) Apply(e Event) error {
	e.AggregateType, e.AggregateID, e.Version = a.stream.Type, a.stream.ID, a.version+1
	if e.EventID == "" {
		e.EventID = NewID()
	}
	if err := a.see(e); err != nil {
		return fmt.Errorf("apply %s: %w", e.EventType, err)
	}
	a.changes = append(a.changes, e)
	return nil
}

// Raise lets the aggregate change for a stored event. [ErrInvalidAggregateID] and [ErrInvalidEventVersion] say that it is not the next
// one of this aggregate. While there are unsaved changes nothing can be raised.
func (a *AggregateBase) Raise(e Event) error {
	switch {
	case e.Stream() != a.stream:
		return fmt.Errorf("raise event of %s on %s: %w", e.Stream(), a.stream, ErrInvalidAggregateID)
	case e.Version != a.version+1 || len(a.changes) > 0:
		return fmt.Errorf("raise version %d on %s at %d, %d unsaved: %w", e.Version, a.stream, a.version, len(a.changes), ErrInvalidEventVersion)
	}
	if err := a.see(e); err != nil {
		return fmt.Errorf("raise %s: %w", e.EventType, err)
	}
	return nil
}

func (a *AggregateBase) see(e Event) error {
	if a.when != nil {
		if err := a.when(e); err != nil {
			return err
		}
	}
	a.version = e.Version
	return nil
}

// AggregateStore loads and saves aggregates of the classical face. Safe for concurrent use, as far as each aggregate is used by one.
type AggregateStore struct{ store Store }

// NewAggregateStore returns an AggregateStore over s.
func NewAggregateStore(s Store) *AggregateStore { return &AggregateStore{store: s} }

// Load raises on a what is stored and a has not seen. An aggregate without events stays at version 0; that is no error.
func (s *AggregateStore) Load(ctx context.Context, a Aggregate) error {
	root := a.Root()
	events, err := s.store.Load(ctx, root.stream, root.version-int64(len(root.changes)))
	if err != nil {
		return fmt.Errorf("load %s: %w", root.stream, err)
	}
	for _, e := range events {
		if err := root.Raise(e); err != nil {
			return fmt.Errorf("load %s: %w", root.stream, err)
		}
	}
	return nil
}

// Save stores the changes of a: all of them, or none. After [ErrConflict] a is of no use any more: load a fresh one and decide again.
// After any other error it may be saved again; if it was stored after all, that is a conflict.
func (s *AggregateStore) Save(ctx context.Context, a Aggregate) error {
	root := a.Root()
	if len(root.changes) == 0 {
		return nil
	}
	expected := root.version - int64(len(root.changes))
	if err := s.store.Save(ctx, root.stream, expected, root.changes...); err != nil {
		return fmt.Errorf("save %s: %w", root.stream, err)
	}
	root.changes = nil
	return nil
}

// Exists says whether st has events.
func (s *AggregateStore) Exists(ctx context.Context, st Stream) (bool, error) {
	exists, err := s.store.Exists(ctx, st)
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", st, err)
	}
	return exists, nil
}
