package eventsourcing_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

func TestIDsAreUUIDv7OfNow(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		before := time.Now().UnixMilli()
		id := es.NewID()
		after := time.Now().UnixMilli()
		parsed, err := uuid.Parse(id)
		if err != nil || parsed.String() != id || parsed.Version() != 7 || parsed.Variant() != uuid.RFC4122 {
			t.Fatalf("got %s, %v, want a UUIDv7", id, err)
		}
		sec, nsec := parsed.Time().UnixTime()
		if ms := time.Unix(sec, nsec).UnixMilli(); ms < before || ms > after {
			t.Errorf("got the time %d, want %d to %d", ms, before, after)
		}
		if seen[id] {
			t.Errorf("%s came twice", id)
		}
		seen[id] = true
	}
}
