package messagingtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// Bus is a publisher and the empty topic it publishes to.
type Bus struct {
	Publisher messaging.Publisher
	Topic     string // of several partitions
	// Log is every message of the topic, each partition in its order.
	Log func(t testing.TB) []messaging.Message
}

// TestPublisher checks that the publishers open makes keep the contract of [messaging.Publisher].
func TestPublisher(t *testing.T, open func(t *testing.T) Bus) {
	for name, test := range map[string]func(*testing.T, Bus){
		"what was published is there, field by field":           testFields,
		"keys are spread, each over one partition and in order": testKeys,
		"nothing is nothing": func(t *testing.T, b Bus) {
			if err := b.Publisher.Publish(t.Context()); err != nil {
				t.Error(err)
			}
		},
		"an invalid message is refused and none is sent":    testRefusedMessage,
		"a message for an unknown topic is refused":         testUnknownTopic,
		"several publishes at once keep the order of a key": testConcurrent,
		"more than one batch of one key stays in order":     testManyBatches,
		"after a cancelled publish the same again is right": testCancelled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func publish(t testing.TB, b Bus, messages ...messaging.Message) {
	t.Helper()
	if err := b.Publisher.Publish(t.Context(), messages...); err != nil {
		t.Fatal(err)
	}
}

func testFields(t *testing.T, b Bus) {
	want := Message(b.Topic, "kéy", 1)
	want.Headers["ce_actor"] = "üser"
	want.Headers["x-empty"] = ""
	publish(t, b, want)
	got := b.Log(t)
	if len(got) != 1 {
		t.Fatalf("got %d messages, want 1", len(got))
	}
	want.Partition, want.Offset = got[0].Partition, 0
	if diff := cmp.Diff(got[0], want); diff != "" {
		t.Errorf("message (-got +want):\n%s", diff)
	}
}

func testKeys(t *testing.T, b Bus) {
	all := Streams(b.Topic, 50, 6)
	publish(t, b, all...)
	log := b.Log(t)
	if dup := CheckLog(t, log, all); dup != 0 {
		t.Errorf("%d duplicates without a fault", dup)
	}
	parts := map[int]bool{}
	for _, m := range log {
		parts[m.Partition] = true
	}
	if len(parts) < 2 {
		t.Errorf("50 keys are in %d partition", len(parts))
	}
}

func testRefusedMessage(t *testing.T, b Bus) {
	for name, breakIt := range Broken() {
		m := Message(b.Topic, "a", 2)
		breakIt(&m)
		err := b.Publisher.Publish(t.Context(), Message(b.Topic, "a", 1), m)
		if !messaging.IsPermanent(err) {
			t.Errorf("%s: got %v, want a permanent error", name, err)
		}
	}
	reserved := Message(b.Topic, "a", 1)
	reserved.Headers["ce_id"] = "other"
	if err := b.Publisher.Publish(t.Context(), reserved); !messaging.IsPermanent(err) {
		t.Errorf("a header that is a field: got %v, want a permanent error", err)
	}
	if log := b.Log(t); len(log) != 0 {
		t.Errorf("%d messages were sent", len(log))
	}
}

func testUnknownTopic(t *testing.T, b Bus) {
	if err := b.Publisher.Publish(t.Context(), Message(b.Topic+".unknown", "a", 1)); !messaging.IsPermanent(err) {
		t.Errorf("got %v, want a permanent error", err)
	}
}

func testConcurrent(t *testing.T, b Bus) {
	var all []messaging.Message
	var wg sync.WaitGroup
	for i := range 8 {
		mine := Stream(b.Topic, fmt.Sprint("writer-", i), 40)
		all = append(all, mine...)
		wg.Go(func() {
			for ; len(mine) > 0; mine = mine[10:] {
				if err := b.Publisher.Publish(t.Context(), mine[:10]...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	CheckLog(t, b.Log(t), all)
}

func testManyBatches(t *testing.T, b Bus) {
	all := Stream(b.Topic, "a", 20)
	for i := range all {
		all[i].Data = fmt.Appendf(nil, `{"n":%d,"filler":"%s"}`, i, strings.Repeat("x", 160<<10))
	}
	publish(t, b, all...)
	if dup := CheckLog(t, b.Log(t), all); dup != 0 {
		t.Errorf("%d duplicates without a fault", dup)
	}
}

func testCancelled(t *testing.T, b Bus) {
	all := Streams(b.Topic, 4, 5)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Publisher.Publish(ctx, all...); err == nil {
		t.Error("a cancelled publish succeeded")
	}
	publish(t, b, all...)
	CheckLog(t, b.Log(t), all)
}
