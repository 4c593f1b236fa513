package app

import (
	"context"
	"errors"
	"sync"
	"testing"
)

func TestLocksLetOneInAtATimeAndForgetWhatNobodyWants(t *testing.T) {
	var l locks
	inside := map[string]int{}
	var wg sync.WaitGroup
	for i := range 40 {
		names := []string{"b", "a", "b"}
		if i%2 == 0 {
			names = []string{"a", "b"}
		}
		wg.Go(func() {
			unlock, err := l.lock(t.Context(), names...)
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			inside["a"]++ // the race detector watches
			inside["b"]++
		})
	}
	wg.Wait()
	if inside["a"] != 40 || inside["b"] != 40 {
		t.Fatalf("got %v, want 40 each", inside)
	}
	if len(l.held) != 0 {
		t.Fatalf("%d names are still kept", len(l.held))
	}
}

func TestAWaiterWhoseTimeIsUpHoldsNothing(t *testing.T) {
	var l locks
	unlock, err := l.lock(t.Context(), "b")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // a free lock and an ended context are ready together: either may win
		if _, err := l.lock(ctx, "a", "b"); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want %v", err, context.Canceled)
		}
	}
	unlock()
	again, err := l.lock(t.Context(), "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	again()
	if len(l.held) != 0 {
		t.Fatalf("%d names are still kept", len(l.held))
	}
}

func TestTryLockTakesAllOrNothingAndNeverWaits(t *testing.T) {
	var l locks
	unlock, ok := l.tryLock("b", "a", "b")
	if !ok {
		t.Fatal("two free names were not taken")
	}
	if _, ok := l.tryLock("c", "a"); ok {
		t.Fatal("a name that is held was taken")
	}
	free, ok := l.tryLock("c")
	if !ok {
		t.Fatal("the attempt before kept a name")
	}
	free()
	got := make(chan struct{})
	go func() {
		defer close(got)
		waited, err := l.lock(context.Background(), "a")
		if err != nil {
			t.Error(err)
			return
		}
		waited()
	}()
	unlock()
	<-got
	if len(l.held) != 0 {
		t.Fatalf("%d names are still kept", len(l.held))
	}
}
