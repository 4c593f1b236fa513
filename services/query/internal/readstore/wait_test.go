package readstore_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/services/query/internal/projection"
	"github.com/kontor-dev/kontor/services/query/internal/view"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

func TestAReadIsWokenByTheCommitThatBringsItsVersion(t *testing.T) {
	s := open(t)
	other := s.another(t, 100) // as if of another replica, which applies nothing
	story := viewtest.NewOrder("c-1", 1).Drafted().Placed()
	type result struct {
		version int64
		err     error
	}
	var started sync.WaitGroup
	results := make(chan result, 40)
	for n := range 40 {
		store := s.store
		if n%2 == 0 {
			store = other
		}
		started.Add(1)
		go func() {
			started.Done()
			var o view.Order
			var version int64
			var err error
			if n%3 == 0 {
				_, version, err = store.Timeline(t.Context(), ann, story.ID, view.TimelineQuery{Paging: view.Paging{Sort: "version", Limit: 9}}, view.Wait{Version: 2, For: soon})
			} else {
				o, err = store.Order(t.Context(), ann, story.ID, view.Wait{Version: 2, For: soon})
				version = o.Version
			}
			results <- result{version, err}
		}()
	}
	started.Wait()
	began := time.Now()
	s.tell(t, view.UnitOrders, projection.SideA, story.Messages[0])
	s.tell(t, view.UnitOrders, projection.SideA, story.Messages[1])
	for range 40 {
		if r := <-results; r.err != nil || r.version != 2 {
			t.Errorf("got version %d, %v", r.version, r.err)
		}
	}
	if took := time.Since(began); took > soon/2 {
		t.Errorf("woken only after %v", took)
	}
}

func TestAVersionThatDoesNotComeIsLaggingNeverNotFound(t *testing.T) {
	s := open(t)
	story := viewtest.NewOrder("c-1", 1).Drafted()
	s.order(t, story)
	for name, tc := range map[string]struct {
		who auth.Principal
		id  string
		min int64
	}{
		"a version ahead":               {ann, story.ID, 7},
		"an order nobody knows":         {ann, viewtest.NewOrder("c-1", 99).ID, 1},
		"an order of somebody else":     {bob, story.ID, 1},
		"a version ahead, asked by all": {staff, story.ID, 2},
	} {
		t.Run(name, func(t *testing.T) {
			for _, wait := range []time.Duration{0, 50 * time.Millisecond} {
				if _, err := s.store.Order(t.Context(), tc.who, tc.id, view.Wait{Version: tc.min, For: wait}); !errors.Is(err, view.ErrLagging) {
					t.Errorf("wait %v: got %v", wait, err)
				}
			}
		})
	}
	if o, err := s.store.Order(t.Context(), ann, story.ID, view.Wait{Version: 1, For: soon}); err != nil || o.Version != 1 {
		t.Errorf("a version that is there: %v", err)
	}
}

func TestWaitingReadsAreBounded(t *testing.T) {
	s := open(t)
	store := s.another(t, 2)
	story := viewtest.NewOrder("c-1", 1).Drafted()
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan error, 3)
	for range 3 {
		go func() {
			_, err := store.Order(ctx, ann, story.ID, view.Wait{Version: 1, For: time.Minute})
			ended <- err
		}()
	}
	if err := <-ended; !errors.Is(err, view.ErrTooManyWaiting) {
		t.Errorf("got %v", err)
	}
	leave()
	for range 2 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	s.order(t, story)
	if _, err := store.Order(t.Context(), ann, story.ID, view.Wait{Version: 1, For: soon}); err != nil {
		t.Errorf("places are not given back: %v", err)
	}
}

func TestALostListenerMakesUpForWhatItMissed(t *testing.T) {
	s := open(t)
	story := viewtest.NewOrder("c-1", 1).Drafted()
	done := make(chan error, 1)
	go func() {
		_, err := s.store.Order(t.Context(), ann, story.ID, view.Wait{Version: 1, For: soon})
		done <- err
	}()
	if _, err := s.pool.Exec(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'"); err != nil {
		t.Fatal(err)
	}
	s.order(t, story) // nobody may be listening
	if err := <-done; err != nil {
		t.Errorf("got %v", err)
	}
}
