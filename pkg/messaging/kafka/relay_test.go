package kafka_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

// relay is what a subscription does: publish what follows the checkpoint, then move it, if nobody else did.
type relay struct {
	log        []messaging.Message
	checkpoint *atomic.Int64
	publisher  *kafka.Publisher
}

var (
	errKilled = errors.New("killed")
	errLost   = errors.New("another relay moved the checkpoint")
)

// run relays everything, 25 messages at a time, until it fails.
func (r relay) run(ctx context.Context) error {
	for {
		at := r.checkpoint.Load()
		if at == int64(len(r.log)) {
			return nil
		}
		to := min(at+25, int64(len(r.log)))
		if err := r.publisher.Publish(ctx, r.log[at:to]...); err != nil {
			return err
		}
		if !r.checkpoint.CompareAndSwap(at, to) {
			return errLost
		}
	}
}

func TestARelayThatIsKilledAnywhereLosesNothingAndRepeatsLittle(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"relay.before_publish", "relay.mid_publish", "relay.after_publish"} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 4)
			all := messagingtest.Streams(topic, 10, 10)
			var checkpoint atomic.Int64
			for kills := 0; ; kills++ {
				hits := 0
				p := publisher(t, conn, topic, func(at string) error {
					if at == point {
						if hits++; hits == 2 && kills < 3 {
							return errKilled
						}
					}
					return nil
				})
				before := checkpoint.Load()
				err := relay{all, &checkpoint, p}.run(t.Context())
				if err == nil {
					if kills != 3 {
						t.Errorf("it was killed %d times, want 3", kills)
					}
					break
				}
				if !errors.Is(err, errKilled) || checkpoint.Load() > before+25 {
					t.Fatalf("got %v at checkpoint %d", err, checkpoint.Load())
				}
			}
			if dup := messagingtest.CheckLog(t, readLog(t, conn.Brokers, topic), all); dup > 3*25 {
				t.Errorf("got %d duplicates, want at most one publish per kill", dup)
			}
		})
	}
}

func TestOfTwoRelaysOneLosesAndTheOrderHolds(t *testing.T) {
	t.Parallel()
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 4)
	all := messagingtest.Streams(topic, 10, 40)
	var checkpoint, lost atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		p := publisher(t, conn, topic)
		wg.Go(func() {
			err := relay{all, &checkpoint, p}.run(t.Context())
			switch {
			case errors.Is(err, errLost):
				lost.Add(1)
			case err != nil:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := lost.Load(); got > 1 {
		t.Errorf("%d relays lost, the checkpoint is at %d", got, checkpoint.Load())
	}
	messagingtest.CheckLog(t, readLog(t, conn.Brokers, topic), all)
}

func TestLastRecords(t *testing.T) {
	t.Parallel()
	conn, topic := kafka.Connection{Brokers: kafkatest.Brokers(t)}, kafkatest.Topic(t, 4)
	last, err := kafka.LastRecords(deadline(t), conn, topic)
	if err != nil || len(last) != 0 {
		t.Errorf("empty topic: got %d records, %v", len(last), err)
	}
	a, b := keyOn(t, topic, 1, 4), keyOn(t, topic, 3, 4)
	publish(t, publisher(t, conn, topic), append(messagingtest.Stream(topic, a, 3), messagingtest.Stream(topic, b, 2)...)...)
	if last, err = kafka.LastRecords(deadline(t), conn, topic); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, m := range last {
		got[m.Key] = m.Version
	}
	if len(last) != 2 || got[a] != 3 || got[b] != 2 {
		t.Errorf("got %v, want versions 3 of %s and 2 of %s", got, a, b)
	}
}
