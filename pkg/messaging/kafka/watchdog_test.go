package kafka

import (
	"errors"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// kennel is a watchdog over a consumer that does nothing, on a clock of the test's.
func kennel() (*watchdog, *board, time.Time) {
	c := NewConsumer(ConsumerConfig{}, messaging.Sink(nil))
	start := time.Unix(1_000_000, 0)
	return newWatchdog(c, start), &c.status, start
}

func TestTheWatchdogTakesStageAfterStage(t *testing.T) {
	t.Parallel()
	d, b, start := kennel()
	d.joining = start
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	p := part{"t", 0}
	drops := 0
	join := func(now time.Time) {
		b.generation([]part{p}, now)
		b.claimed(p, 10, func() { drops++ }, now)
	}
	join(at(0))
	behind := map[part]int64{p: 20}
	if err := d.look(at(4), behind); err != nil || drops != 0 {
		t.Errorf("after 4 s: got %v, %d drops, want patience", err, drops)
	}
	if err := d.look(at(5), behind); err != nil || drops != 1 {
		t.Errorf("after 5 s: got %v, %d drops, want the connection dropped", err, drops)
	}
	b.claimed(p, 10, func() { drops++ }, at(6)) // a new connection, silent too
	if err := d.look(at(15), behind); !errors.Is(err, errRejoin) {
		t.Errorf("after 15 s: got %v, want another membership", err)
	}
	b.lost(p, 1)
	b.ended(1, at(16))
	d.joining = at(16)
	join(at(18))
	if err := d.look(at(20), behind); err != nil {
		t.Errorf("after 20 s: got %v, want the new membership left alone", err)
	}
	if err := d.look(at(61), behind); !errors.Is(err, ErrStalled) {
		t.Errorf("after 61 s without an answer: got %v, want ErrStalled", err)
	}
}

func TestTheWatchdogLeavesAlone(t *testing.T) {
	t.Parallel()
	p := part{"t", 0}
	hour := time.Hour
	for name, prepare := range map[string]func(*board, time.Time){
		"a partition without lag": func(b *board, now time.Time) {
			b.claimed(p, 20, func() { t.Error("dropped") }, now)
		},
		"a partition whose sink does not answer": func(b *board, now time.Time) {
			b.claimed(p, 10, func() { t.Error("dropped") }, now)
			b.unclaimed(p)
		},
		"a chunk that takes long": func(b *board, now time.Time) {
			b.claimed(p, 10, func() { t.Error("dropped") }, now)
			b.answered(p, now)
		},
		"a partition that was lost": func(b *board, now time.Time) {
			b.claimed(p, 10, func() { t.Error("dropped") }, now)
			b.lost(p, 1)
		},
	} {
		d, b, start := kennel()
		b.generation([]part{p}, start)
		prepare(b, start)
		if err := d.look(start.Add(hour), map[part]int64{p: 20}); err != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTheWatchdogJoinsAnewWithoutAGeneration(t *testing.T) {
	t.Parallel()
	d, _, start := kennel()
	d.joining = start
	if err := d.look(start.Add(14*time.Second), nil); err != nil {
		t.Errorf("after 14 s: got %v", err)
	}
	if err := d.look(start.Add(15*time.Second), nil); !errors.Is(err, errRejoin) {
		t.Errorf("after 15 s: got %v, want another membership", err)
	}
	d.joining = start.Add(16 * time.Second)
	if err := d.look(start.Add(60*time.Second), nil); !errors.Is(err, ErrStalled) {
		t.Errorf("after 60 s: got %v, want ErrStalled", err)
	}
}
