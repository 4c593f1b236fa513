package messagingtest_test

import (
	"testing"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

func TestMemory(t *testing.T) {
	messagingtest.TestSink(t, func(_ *testing.T, handle messaging.Handler) messagingtest.Subject {
		sink := messagingtest.NewMemory(handle)
		return messagingtest.Subject{
			Sink: sink,
			Effects: func(testing.TB) (ids []string) {
				for _, m := range sink.Applied() {
					ids = append(ids, m.ID)
				}
				return ids
			},
			Parked: func(testing.TB) map[string]int { return sink.Parked() },
		}
	})
}
