package readstore_test

import (
	"context"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/query/internal/projection"
	"github.com/kontor-dev/kontor/services/query/internal/readstore"
	"github.com/kontor-dev/kontor/services/query/internal/view"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
)

// shop is a database with views, and who reads it.
type shop struct {
	pool  *pgxpool.Pool // of the owner
	url   string
	store *readstore.Store
}

var (
	staff = auth.Principal{Issuer: "i", Subject: "s-1", Roles: []auth.Role{auth.Support}}
	ann   = auth.Principal{Issuer: "i", Subject: "c-1", Roles: []auth.Role{auth.Customer}}
	bob   = auth.Principal{Issuer: "i", Subject: "c-2", Roles: []auth.Role{auth.Customer}}
)

func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{url: pgtest.URL(t)}
	s.pool = pgtest.Connect(t, s.url)
	if _, err := migrations.Up(context.Background(), s.pool, "query"); err != nil {
		t.Fatal(err)
	}
	s.store = s.another(t, 100)
	return s
}

// another is a store of another process on the same views, listening.
func (s *shop) another(t *testing.T, waits int) *readstore.Store {
	t.Helper()
	store := readstore.New(readstore.Config{
		Customers: s.as(t, "query_read"), Staff: s.as(t, "query_staff"), CursorKey: []byte("0123456789abcdef"), MaxWaits: waits,
		Log: slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- store.Listen(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("listen: %v", err)
		}
	})
	return store
}

// as connects as a role.
func (s *shop) as(t *testing.T, role string) *pgxpool.Pool {
	t.Helper()
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("role", role)
	u.RawQuery = q.Encode()
	pool, err := readstore.Open(t.Context(), u.String(), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// tell gives messages to the consumer of a unit, as one partition.
func (s *shop) tell(t *testing.T, unit string, side projection.Side, messages ...messaging.Message) {
	t.Helper()
	c := projection.NewConsumer(s.pool, unit, projection.Config{Side: side})
	claim, err := c.Sink.Claim(t.Context(), c.Topic, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := claim.Apply(t.Context(), viewtest.Deliver(c.Topic, claim.Next(), messages...)); err != nil {
		t.Fatal(err)
	}
}

func (s *shop) order(t *testing.T, story *viewtest.OrderStory) {
	t.Helper()
	s.tell(t, view.UnitOrders, projection.SideA, story.Messages...)
}

const soon = 4 * time.Second // more than anything here takes
