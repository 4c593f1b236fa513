package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// load places orders from several customers, each with a key of its own, until it is stopped. A request that fails is sent again with
// its key, as a client would; with strict set it fails the test instead.
type load struct {
	s      *stack
	strict bool
	sku    string

	mu      sync.Mutex
	placed  []string // order ids that were acknowledged
	retried int
	group   sync.WaitGroup
	cancel  context.CancelFunc
}

const (
	writers = 6
	pace    = 100 * time.Millisecond // between two orders of a writer
)

func (s *stack) startLoad(sku string, strict bool) *load {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	l := &load{s: s, strict: strict, sku: sku, cancel: cancel}
	for w := range writers {
		customer := s.as("customer", fmt.Sprintf("writer-%d", w))
		l.group.Go(func() {
			tick := time.NewTicker(pace)
			defer tick.Stop()
			for ctx.Err() == nil {
				l.one(customer)
				select {
				case <-tick.C:
				case <-ctx.Done():
				}
			}
		})
	}
	return l
}

// one places one order, with patience.
func (l *load) one(customer user) {
	key := es.NewID()
	deadline := time.Now().Add(90 * time.Second)
	for {
		a, err := customer.try(l.s.t.Context(), http.MethodPost, "/v1/orders", key, cart(l.sku, 1, "tok_ok"))
		if err == nil && a.status == http.StatusCreated {
			var o order
			a.decode(l.s.t, http.StatusCreated, &o)
			l.mu.Lock()
			l.placed = append(l.placed, o.OrderID)
			l.mu.Unlock()
			return
		}
		if l.strict || time.Now().After(deadline) || (err == nil && a.status < 500 && a.status != http.StatusConflict) {
			l.s.t.Errorf("place: %v, status %d: %s", err, a.status, a.body)
			return
		}
		l.mu.Lock()
		l.retried++
		l.mu.Unlock()
		select {
		case <-time.After(100 * time.Millisecond):
		case <-l.s.t.Context().Done():
			return
		}
	}
}

// stop ends the load and returns the ids of all orders that were acknowledged.
func (l *load) stop() []string {
	l.s.t.Helper()
	l.cancel()
	l.group.Wait()
	if len(l.placed) < 50 {
		l.s.t.Fatalf("the load placed %d orders: too few to show anything", len(l.placed))
	}
	l.s.t.Logf("%d orders were placed, %d requests were sent again", len(l.placed), l.retried)
	return l.placed
}

// settled waits until every acknowledged order is confirmed, and wants everything to agree: the list has exactly these orders, each view
// equals its stream, the topic is in order, and the gateway granted one authorization for each.
func (s *stack) settled(placed []string) {
	s.t.Helper()
	staff := s.as("support", "auditor")
	for _, id := range placed {
		eventually(s.t, 2*time.Minute, "order "+id+" is confirmed", func() error {
			a := staff.do(http.MethodGet, "/v1/orders/"+id, "", nil)
			if a.status != http.StatusOK {
				return fmt.Errorf("status %d: %s", a.status, a.body)
			}
			var o order
			a.decode(s.t, http.StatusOK, &o)
			if o.Status != "confirmed" {
				return errors.New("it is " + o.Status + ", payment " + o.Payment)
			}
			return nil
		})
	}
	if got := s.checkViews(); got != len(placed) {
		s.t.Errorf("the list has %d orders, %d were acknowledged", got, len(placed))
	}
	records, repeats := s.checkTopic()
	s.t.Logf("orders.v1 has %d records, %d of them repeats", records, repeats)
	s.checkLedger(placed)
}

// checkLedger wants one authorization, and nothing else, for every order.
func (s *stack) checkLedger(placed []string) {
	s.t.Helper()
	var page struct {
		Items []struct {
			OrderID    string `json:"order_id"`
			Authorized int64  `json:"authorized"`
			Held       int64  `json:"held"`
			Captured   int64  `json:"captured"`
		} `json:"items"`
	}
	user{t: s.t, front: s.gateway}.do(http.MethodGet, "/ledger/summary", "", nil).decode(s.t, http.StatusOK, &page)
	const price = 1000
	if len(page.Items) != len(placed) {
		s.t.Errorf("the ledger has %d orders, %d were acknowledged", len(page.Items), len(placed))
	}
	for _, o := range page.Items {
		if o.Authorized != price || o.Held != price || o.Captured != 0 {
			s.t.Errorf("ledger of %s: authorized %d, held %d, captured %d, want %d held once", o.OrderID, o.Authorized, o.Held, o.Captured, price)
		}
	}
}

func TestBrokerDownUnderLoad(t *testing.T) {
	s := startStack(t)
	s.stock("DOWN", 1000, 100_000)
	l := s.startLoad("DOWN", true)
	l.awaitMore(20)
	s.stopBroker()
	down, before := time.NewTimer(30*time.Second), l.count()
	<-down.C
	if got := l.count() - before; got < 300 {
		t.Errorf("%d orders were placed in 30 s without a broker: too few to show anything", got)
	}
	s.startBroker()
	l.awaitMore(20)
	s.settled(l.stop())
}

func TestEveryServiceKilledUnderLoad(t *testing.T) {
	s := startStack(t)
	s.stock("KILL", 1000, 100_000)
	l := s.startLoad("KILL", false)
	for _, name := range []string{"order", "payment", "query", "order", "payment", "query"} {
		l.awaitMore(20)
		s.programs[name].restart()
	}
	l.awaitMore(20)
	placed := l.stop()
	s.settled(placed)
	if got, want := s.available("KILL"), 100_000-len(placed); got != want {
		t.Errorf("available: got %d, want %d: each order holds one unit", got, want)
	}
}

// awaitMore waits until so many more orders were acknowledged.
func (l *load) awaitMore(n int) {
	l.s.t.Helper()
	target := l.count() + n
	eventually(l.s.t, time.Minute, "the load goes on", func() error {
		if got := l.count(); got < target {
			return fmt.Errorf("%d of %d orders", got, target)
		}
		return nil
	})
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.placed)
}

func (s *stack) stopBroker() {
	s.t.Helper()
	grace := 10 * time.Second
	if err := s.kafka.Stop(s.t.Context(), &grace); err != nil {
		s.t.Fatalf("stop Kafka: %v", err)
	}
}

func (s *stack) startBroker() {
	s.t.Helper()
	if err := s.kafka.Start(s.t.Context()); err != nil {
		s.t.Fatalf("start Kafka: %v", err)
	}
}
