package pgsink_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
)

var errKilled = errors.New("killed")

// killAt fails the nth time that point is hit.
func killAt(point string, nth int32) func(string) error {
	var n atomic.Int32
	return func(p string) error {
		if p == point && n.Add(1) == nth {
			return errKilled
		}
		return nil
	}
}

func TestACrashAtAnyPointHasEachEffectOnce(t *testing.T) {
	t.Parallel()
	for point, kind := range map[string]string{
		"view.before_commit": "Tx", "view.after_commit": "Tx",
		"cmd.after_append": "Each", "cmd.before_offset": "Each", "cmd.after_offset": "Each",
	} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			f := database(t)
			batch := messagingtest.Batch(0, messagingtest.Streams(topic, 3, 3)...)
			victim := claim(t, kinds[kind](f, pgsink.Config{Consumer: f.consumer, Hook: killAt(point, 1)}, fine))
			if err := victim.Apply(t.Context(), batch); !errors.Is(err, errKilled) {
				t.Fatalf("got %v, want the crash", err)
			}
			next := claim(t, kinds[kind](f, pgsink.Config{Consumer: f.consumer}, fine))
			apply(t, next, batch[next.Next():]...)
			if got := len(f.effects(t)); got != 9 {
				t.Errorf("got %d effects, want 9", got)
			}
			if next.Next() != 9 {
				t.Errorf("got offset %d, want 9", next.Next())
			}
			f.expectParked(t, map[string]int{})
		})
	}
}

func TestACrashInADrainChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, f fixture, open func(pgsink.Config, messaging.Handler) messaging.Sink) {
		v := messagingtest.Stream(topic, "a", 4)
		c := claim(t, open(pgsink.Config{Hook: killAt("park.drain_step", 2)}, fine))
		apply(t, c, messagingtest.Batch(0, v[0], v[2], v[3])...)
		if err := c.Apply(t.Context(), messagingtest.Batch(3, v[1])); err != nil {
			t.Fatal(err)
		}
		if err := c.(messaging.Idler).Idle(t.Context()); !errors.Is(err, errKilled) {
			t.Fatalf("got %v, want the crash", err)
		}
		f.expectParked(t, map[string]int{"a": 3})
		idle(t, claim(t, open(pgsink.Config{}, fine)))
		f.expect(t, "a-1", "a-2", "a-3", "a-4")
		f.expectParked(t, map[string]int{})
	})
}

func TestAZombieAsleepInItsTransactionIsFenced(t *testing.T) {
	t.Parallel()
	f := database(t)
	asleep, wake := make(chan struct{}), make(chan struct{})
	zombie := pgsink.NewTx(f.pool, pgsink.Config{Consumer: f.consumer}.WithIdle(300*time.Millisecond),
		func(ctx context.Context, tx pgx.Tx, messages []messaging.Message) error {
			err := f.insert(fine)(ctx, tx, messages)
			close(asleep)
			<-wake
			return err
		})
	batch := messagingtest.Batch(0, messagingtest.Stream(topic, "a", 3)...)
	c := claim(t, zombie)
	died := make(chan error, 1)
	go func() { died <- c.Apply(context.WithoutCancel(t.Context()), batch) }()
	<-asleep

	// The successor waits for the row until the server ends the zombie's session.
	successor := claim(t, f.tx(pgsink.Config{}, fine))
	if successor.Next() != 0 {
		t.Errorf("the zombie's transaction was committed: next offset is %d", successor.Next())
	}
	apply(t, successor, batch...)
	close(wake)
	if err := <-died; err == nil {
		t.Error("the zombie was not stopped")
	}
	if err := c.Apply(t.Context(), batch); !errors.Is(err, messaging.ErrFenced) {
		t.Errorf("its next batch: got %v, want ErrFenced", err)
	}
	f.expect(t, "a-1", "a-2", "a-3")
}

func TestAZombieThatHandlesCommandsIsFencedBeforeItsOffset(t *testing.T) {
	t.Parallel()
	f := database(t)
	asleep, wake := make(chan struct{}), make(chan struct{})
	zombie := claim(t, f.each(pgsink.Config{}, func(context.Context, messaging.Message) error {
		close(asleep)
		<-wake
		return nil
	}))
	v := messagingtest.Stream(topic, "a", 2)
	died := make(chan error, 1)
	go func() { died <- zombie.Apply(context.WithoutCancel(t.Context()), messagingtest.Batch(0, v[0])) }()
	<-asleep
	successor := claim(t, f.each(pgsink.Config{}, fine))
	apply(t, successor, messagingtest.Batch(0, v...)...)
	close(wake)
	if err := <-died; !errors.Is(err, messaging.ErrFenced) {
		t.Errorf("got %v, want ErrFenced", err)
	}
	f.expect(t, "a-1", "a-2")
	if c := claim(t, f.each(pgsink.Config{}, fine)); c.Next() != 2 || c.Last() != "a-2" {
		t.Errorf("got offset %d after %q, want 2 after a-2", c.Next(), c.Last())
	}
}

func TestAValueThatPostgresRefusesParksItsKey(t *testing.T) {
	t.Parallel()
	f := database(t)
	if _, err := f.pool.Exec(t.Context(), `alter table effect add check (id <> 'a-1')`); err != nil {
		t.Fatal(err)
	}
	sink := f.tx(pgsink.Config{}, fine)
	a, b := messagingtest.Stream(topic, "a", 2), messagingtest.Stream(topic, "b", 2)
	apply(t, claim(t, sink), messagingtest.Batch(0, b[0], a[0], a[1], b[1])...)
	f.expect(t, "b-1", "b-2")
	f.expectParked(t, map[string]int{"a": 2})
}

func TestListenersHearOfABatchAfterItsCommit(t *testing.T) {
	t.Parallel()
	f := database(t)
	conn, err := f.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), `listen things`); err != nil {
		t.Fatal(err)
	}
	sink := f.tx(pgsink.Config{AfterApply: func(ctx context.Context, tx pgx.Tx, applied []messaging.Message) error {
		_, err := tx.Exec(ctx, `select pg_notify('things', $1)`, applied[len(applied)-1].ID)
		return err
	}}, fine)
	apply(t, claim(t, sink), messagingtest.Batch(0, messagingtest.Stream(topic, "a", 2)...)...)
	n, err := conn.Conn().WaitForNotification(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n.Payload != "a-2" {
		t.Errorf("got %q, want a-2", n.Payload)
	}
}

func TestAResetConsumerReadsAgainAndRemembers(t *testing.T) {
	both(t, func(t *testing.T, f fixture, open func(pgsink.Config, messaging.Handler) messaging.Sink) {
		v := messagingtest.Stream(topic, "a", 4)
		c := claim(t, open(pgsink.Config{}, fine))
		apply(t, c, messagingtest.Batch(0, v[0], v[2])...) // a gap
		if err := pgsink.Reset(t.Context(), f.pool, f.consumer, topic); err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(t.Context(), messagingtest.Batch(2, v[3])); !errors.Is(err, messaging.ErrFenced) {
			t.Errorf("its owner: got %v, want ErrFenced", err)
		}
		c = claim(t, open(pgsink.Config{}, fine))
		if c.Next() != 0 || c.Last() != "" {
			t.Errorf("got offset %d after %q, want 0 after nothing", c.Next(), c.Last())
		}
		apply(t, c, messagingtest.Batch(0, v...)...)
		f.expect(t, "a-1", "a-2", "a-3", "a-4")
		f.expectParked(t, map[string]int{})
	})
}

func TestAForgottenConsumerAppliesEverythingAgain(t *testing.T) {
	t.Parallel()
	f := database(t)
	sink := f.tx(pgsink.Config{}, fine)
	v := messagingtest.Batch(0, messagingtest.Stream(topic, "a", 2)...)
	apply(t, claim(t, sink), v...)
	if err := pgsink.Forget(t.Context(), f.pool, f.consumer); err != nil {
		t.Fatal(err)
	}
	if _, err := f.pool.Exec(t.Context(), `truncate effect`); err != nil {
		t.Fatal(err)
	}
	apply(t, claim(t, sink), v...)
	f.expect(t, "a-1", "a-2")
}
