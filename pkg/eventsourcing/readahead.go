package eventsourcing

import (
	"context"
	"fmt"
	"maps"
)

// Tails says after which version each of some streams is to be read.
type Tails map[Stream]int64

// Tails is what a load of these aggregates would read, from the baseline of each. A stream that a load would start from a snapshot is
// left out: its load reads for itself.
func (h *Handler[C, E, S]) Tails(ids ...string) Tails {
	out := make(Tails, len(ids))
	for _, id := range ids {
		s := h.stream(id)
		b, ok := h.baselines.get(s)
		if ok || h.opts.Snapshots == nil || h.opts.SnapshotEvery == 0 {
			out[s] = b.version
		}
	}
	return out
}

// aheadKey finds an *ahead in a context.
type aheadKey struct{}

// ahead is what [ReadAhead] found.
type ahead struct {
	from   Tails
	events map[Stream][]Event
}

// ReadAhead reads the streams that a command will need, whatever their types, in one round trip. Handlers called with the context it
// returns take their events from it instead of asking the store; what it did not read they read as always. So they see the streams as
// they were at the time of ReadAhead: read ahead anew in each round of [Retry], and not before waiting for something.
func ReadAhead(ctx context.Context, s Store, tails ...Tails) (context.Context, error) {
	from := Tails{}
	for _, t := range tails {
		maps.Copy(from, t)
	}
	events, err := s.LoadAll(ctx, from)
	if err != nil {
		return ctx, fmt.Errorf("read %d streams ahead: %w", len(from), err)
	}
	return context.WithValue(ctx, aheadKey{}, &ahead{from: from, events: events}), nil
}

// ReadAnew undoes [ReadAhead]: handlers called with the context it returns ask the store.
func ReadAnew(ctx context.Context) context.Context {
	return context.WithValue(ctx, aheadKey{}, (*ahead)(nil))
}

// takeAhead fills out from what was read ahead. False: that does not reach, ask the store.
func (h *Handler[C, E, S]) takeAhead(ctx context.Context, out []loaded[S]) bool {
	a, _ := ctx.Value(aheadKey{}).(*ahead)
	if a == nil {
		return false
	}
	for i := range out {
		after, ok := a.from[out[i].stream]
		if !ok || after > out[i].version { // the baseline it was read after has been dropped
			return false
		}
		events := a.events[out[i].stream]
		for len(events) > 0 && events[0].Version <= out[i].version { // a newer baseline has come
			events = events[1:]
		}
		out[i].events = events
	}
	return true
}

// Saved keeps the states of plans whose Writes were appended as baselines, so that the next load finds nothing to read. To be called
// after the append, and only if it succeeded.
func (h *Handler[C, E, S]) Saved(plans ...Plan[E, S]) {
	for _, p := range plans {
		if n := len(p.Write.Events); n > 0 {
			h.baselines.put(p.Write.Stream, p.State, p.Version, n)
		}
	}
}
