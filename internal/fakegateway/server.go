package fakegateway

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Options sets up a Server. The zero value is a gateway in memory without webhooks.
type Options struct {
	Path          string           // file of the ledger, one JSON object per line; empty: memory
	Fsync         bool             // a row is on disk before its reply leaves
	Now           func() time.Time // default time.Now; POST /clock adds to it
	Slow          time.Duration    // delay of the slow tokens; default 5 s
	Hang          time.Duration    // longest silence of the tokens that never answer; default 60 s
	AuthWindow    time.Duration    // life of an authorization; default 7 days
	KeyWindow     time.Duration    // how long a key is remembered; default 24 h
	SingleCapture bool             // an authorization can be captured once only
	WebhookURL    string           // empty: no webhooks
	WebhookSecret string           // signs them; see [Sign]
	Log           *slog.Logger     // default: discards
}

// Server is the gateway. Make one with [New], serve it as an http.Handler, and Close it.
type Server struct {
	opts   Options
	mux    *http.ServeMux
	done   chan struct{} // closed by Close: whatever hangs lets go
	closed sync.Once
	hooks  sync.WaitGroup

	mu      sync.Mutex // guards what follows
	ledger  *ledger
	book    *book
	offset  time.Duration // how far the clock was moved
	scripts map[scripted][]Reply
	webhook string
}

// New opens the ledger, reads back what is in it, and returns a gateway that goes on from there.
func New(o Options) (*Server, error) {
	o.Slow, o.Hang = cmp.Or(o.Slow, 5*time.Second), cmp.Or(o.Hang, time.Minute)
	o.AuthWindow, o.KeyWindow = cmp.Or(o.AuthWindow, 7*24*time.Hour), cmp.Or(o.KeyWindow, 24*time.Hour)
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	if o.Now == nil {
		o.Now = time.Now
	}
	l, err := openLedger(o.Path, o.Fsync)
	if err != nil {
		return nil, err
	}
	s := &Server{
		opts: o, mux: http.NewServeMux(), done: make(chan struct{}), ledger: l, book: newBook(o.SingleCapture),
		scripts: map[scripted][]Reply{}, webhook: o.WebhookURL,
	}
	for _, e := range l.entries {
		s.offset += e.Advance
		s.book.apply(e)
	}
	s.routes()
	return s, nil
}

func (s *Server) routes() {
	s.mux.HandleFunc("POST /v1/authorizations", s.operation(opAuthorize))
	s.mux.HandleFunc("POST /v1/captures", s.operation(opCapture))
	s.mux.HandleFunc("POST /v1/voids", s.operation(opVoid))
	s.mux.HandleFunc("POST /v1/refunds", s.operation(opRefund))
	s.mux.HandleFunc("GET /v1/operations", s.lookup)
	s.mux.HandleFunc("GET /v1/capabilities", s.capabilities)
	s.mux.HandleFunc("GET /ledger", s.getLedger)
	s.mux.HandleFunc("GET /ledger/summary", s.getSummary)
	s.mux.HandleFunc("POST /clock", s.postClock)
	s.mux.HandleFunc("POST /script", s.postScript)
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
}

// ServeHTTP answers one request of the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close lets go of every request that hangs, waits for the webhooks under way and closes the ledger. Call it
// after the HTTP server has stopped taking requests; it may be called twice.
func (s *Server) Close() error {
	var err error
	s.closed.Do(func() {
		close(s.done)
		s.hooks.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		err = s.ledger.close()
	})
	return err
}

// now is the gateway's clock. Call with mu held.
func (s *Server) now() time.Time {
	return s.opts.Now().Add(s.offset).UTC().Truncate(time.Microsecond)
}

// Now is the time by the gateway's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// errBackwards refuses a clock that would make the ledger lie.
var errBackwards = errors.New("the clock only moves forward")

// Advance moves the clock forward, for good: the move is in the ledger file.
func (s *Server) Advance(d time.Duration) (time.Time, error) {
	if d < 0 {
		return time.Time{}, errBackwards
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.ledger.append(entry{Advance: d}); err != nil {
		return time.Time{}, err
	}
	s.offset += d
	return s.now(), nil
}

// SetWebhook sets where webhooks go, for a receiver whose address is known only after the gateway started.
func (s *Server) SetWebhook(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook = url
}

// Ledger returns the rows of one order, or all, oldest first.
func (s *Server) Ledger(orderID string) []Row {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []Row{}
	for _, e := range s.ledger.entries {
		if e.Op != "" && (orderID == "" || e.OrderID == orderID) {
			rows = append(rows, e.Row)
		}
	}
	return rows
}

// Summary returns the sums of one order, or all, one per order and currency.
func (s *Server) Summary(orderID string) []Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.summary(orderID, s.now())
}
