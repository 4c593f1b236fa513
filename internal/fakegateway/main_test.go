package fakegateway_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/fakegateway"
)

// gateway is a server under test and a client that gives up after 500 ms.
type gateway struct {
	*fakegateway.Server
	url    string
	client *http.Client
}

func start(t *testing.T, o fakegateway.Options) *gateway {
	t.Helper()
	if o.Slow == 0 {
		o.Slow = 60 * time.Millisecond
	}
	s, err := fakegateway.New(o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &gateway{Server: s, url: srv.URL, client: &http.Client{
		Timeout:       500 * time.Millisecond,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post returns the status (0: no answer) and the operation of the answer.
func (g *gateway) post(t *testing.T, path, key string, body any) (int, fakegateway.Operation) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Idempotency-Key", key)
	req.GetBody = nil // or net/http itself repeats what has a key
	return g.do(t, req)
}

func (g *gateway) do(t *testing.T, req *http.Request) (int, fakegateway.Operation) {
	t.Helper()
	resp, err := g.client.Do(req)
	if err != nil {
		return 0, fakegateway.Operation{}
	}
	defer resp.Body.Close()
	var o fakegateway.Operation
	if json.NewDecoder(resp.Body).Decode(&o) != nil {
		return resp.StatusCode, fakegateway.Operation{}
	}
	return resp.StatusCode, o
}

func (g *gateway) lookup(t *testing.T, key string) (int, fakegateway.Operation) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url+"/v1/operations?key="+key, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g.do(t, req)
}

func auth(token string) fakegateway.Request {
	return fakegateway.Request{OrderID: "o1", PaymentID: "p1", Amount: 10000, Currency: "EUR", Token: token}
}

func onAuth(ref string, amount int64) fakegateway.Request {
	return fakegateway.Request{OrderID: "o1", PaymentID: "p1", Amount: amount, Currency: "EUR", AuthRef: ref}
}

// effects counts what moved money: the rows that are ok and no repeats.
func effects(g *gateway, op string) int {
	n := 0
	for _, r := range g.Ledger("o1") {
		if r.Op == op && r.Outcome == "ok" && !r.Repeat {
			n++
		}
	}
	return n
}

func sum(t *testing.T, g *gateway) fakegateway.Summary {
	t.Helper()
	items := g.Summary("o1")
	if len(items) != 1 {
		t.Fatalf("summary has %d items, want 1", len(items))
	}
	return items[0]
}
