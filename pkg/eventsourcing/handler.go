package eventsourcing

import (
	"context"
	"encoding/json"
	"fmt"
)

// Call says on which aggregate a command works, and for whom.
type Call struct {
	AggregateID string
	IfVersion   int64 // if not 0: only at this version
	Metadata    Metadata
}

// Result is what a command led to.
type Result[E, S any] struct {
	State    S     // at Version
	Version  int64 // of the stream; 0 if it does not exist
	Events   []E   // what the command recorded; empty if it changed nothing
	Repeated bool  // the command was handled before; this is its first answer
}

// Plan is a decided command that is not saved yet.
type Plan[E, S any] struct {
	Result[E, S]
	Write Write // empty if nothing changes
}

// Options of a [Handler]. The zero value works.
type Options struct {
	NewID func() string // of events and of commands without an id; default [NewID]

	// SnapshotEvery writes a snapshot once so many events were folded after the last one; 0, the default, never. Only for
	// aggregates without keyed commands: a snapshot hides the commands before it from the idempotency check.
	SnapshotEvery  int
	SnapshotSchema int // schema of the state's JSON; a snapshot with another one is ignored
	Snapshots      SnapshotStore

	// Baselines is how many folded states are kept in memory, so that a load reads only what was appended since; 0, the default,
	// none. Under the same condition as SnapshotEvery. A baseline is safe: the append checks the version.
	Baselines int
}

// Handler is the shell around a [Decider]: load, decide, save; again after a lost race. Safe for concurrent use.
type Handler[C, E, S any] struct {
	aggregateType string
	store         Store
	decider       Decider[C, E, S]
	codec         *Codec[E]
	opts          Options
	baselines     *baselines[S]
}

// NewHandler returns a Handler for the aggregates of one type. Their events have codec's names.
func NewHandler[C, E, S any](aggregateType string, s Store, d Decider[C, E, S], c *Codec[E], o Options) *Handler[C, E, S] {
	if o.NewID == nil {
		o.NewID = NewID
	}
	return &Handler[C, E, S]{aggregateType: aggregateType, store: s, decider: d, codec: c, opts: o, baselines: newBaselines[S](o.Baselines)}
}

// Handle decides cmd on the aggregate and saves what it records. A command that the stream has seen gets its first answer; with
// another fingerprint it is [ErrCommandReused]. A refusal is returned as Decide returned it, and leaves no trace. A lost race is
// decided again, as [Retry] says; a failed IfVersion is a [*ConflictError] with Asked set.
func (h *Handler[C, E, S]) Handle(ctx context.Context, call Call, cmd C) (Result[E, S], error) {
	return h.HandleFunc(ctx, call, func(context.Context, S) (C, error) { return cmd, nil })
}

// HandleFunc is Handle for a command that needs a look-up first. prepare runs after the load, not for a repeat, and again after a
// lost race.
func (h *Handler[C, E, S]) HandleFunc(ctx context.Context, call Call, prepare func(context.Context, S) (C, error)) (Result[E, S], error) {
	var res Result[E, S]
	err := Retry(ctx, func(ctx context.Context) error {
		plan, err := h.Plan(ctx, call, prepare)
		res = plan.Result
		if err != nil || len(plan.Write.Events) == 0 {
			return err
		}
		return h.store.Save(ctx, plan.Write.Stream, plan.Write.Expected, plan.Write.Events...)
	})
	if err != nil {
		return Result[E, S]{}, err
	}
	return res, nil
}

// Load returns the aggregate as it is; an unknown one has version 0 and the initial state. Events is empty.
func (h *Handler[C, E, S]) Load(ctx context.Context, id string) (Result[E, S], error) {
	loaded, err := h.load(ctx, id)
	if err != nil {
		return Result[E, S]{}, err
	}
	l := loaded[0]
	return Result[E, S]{State: l.state, Version: l.version}, nil
}

// LoadMany is Load for several aggregates in one round trip, in the order of ids.
func (h *Handler[C, E, S]) LoadMany(ctx context.Context, ids ...string) ([]Result[E, S], error) {
	loaded, err := h.load(ctx, ids...)
	if err != nil {
		return nil, err
	}
	results := make([]Result[E, S], len(loaded))
	for i, l := range loaded {
		results[i] = Result[E, S]{State: l.state, Version: l.version}
	}
	return results, nil
}

// LoadVersion folds the stream up to version, or up to the last event that keep accepts, whichever is first: time travel. A nil
// keep accepts everything. It never uses a snapshot.
func (h *Handler[C, E, S]) LoadVersion(ctx context.Context, id string, version int64, keep func(Event) bool) (Result[E, S], error) {
	events, err := h.store.Load(ctx, h.stream(id), 0)
	if err != nil {
		return Result[E, S]{}, fmt.Errorf("load %s: %w", h.stream(id), err)
	}
	l := loaded[S]{state: h.decider.Initial()}
	for _, e := range events {
		if e.Version > version || (keep != nil && !keep(e)) {
			break
		}
		l.events = append(l.events, e)
	}
	if err := h.fold(&l, len(l.events)); err != nil {
		return Result[E, S]{}, err
	}
	return Result[E, S]{State: l.state, Version: l.version}, nil
}

// loaded is a stream read from a store: the state it starts from, and the events after that.
type loaded[S any] struct {
	stream  Stream
	state   S
	version int64
	events  []Event // after the snapshot or baseline
}

func (h *Handler[C, E, S]) stream(id string) Stream { return Stream{Type: h.aggregateType, ID: id} }

// load reads and folds streams in one round trip, from the newest baseline or snapshot of each; in none if they were read ahead.
func (h *Handler[C, E, S]) load(ctx context.Context, ids ...string) ([]loaded[S], error) {
	out, err := h.starts(ctx, ids)
	if err != nil {
		return nil, err
	}
	if h.takeAhead(ctx, out) {
		// nothing to ask the store for
	} else if len(out) == 1 {
		if out[0].events, err = h.store.Load(ctx, out[0].stream, out[0].version); err != nil {
			return nil, fmt.Errorf("load %s: %w", out[0].stream, err)
		}
	} else if err := h.loadAll(ctx, out); err != nil {
		return nil, err
	}
	for i := range out {
		if err := h.fold(&out[i], len(out[i].events)); err != nil {
			return nil, err
		}
		h.remember(ctx, out[i])
	}
	return out, nil
}

func (h *Handler[C, E, S]) loadAll(ctx context.Context, out []loaded[S]) error {
	after := make(map[Stream]int64, len(out))
	for _, l := range out {
		after[l.stream] = l.version
	}
	events, err := h.store.LoadAll(ctx, after)
	if err != nil {
		return fmt.Errorf("load %d %s streams: %w", len(out), h.aggregateType, err)
	}
	for i := range out {
		out[i].events = events[out[i].stream]
	}
	return nil
}

// starts gives each stream the state to fold from: a baseline, else a snapshot, else nothing.
func (h *Handler[C, E, S]) starts(ctx context.Context, ids []string) ([]loaded[S], error) {
	out := make([]loaded[S], len(ids))
	var cold []Stream
	for i, id := range ids {
		out[i] = loaded[S]{stream: h.stream(id), state: h.decider.Initial()}
		if b, ok := h.baselines.get(out[i].stream); ok {
			out[i].state, out[i].version = b.state, b.version
		} else {
			cold = append(cold, out[i].stream)
		}
	}
	if h.opts.Snapshots == nil || h.opts.SnapshotEvery == 0 || len(cold) == 0 {
		return out, nil
	}
	snapshots, err := h.opts.Snapshots.LoadSnapshots(ctx, cold...)
	if err != nil {
		return nil, fmt.Errorf("load snapshots: %w", err)
	}
	for i := range out {
		s, ok := snapshots[out[i].stream]
		if !ok || s.SchemaVersion != h.opts.SnapshotSchema {
			continue
		}
		state := h.decider.Initial()
		if json.Unmarshal(s.State, &state) == nil { // one that does not decode is ignored, and written anew
			out[i].state, out[i].version = state, s.Version
		}
	}
	return out, nil
}

// fold folds the next n events of l into its state.
func (h *Handler[C, E, S]) fold(l *loaded[S], n int) error {
	for _, e := range l.events[:n] {
		if e.Version != l.version+1 {
			return fmt.Errorf("fold %s: version %d follows %d: %w", e.Stream(), e.Version, l.version, ErrInvalidEventVersion)
		}
		fact, err := h.codec.Decode(e)
		if err != nil {
			return fmt.Errorf("fold %s version %d: %w", e.Stream(), e.Version, err)
		}
		l.state = h.decider.Evolve(l.state, fact)
		l.version = e.Version
	}
	return nil
}

// remember keeps what was just folded as a baseline, and writes a snapshot when one is due. A snapshot that cannot be written is no
// failure of the command that happened to fold.
func (h *Handler[C, E, S]) remember(ctx context.Context, l loaded[S]) {
	if l.version == 0 {
		return
	}
	unsaved := h.baselines.put(l.stream, l.state, l.version, len(l.events))
	if h.opts.Snapshots == nil || h.opts.SnapshotEvery == 0 || unsaved < h.opts.SnapshotEvery {
		return
	}
	state, err := json.Marshal(l.state)
	if err != nil {
		return
	}
	err = h.opts.Snapshots.SaveSnapshot(ctx, Snapshot{Stream: l.stream, Version: l.version, SchemaVersion: h.opts.SnapshotSchema, State: state})
	if err == nil {
		h.baselines.saved(l.stream)
	}
}
