package eventsourcing

import (
	"context"
	"errors"
	"fmt"
)

// Plan is HandleFunc without the save, for a command over several streams: Append the Writes of all plans, inside [Retry].
func (h *Handler[C, E, S]) Plan(ctx context.Context, call Call, prepare func(context.Context, S) (C, error)) (Plan[E, S], error) {
	out, err := h.load(ctx, call.AggregateID)
	if err != nil {
		return Plan[E, S]{}, err
	}
	return h.plan(ctx, out[0], call, prepare)
}

// PlanAll is Plan for several aggregates of one type, loaded in one round trip. The refusals of all of them are joined, so that the
// caller can name each; any of them means that nothing may be appended.
func (h *Handler[C, E, S]) PlanAll(ctx context.Context, calls []Call, prepare func(context.Context, Call, S) (C, error)) ([]Plan[E, S], error) {
	if len(calls) == 0 {
		return nil, nil
	}
	ids := make([]string, len(calls))
	for i, call := range calls {
		ids[i] = call.AggregateID
	}
	out, err := h.load(ctx, ids...)
	if err != nil {
		return nil, err
	}
	plans, errs := make([]Plan[E, S], len(calls)), make([]error, len(calls))
	for i, call := range calls {
		plans[i], errs[i] = h.plan(ctx, out[i], call, func(ctx context.Context, s S) (C, error) { return prepare(ctx, call, s) })
	}
	return plans, errors.Join(errs...)
}

// plan answers a repeat, checks the version asked for, decides, and makes events of the facts.
func (h *Handler[C, E, S]) plan(ctx context.Context, l loaded[S], call Call, prepare func(context.Context, S) (C, error)) (Plan[E, S], error) {
	if res, found, err := h.repeat(l, call); found || err != nil {
		return Plan[E, S]{Result: res}, err
	}
	now := Result[E, S]{State: l.state, Version: l.version}
	if call.IfVersion != 0 && call.IfVersion != l.version {
		return Plan[E, S]{Result: now}, &ConflictError{Stream: l.stream, Expected: call.IfVersion, Actual: l.version, Asked: true}
	}
	cmd, err := prepare(ctx, l.state)
	if err != nil {
		return Plan[E, S]{Result: now}, err
	}
	facts, err := h.decider.Decide(cmd, l.state)
	if err != nil || len(facts) == 0 {
		return Plan[E, S]{Result: now}, err
	}
	events, err := h.events(l, call.Metadata, facts)
	if err != nil {
		return Plan[E, S]{Result: now}, err
	}
	return Plan[E, S]{
		Result: Result[E, S]{State: h.decider.Fold(l.state, facts...), Version: l.version + int64(len(facts)), Events: facts},
		Write:  Write{Stream: l.stream, Expected: l.version, Events: events},
	}, nil
}

func (h *Handler[C, E, S]) events(l loaded[S], meta Metadata, facts []E) ([]Event, error) {
	if meta.CommandID == "" {
		meta.CommandID = h.opts.NewID()
	}
	events := make([]Event, len(facts))
	for i, fact := range facts {
		name, schema, data, err := h.codec.Encode(fact)
		if err != nil {
			return nil, fmt.Errorf("save %s: %w", l.stream, err)
		}
		meta.SchemaVersion = schema
		events[i] = Event{
			EventID: h.opts.NewID(), EventType: name, AggregateType: l.stream.Type, AggregateID: l.stream.ID,
			Version: l.version + int64(i) + 1, Data: data, Metadata: meta,
		}
	}
	return events, nil
}

// repeat looks for the command in the stream. If it is there, the result is the state its first answer had: the fold up to the
// last event it caused.
func (h *Handler[C, E, S]) repeat(l loaded[S], call Call) (Result[E, S], bool, error) {
	id := call.Metadata.CommandID
	if id == "" {
		return Result[E, S]{}, false, nil
	}
	var res Result[E, S]
	last := -1
	for i, e := range l.events {
		if e.Metadata.CommandID != id {
			continue
		}
		if e.Metadata.Fingerprint != call.Metadata.Fingerprint {
			return res, false, fmt.Errorf("%s version %d: %w", l.stream, e.Version, ErrCommandReused)
		}
		fact, err := h.codec.Decode(e)
		if err != nil {
			return res, false, fmt.Errorf("repeat on %s: %w", l.stream, err)
		}
		res.Events = append(res.Events, fact)
		last = i
	}
	if last < 0 {
		return res, false, nil
	}
	if l.events[0].Version != 1 {
		return res, false, fmt.Errorf("repeat on %s: its first events are behind a snapshot", l.stream)
	}
	then := loaded[S]{stream: l.stream, state: h.decider.Initial(), events: l.events}
	if err := h.fold(&then, last+1); err != nil {
		return res, false, err
	}
	res.State, res.Version, res.Repeated = then.state, then.version, true
	return res, true, nil
}
