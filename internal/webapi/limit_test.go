package webapi

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestAFifthOfThePlacesIsForCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(10)
		for i := range 8 {
			if _, ok := g.enter(nil, true); !ok {
				t.Fatalf("read %d found no place", i)
			}
		}
		began := time.Now()
		if _, ok := g.enter(nil, true); ok || time.Since(began) != maxWait {
			t.Errorf("the ninth read: %v after %v", ok, time.Since(began))
		}
		for i := range 2 {
			if _, ok := g.enter(nil, false); !ok {
				t.Errorf("command %d found no place", i)
			}
		}
		if _, ok := g.enter(nil, false); ok {
			t.Error("an eleventh request found a place")
		}
	})
}

func TestWhoWaitsGetsThePlaceThatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2)
		leave, _ := g.enter(nil, false)
		_, _ = g.enter(nil, false)
		go func() {
			time.Sleep(maxWait / 2)
			leave()
		}()
		began := time.Now()
		if _, ok := g.enter(nil, false); !ok || time.Since(began) != maxWait/2 {
			t.Errorf("%v after %v", ok, time.Since(began))
		}
	})
}

func TestOnlyHalfAsManyWaitAsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(4)
		for range 4 {
			_, _ = g.enter(nil, false)
		}
		results := make(chan time.Duration, 10)
		for range 10 {
			go func() {
				began := time.Now()
				_, _ = g.enter(nil, false)
				results <- time.Since(began)
			}()
		}
		waited := 0
		for range 10 {
			if <-results > 0 {
				waited++
			}
		}
		if waited != 2 {
			t.Errorf("%d waited, want 2; the others are refused at once", waited)
		}
		if g.waiting.Load() != 0 {
			t.Errorf("%d still count as waiting", g.waiting.Load())
		}
	})
}

func TestACallerWhoHasGoneDoesNotWait(t *testing.T) {
	g := newGate(2)
	_, _ = g.enter(nil, false)
	_, _ = g.enter(nil, false)
	gone := make(chan struct{})
	close(gone)
	if _, ok := g.enter(gone, false); ok {
		t.Error("it got a place")
	}
}

func TestPlacesComeBack(t *testing.T) {
	g := newGate(3)
	for range 100 {
		for _, read := range []bool{true, false} {
			leave, ok := g.enter(nil, read)
			if !ok {
				t.Fatal("no place")
			}
			leave()
		}
	}
	if len(g.all) != 0 || len(g.reads) != 0 {
		t.Errorf("%d and %d places are lost", len(g.all), len(g.reads))
	}
	if newGate(-1) != nil {
		t.Error("a negative number is no limit")
	}
}

func TestABucketPerCaller(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBuckets(2, 3, func() time.Time { return now })
	for i, want := range []bool{true, true, true, false} {
		l, ok := b.take("anna")
		if ok != want || l.limit != 3 || l.remaining != max(0, 2-i) {
			t.Errorf("request %d: %v, %+v", i, ok, l)
		}
	}
	if _, ok := b.take("bob"); !ok {
		t.Error("anna's requests count for bob")
	}
	now = now.Add(500 * time.Millisecond)
	l, ok := b.take("anna")
	rec := httptest.NewRecorder()
	l.headers(rec.Header())
	if !ok || rec.Header().Get("X-RateLimit-Remaining") != "0" || rec.Header().Get("X-RateLimit-Reset") != "2" {
		t.Errorf("after half a second: %v, %v", ok, rec.Header())
	}
	if newBuckets(0, 1, time.Now) != nil {
		t.Error("a rate of 0 is no limit")
	}
	if b := newBuckets(1.5, 0, time.Now); b.burst != 2 {
		t.Errorf("burst %d, want the rate rounded up", b.burst)
	}
}

func TestTheNumberOfBucketsIsBounded(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBuckets(1, 1, func() time.Time { return now })
	for i := range maxBuckets + 10 {
		b.take(strconv.Itoa(i))
	}
	if len(b.of) > maxBuckets {
		t.Errorf("%d buckets", len(b.of))
	}
	for i := len(b.of); i < maxBuckets; i++ {
		b.take("x" + strconv.Itoa(i))
	}
	now = now.Add(time.Minute)
	b.take("newcomer")
	if len(b.of) != 1 {
		t.Errorf("%d buckets after all are full again, want 1", len(b.of))
	}
}

func TestTheCallerIsThePrincipalOrTheAddress(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "10.0.0.1:1234"
	if got := caller(r); got != "10.0.0.1" {
		t.Errorf("got %q", got)
	}
	r.RemoteAddr = "pipe"
	if got := caller(r); got != "pipe" {
		t.Errorf("got %q", got)
	}
}
