package webapi

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const maxBuckets = 10_000

// buckets are token buckets per caller, of this process only.
type buckets struct {
	rate  float64
	burst int
	now   func() time.Time

	mu sync.Mutex
	of map[string]*rate.Limiter
}

func newBuckets(perSecond float64, burst int, now func() time.Time) *buckets {
	if perSecond <= 0 {
		return nil
	}
	if burst <= 0 {
		burst = int(math.Ceil(perSecond))
	}
	return &buckets{rate: perSecond, burst: burst, now: now, of: map[string]*rate.Limiter{}}
}

// left is what a caller is told about its bucket.
type left struct {
	limit, remaining int
	reset            time.Duration // until the bucket is full
}

func (l left) headers(h http.Header) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(l.limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(l.remaining))
	h.Set("X-RateLimit-Reset", strconv.Itoa(int(math.Ceil(l.reset.Seconds()))))
}

func (b *buckets) take(caller string) (left, bool) {
	now := b.now()
	b.mu.Lock()
	limiter, known := b.of[caller]
	if !known {
		if len(b.of) >= maxBuckets {
			b.sweep(now)
		}
		limiter = rate.NewLimiter(rate.Limit(b.rate), b.burst)
		b.of[caller] = limiter
	}
	b.mu.Unlock()
	ok := limiter.AllowN(now, 1)
	tokens := max(0, limiter.TokensAt(now))
	missing := float64(b.burst) - tokens
	return left{b.burst, int(tokens), time.Duration(missing / b.rate * float64(time.Second))}, ok
}

// sweep forgets full buckets: a new one is just as full. If all are in use, it
// forgets all, which errs on the side of the callers.
func (b *buckets) sweep(now time.Time) {
	for caller, l := range b.of {
		if l.TokensAt(now) >= float64(b.burst) {
			delete(b.of, caller)
		}
	}
	if len(b.of) >= maxBuckets {
		clear(b.of)
	}
}
