package webapi

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
)

const maxWait = 100 * time.Millisecond // for a place among the requests at work

// gate bounds the requests at work. A fifth of the places is for commands only,
// so that reads cannot keep orders out.
type gate struct {
	all, reads chan struct{}
	waiting    atomic.Int64
	maxWaiting int64
}

func newGate(places int) *gate {
	if places < 0 {
		return nil
	}
	return &gate{
		all: make(chan struct{}, places), reads: make(chan struct{}, max(1, places*4/5)),
		maxWaiting: int64(places / 2),
	}
}

// enter waits for a place for at most maxWait. leave must be called if ok.
func (g *gate) enter(done <-chan struct{}, read bool) (leave func(), ok bool) {
	need := []chan struct{}{g.all}
	if read {
		need = []chan struct{}{g.reads, g.all}
	}
	var timer *time.Timer
	held := 0
	leave = func() {
		for _, c := range need[:held] {
			<-c
		}
	}
	for _, c := range need {
		select {
		case c <- struct{}{}:
			held++
			continue
		default:
		}
		if timer == nil {
			if g.waiting.Add(1) > g.maxWaiting {
				g.waiting.Add(-1)
				leave()
				return nil, false
			}
			defer g.waiting.Add(-1)
			timer = time.NewTimer(maxWait)
			defer timer.Stop()
		}
		select {
		case c <- struct{}{}:
			held++
		case <-timer.C:
			leave()
			return nil, false
		case <-done:
			leave()
			return nil, false
		}
	}
	return leave, true
}

// limitWork refuses with 503 what finds no place in time.
func (a *API) limitWork(ctx huma.Context, next func(huma.Context)) {
	if a.gate == nil || isStreaming(ctx.Operation()) {
		next(ctx)
		return
	}
	r, w := humachi.Unwrap(ctx)
	leave, ok := a.gate.enter(r.Context().Done(), ctx.Operation().Method == http.MethodGet)
	if !ok {
		problem.Write(w, r, problem.New(problem.Overloaded, ""))
		return
	}
	defer leave()
	next(ctx)
}

// limitRate takes a token from the caller's bucket, or refuses with 429.
func (a *API) limitRate(ctx huma.Context, next func(huma.Context)) {
	if a.rates == nil {
		next(ctx)
		return
	}
	r, w := humachi.Unwrap(ctx)
	left, ok := a.rates.take(caller(r))
	left.headers(w.Header())
	if !ok {
		problem.Write(w, r, problem.New(problem.RateLimited, ""))
		return
	}
	next(ctx)
}

// caller is whose bucket a request belongs to: the principal's, else the address's.
func caller(r *http.Request) string {
	if p := auth.From(r.Context()); !p.IsZero() {
		return p.Key()
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
