package pgsink_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
)

// refuse refuses the message id as long as it is there.
func refuse(id *atomic.Pointer[string]) messaging.Handler {
	return func(_ context.Context, m messaging.Message) error {
		if bad := id.Load(); bad != nil && m.ID == *bad {
			return messaging.Permanent(errors.New("no such thing"))
		}
		return nil
	}
}

func TestARetriedKeyGoesOnInOrder(t *testing.T) {
	both(t, func(t *testing.T, f fixture, open func(pgsink.Config, messaging.Handler) messaging.Sink) {
		var bad atomic.Pointer[string]
		bad.Store(new("a-2"))
		c := claim(t, open(pgsink.Config{}, refuse(&bad)))
		v := messagingtest.Stream(topic, "a", 5)
		apply(t, c, messagingtest.Batch(0, v[0], v[1], v[2])...)
		apply(t, c, messagingtest.Batch(3, v[3])...)
		f.expectParked(t, map[string]int{"a": 3})

		release := func() {
			t.Helper()
			if err := pgsink.Retry(t.Context(), f.pool, f.consumer, "a"); err != nil {
				t.Fatal(err)
			}
			pgsink.Hurry(c)
			idle(t, c)
		}
		release() // still refused
		f.expect(t, "a-1")
		list, err := pgsink.Parked(t.Context(), f.pool, f.consumer)
		if err != nil {
			t.Fatal(err)
		}
		if got := list[0]; got.Reason != "refused" || got.Attempts != 2 || got.Released || got.Type != messagingtest.Type || !strings.Contains(got.Error, "no such thing") {
			t.Errorf("first parked record: %+v", got)
		}
		if got := list[1].Reason; got != "behind" {
			t.Errorf("second parked record: reason %q, want behind", got)
		}

		bad.Store(nil)
		release()
		f.expect(t, "a-1", "a-2", "a-3", "a-4")
		f.expectParked(t, map[string]int{})
		apply(t, c, messagingtest.Batch(4, v[4])...)
		f.expect(t, "a-1", "a-2", "a-3", "a-4", "a-5")
	})
}

func TestADiscardedRecordIsPassedAndAudited(t *testing.T) {
	both(t, func(t *testing.T, f fixture, open func(pgsink.Config, messaging.Handler) messaging.Sink) {
		var bad atomic.Pointer[string]
		bad.Store(new("a-2"))
		c := claim(t, open(pgsink.Config{}, refuse(&bad)))
		apply(t, c, messagingtest.Batch(0, messagingtest.Stream(topic, "a", 4)...)...)
		if err := pgsink.Discard(t.Context(), f.pool, f.consumer, "a", ""); err == nil {
			t.Error("a discard without a reason was taken")
		}
		if err := pgsink.Discard(t.Context(), f.pool, f.consumer, "a", "test order"); err != nil {
			t.Fatal(err)
		}
		pgsink.Hurry(c)
		idle(t, c)
		f.expect(t, "a-1", "a-3", "a-4")
		f.expectParked(t, map[string]int{})
		var audit string
		if err := f.pool.QueryRow(t.Context(), `select string_agg(key || ' ' || version || ' ' || reason, ',') from discarded_record where consumer = $1`, f.consumer).Scan(&audit); err != nil {
			t.Fatal(err)
		}
		if audit != "a 2 test order" {
			t.Errorf("audit: got %q", audit)
		}
	})
}

func TestABrokenRecordGivesWayToARepublishedOne(t *testing.T) {
	both(t, func(t *testing.T, f fixture, open func(pgsink.Config, messaging.Handler) messaging.Sink) {
		c := claim(t, open(pgsink.Config{}, fine))
		v := messagingtest.Stream(topic, "a", 3)
		broken := v[1]
		broken.Data = []byte("{")
		apply(t, c, messagingtest.Batch(0, v[0], broken, v[2])...)
		f.expectParked(t, map[string]int{"a": 2})
		apply(t, c, messagingtest.Batch(3, v[1])...)
		f.expect(t, "a-1", "a-2", "a-3")
		f.expectParked(t, map[string]int{})
	})
}

func TestStreamsOfOneKeyKeepTheirOrderOverARepair(t *testing.T) {
	both(t, func(t *testing.T, f fixture, open func(pgsink.Config, messaging.Handler) messaging.Sink) {
		c := claim(t, open(pgsink.Config{}, fine))
		a := messagingtest.Stream(topic, "a", 4)
		b := messagingtest.Stream(topic, "b", 2)
		for i := range b {
			b[i].Key = "a"
		}
		apply(t, c, messagingtest.Batch(0, a[0], a[2], b[0], a[3], b[1])...)
		f.expectParked(t, map[string]int{"a": 4})
		apply(t, c, messagingtest.Batch(5, a[1])...)
		f.expect(t, "a-1", "a-2", "b-1", "a-3", "b-2", "a-4")
	})
}

func TestAnUnknownType(t *testing.T) {
	v := messagingtest.Stream(topic, "a", 3)
	v[1].Type = "thing.of_tomorrow"
	today := func(typ string) bool { return typ == messagingtest.Type }

	t.Run("parks the key of a view until a release knows it", func(t *testing.T) {
		t.Parallel()
		f := database(t)
		old := f.tx(pgsink.Config{Known: today}, fine)
		apply(t, claim(t, old), messagingtest.Batch(0, v...)...)
		f.expect(t, "a-1")
		apply(t, claim(t, old)) // the same release again
		f.expectParked(t, map[string]int{"a": 2})
		idle(t, claim(t, f.tx(pgsink.Config{}, fine)))
		f.expect(t, "a-1", "a-2", "a-3")
		f.expectParked(t, map[string]int{})
	})
	t.Run("is passed and counted by a command consumer", func(t *testing.T) {
		t.Parallel()
		f := database(t)
		sink := f.each(pgsink.Config{Known: today}, fine)
		apply(t, claim(t, sink), messagingtest.Batch(0, v...)...)
		f.expect(t, "a-1", "a-3")
		if got := sink.Stats(); got.Unknown != 1 || got.Applied != 2 {
			t.Errorf("got %+v, want 1 unknown and 2 applied", got)
		}
	})
}

func TestAThousandPoisonRecordsInARow(t *testing.T) {
	both(t, func(t *testing.T, f fixture, open func(pgsink.Config, messaging.Handler) messaging.Sink) {
		c := claim(t, open(pgsink.Config{MaxParked: 1000}, fine))
		var batch []messaging.Message
		for i := range 1000 {
			m := messagingtest.Message(topic, fmt.Sprint("k", i), 1)
			m.Data = []byte("garbage")
			batch = append(batch, m)
		}
		apply(t, c, messagingtest.Batch(0, append(batch, messagingtest.Message(topic, "good", 1))...)...)
		f.expect(t, "good-1")
		if got := len(f.parked(t)); got != 1000 {
			t.Errorf("got %d parked keys, want 1000", got)
		}
		err := c.Apply(t.Context(), messagingtest.Batch(1001, messagingtest.Message(topic, "gap", 2)))
		if !errors.Is(err, pgsink.ErrTooManyParked) {
			t.Errorf("one more: got %v, want ErrTooManyParked", err)
		}
	})
}

func TestAKeyThatIsNotParkedCannotBeReleased(t *testing.T) {
	t.Parallel()
	f := database(t)
	if err := pgsink.Retry(t.Context(), f.pool, f.consumer, "a"); !errors.Is(err, pgsink.ErrNotParked) {
		t.Errorf("retry: got %v, want ErrNotParked", err)
	}
	if err := pgsink.Discard(t.Context(), f.pool, f.consumer, "a", "why"); !errors.Is(err, pgsink.ErrNotParked) {
		t.Errorf("discard: got %v, want ErrNotParked", err)
	}
}
