package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

var (
	order = payment.OrderID(ids.Order("test", "1"))
	pay   = payment.ID(ids.Payment(string(order), 1))
	auth1 = payment.OpID(ids.Operation(string(pay), "authorize", 1))
)

// useCases tells what was executed.
type useCases struct{ done chan string }

func (u *useCases) Execute(_ context.Context, w app.Work) error {
	u.done <- "execute " + string(w.OpID) + " " + w.Cause.EventID + " " + w.Cause.CorrelationID
	return nil
}

func (u *useCases) LookUp(_ context.Context, w app.Work) error {
	u.done <- "look up " + string(w.OpID)
	return nil
}

func (u *useCases) Reconcile(_ context.Context, d app.Decision) error {
	u.done <- "reconcile " + string(d.OpID) + " " + d.Note
	return nil
}

func (u *useCases) Expire(_ context.Context, id payment.ID, armed app.Cause) error {
	u.done <- "expire " + string(id) + " " + armed.EventID
	return nil
}

func open(t *testing.T) (*Client, *pgxpool.Pool, *useCases) {
	t.Helper()
	pool := pgtest.Pool(t)
	if _, err := migrations.Up(t.Context(), pool, "payment"); err != nil {
		t.Fatal(err)
	}
	u := &useCases{done: make(chan string, 10)}
	c, err := New(Config{Pool: pool, UseCases: u})
	if err != nil {
		t.Fatal(err)
	}
	return c, pool, u
}

func recorded(t *testing.T, position int64, fact payment.Event) es.Recorded {
	t.Helper()
	name, schema, data, err := app.NewCodec().Encode(fact)
	if err != nil {
		t.Fatal(err)
	}
	return es.Recorded{Position: position, Event: es.Event{
		EventID: "e1", EventType: name, AggregateType: app.StreamType, AggregateID: string(pay), Version: position, Data: data,
		Metadata: es.Metadata{CorrelationID: "corr", SchemaVersion: schema},
	}}
}

func start(t *testing.T, c *Client, pool *pgxpool.Pool, events ...es.Recorded) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return c.Start(t.Context(), tx, events) })
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, pool *pgxpool.Pool, kind string) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "select count(*) from river.river_job where kind = $1", kind).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEachIntentStartsOneJobAlsoWhenReadAgain(t *testing.T) {
	t.Parallel()
	c, pool, _ := open(t)
	head := payment.Head{PaymentID: pay, OrderID: order, OccurredAt: time.Now().UTC()}
	requested := recorded(t, 1, payment.Requested{Head: head, Attempt: 1, OpID: auth1, Amount: 1, Currency: "EUR"})
	authorized := recorded(t, 3, payment.Authorized{Head: head, OpID: auth1, Amount: 1, ExpiresAt: time.Now().Add(time.Hour).UTC()})
	unknown := requested
	unknown.EventType = "payment.exploded"
	foreign := requested
	foreign.AggregateType = "order"
	start(t, c, pool, requested, requested, recorded(t, 2, payment.AuthorizationStarted{Head: head, OpID: auth1}), authorized, unknown, foreign)
	start(t, c, pool, requested, authorized)
	for kind, want := range map[string]int{"gateway_call": 1, "authorization_expiry": 1} {
		if n := count(t, pool, kind); n != want {
			t.Errorf("%d jobs of %s, want %d", n, kind, want)
		}
	}
	var at time.Time
	var args []byte
	err := pool.QueryRow(t.Context(), "select scheduled_at, args from river.river_job where kind = 'authorization_expiry'").Scan(&at, &args)
	if err != nil || time.Until(at) < 59*time.Minute {
		t.Errorf("the timer is due at %v (%v), want in an hour", at, err)
	}
	if err := pool.QueryRow(t.Context(), "select args from river.river_job where kind = 'gateway_call'").Scan(&args); err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal(args, &got); err != nil || len(got) != 4 || got["op_id"] != string(auth1) || got["correlation_id"] != "corr" {
		t.Errorf("arguments %s (%v), want ids alone", args, err)
	}
}

func TestAJobIsNotThereUntilTheCheckpointMoved(t *testing.T) {
	t.Parallel()
	c, pool, _ := open(t)
	head := payment.Head{PaymentID: pay, OrderID: order, OccurredAt: time.Now().UTC()}
	crash := errors.New("crash")
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		if err := c.Start(t.Context(), tx, []es.Recorded{recorded(t, 1, payment.Requested{Head: head, Attempt: 1, OpID: auth1, Amount: 1, Currency: "EUR"})}); err != nil {
			return err
		}
		return crash
	})
	if n := count(t, pool, "gateway_call"); !errors.Is(err, crash) || n != 0 {
		t.Errorf("got %v and %d jobs, want none", err, n)
	}
}

func TestWorkersCallTheirUseCases(t *testing.T) {
	t.Parallel()
	c, pool, u := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	want := func(done string) {
		t.Helper()
		select {
		case got := <-u.done:
			if got != done {
				t.Errorf("got %q, want %q", got, done)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%q was not done", done)
		}
	}
	head := payment.Head{PaymentID: pay, OrderID: order, OccurredAt: time.Now().UTC()}
	start(t, c, pool, recorded(t, 1, payment.Requested{Head: head, Attempt: 1, OpID: auth1, Amount: 1, Currency: "EUR"}))
	want("execute " + string(auth1) + " e1 corr")
	start(t, c, pool, recorded(t, 2, payment.Authorized{Head: head, OpID: auth1, Amount: 1, ExpiresAt: time.Now().Add(-time.Second).UTC()}))
	want("expire " + string(pay) + " e1")
	if err := c.LookUp(t.Context(), pay, auth1); err != nil {
		t.Fatal(err)
	}
	want("look up " + string(auth1))
	d := app.Decision{PaymentID: pay, OpID: auth1, Note: "seen", CommandID: "r1"}
	for range 2 {
		if err := c.Reconcile(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	want("reconcile " + string(auth1) + " seen")
	if n := count(t, pool, "gateway_reconcile"); n != 1 {
		t.Errorf("%d decisions, want 1", n)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("got %v, want a clean end", err)
	}
}

func TestHintsOfOneOperationAreOneLookUpUntilItIsDone(t *testing.T) {
	t.Parallel()
	c, pool, _ := open(t)
	for range 3 {
		if err := c.LookUp(t.Context(), pay, auth1); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, pool, "gateway_lookup"); n != 1 {
		t.Errorf("%d jobs wait, want 1", n)
	}
	if _, err := pool.Exec(t.Context(), "update river.river_job set state = 'completed', finalized_at = now()"); err != nil {
		t.Fatal(err)
	}
	if err := c.LookUp(t.Context(), pay, auth1); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "gateway_lookup"); n != 2 {
		t.Errorf("%d jobs, want a second one after the first is done", n)
	}
}

func TestWhatAnErrorMeansToRiver(t *testing.T) {
	t.Parallel()
	var snooze *river.JobSnoozeError
	var cancel *river.JobCancelError
	if err := verdict(&app.Later{After: 3 * time.Second, Err: errors.New("x")}); !errors.As(err, &snooze) || snooze.Duration != 3*time.Second {
		t.Errorf("later: got %v, want a snooze of 3s", err)
	}
	for _, refusal := range []error{payment.ErrUnknownPayment, payment.ErrUnknownOperation, payment.ErrOperationClosed, payment.ErrReconcileIncomplete} {
		if err := verdict(refusal); !errors.As(err, &cancel) {
			t.Errorf("%v: got %v, want a cancel", refusal, err)
		}
	}
	other := errors.New("other")
	if err := verdict(other); !errors.Is(err, other) || errors.As(err, &cancel) || errors.As(err, &snooze) {
		t.Errorf("other: got %v, want it as it is", err)
	}
	if err := verdict(nil); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestBackoffGrowsFromOneSecondToFiveMinutes(t *testing.T) {
	t.Parallel()
	for attempt, most := range map[int]time.Duration{1: 2 * time.Second, 4: 16 * time.Second, 9: 5 * time.Minute, 900: 5 * time.Minute} {
		for range 50 {
			wait := time.Until(backoff{}.NextRetry(&rivertype.JobRow{Attempt: attempt}))
			if wait < 900*time.Millisecond || wait > most {
				t.Errorf("attempt %d waits %v, want 1s to %v", attempt, wait, most)
			}
		}
	}
}
