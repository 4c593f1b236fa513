package subscription

import (
	"context"
	"sort"
	"sync"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Limits of what a [Shared] keeps.
const (
	sharedEvents = 4096
	sharedBytes  = 8 << 20 // of data
)

// Shared is a log for several subscriptions of one process that follow the same store: what one of them has just read the others get from
// memory, so that the newest events are read from the store once and not by each. One that is further behind reads for itself. The
// answers are those of the log at some time since the process started; as a log only grows, they are right. Events are shared: handlers must
// not change their data. Safe for concurrent use.
type Shared struct {
	log es.Log

	mu    sync.Mutex
	kept  []es.Recorded // without a hole after position from
	from  int64
	bytes int
}

// Share returns a Shared over log.
func Share(log es.Log) *Shared { return &Shared{log: log} }

// ReadAll implements [es.Log].
func (s *Shared) ReadAll(ctx context.Context, after int64, limit int) ([]es.Recorded, error) {
	if events := s.find(after, limit); len(events) > 0 {
		return events, nil
	}
	events, err := s.log.ReadAll(ctx, after, limit)
	if err == nil {
		s.keep(after, events)
	}
	return events, err
}

// Head implements what [Subscription.Lag] asks of a log, if the log does.
func (s *Shared) Head(ctx context.Context) (int64, error) {
	return head(ctx, s.log)
}

func (s *Shared) find(after int64, limit int) []es.Recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	if after < s.from {
		return nil
	}
	i := sort.Search(len(s.kept), func(i int) bool { return s.kept[i].Position > after })
	end := min(len(s.kept), i+max(limit, 0))
	return s.kept[i:end:end]
}

// keep adds what was read after a position, if it goes on where the kept ones end; after a gap it begins anew.
func (s *Shared) keep(after int64, events []es.Recorded) {
	if len(events) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	end := s.from
	if n := len(s.kept); n > 0 {
		end = s.kept[n-1].Position
	}
	switch {
	case after < end:
		return // a straggler, or two who read the same
	case after > end:
		s.kept, s.from, s.bytes = nil, after, 0
	}
	for _, e := range events {
		s.bytes += len(e.Data)
	}
	s.kept = append(s.kept, events...)
	for len(s.kept) > sharedEvents || s.bytes > sharedBytes && len(s.kept) > 1 {
		s.drop((len(s.kept) + 1) / 2)
	}
}

// drop forgets the n oldest, in a new slice: the old one may be in use.
func (s *Shared) drop(n int) {
	for _, e := range s.kept[:n] {
		s.bytes -= len(e.Data)
	}
	s.from = s.kept[n-1].Position
	s.kept = append([]es.Recorded(nil), s.kept[n:]...)
}
