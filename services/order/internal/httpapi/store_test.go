package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/webapi"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/httpapi"
)

// troubled is a store that fails as told, before or after it has appended.
type troubled struct {
	*memstore.Store
	load, before, after error
}

func (s *troubled) Load(ctx context.Context, st es.Stream, after int64) ([]es.Event, error) {
	if s.load != nil {
		return nil, s.load
	}
	return s.Store.Load(ctx, st, after)
}

func (s *troubled) LoadAll(ctx context.Context, after map[es.Stream]int64) (map[es.Stream][]es.Event, error) {
	if s.load != nil {
		return nil, s.load
	}
	return s.Store.LoadAll(ctx, after)
}

func (s *troubled) Append(ctx context.Context, writes ...es.Write) error {
	if s.before != nil {
		return s.before
	}
	if err := s.Store.Append(ctx, writes...); err != nil {
		return err
	}
	return s.after
}

func (s *shop) over(t *testing.T, store *troubled) *shop {
	a := app.New(app.Deps{Store: store, Clock: func() time.Time { return s.now }})
	server := httptest.NewServer(httpapi.New(a, webapi.Config{Verifier: auth.VerifierFunc(verify), Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(server.Close)
	return &shop{t: t, app: a, store: s.store, server: server, now: s.now}
}

func TestAStoreInTroubleIs503AndTheSameKeySucceedsLater(t *testing.T) {
	whole := newShop(t)
	whole.sells("MUG", 5)
	secret := fmt.Errorf("pq: SECRET select * from events: %w", es.ErrUnavailable)
	for name, c := range map[string]struct {
		store   *troubled
		code    string
		outcome string
	}{
		"it cannot be read":        {&troubled{load: secret}, "store_unavailable", "not_executed"},
		"it cannot be written":     {&troubled{before: secret}, "store_unavailable", "not_executed"},
		"too many wait":            {&troubled{before: es.ErrOverloaded}, "overloaded", "not_executed"},
		"nobody knows if it wrote": {&troubled{after: es.ErrOutcomeUnknown}, "store_unavailable", "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			c.store.Store = whole.store
			s := whole.over(t, c.store)
			place := call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":1}`), Key: strings.ReplaceAll(name, " ", "-")}
			p := s.want(503, place)
			if p.get("code") != c.code || p.get("outcome") != c.outcome || p.Header.Get("Retry-After") == "" || strings.Contains(p.Raw, "SECRET") {
				t.Fatal(p.Header, p.Raw)
			}
			*c.store = troubled{Store: whole.store}
			s.want(201, place)
		})
	}
	if got := whole.want(200, call{Token: ware, Method: "GET", Path: "/v1/stock/MUG"}); got.get("reserved") != "4" {
		t.Fatal(got.Raw)
	}
}

func TestAnEventOfANewerReleaseHoldsItsOrderAlone(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a := s.want(201, call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":1}`)})
	stream := es.Stream{Type: app.StreamOrder, ID: a.get("order_id")}
	err := s.store.Append(t.Context(), es.Write{Stream: stream, Expected: 2, Events: []es.Event{{
		EventID: ids.CommandFor("x", "y"), EventType: "order.teleported", AggregateType: stream.Type, AggregateID: stream.ID, Version: 3, Data: json.RawMessage(`{}`),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	path := "/v1/orders/" + stream.ID
	for _, c := range []call{{Method: "GET", Path: path + "/state"}, {Path: path + "/cancel", Body: `{"reason_code":"customer"}`}} {
		if p := s.want(503, c); p.get("code") != "store_unavailable" || p.get("outcome") != "not_executed" {
			t.Fatal(p.Raw)
		}
	}
	s.want(201, call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":1}`)})
}

func TestALongStreamIsReadInTime(t *testing.T) {
	s := newShop(t)
	a := s.want(201, call{Path: "/v1/orders", Body: draft("")})
	stream := es.Stream{Type: app.StreamOrder, ID: a.get("order_id")}
	events := make([]es.Event, 10_000)
	for i := range events {
		events[i] = es.Event{
			EventID: ids.CommandFor("note", fmt.Sprint(i)), EventType: "order.note_added", AggregateType: stream.Type, AggregateID: stream.ID,
			Version: int64(i + 2), Data: json.RawMessage(`{"order_id":"` + stream.ID + `","occurred_at":"2026-03-01T12:00:00Z","after":{"status":"draft","payment_status":"none","fulfillment_status":"unfulfilled"},"note":"x"}`),
		}
	}
	if err := s.store.Append(t.Context(), es.Write{Stream: stream, Expected: 1, Events: events}); err != nil {
		t.Fatal(err)
	}
	if a := s.want(200, call{Method: "GET", Path: "/v1/orders/" + stream.ID + "/state"}); a.get("version") != "10001" {
		t.Fatal(a.Raw)
	}
}
