package eventsourcingtest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// TestSnapshots holds a store to the contract of [es.SnapshotStore]; fresh is as in [TestStore]. A snapshot may be written a while
// after it was saved.
func TestSnapshots(t *testing.T, fresh func(*testing.T) es.SnapshotStore) {
	snap := func(s es.Stream, version int64, schema int) es.Snapshot {
		return es.Snapshot{Stream: s, Version: version, SchemaVersion: schema, State: json.RawMessage(`{ "n": 1 }`)}
	}
	t.Run("a stream without one has none", func(t *testing.T) {
		t.Parallel()
		if got, err := fresh(t).LoadSnapshots(t.Context(), NewStream()); err != nil || len(got) != 0 {
			t.Errorf("got %v, %v", got, err)
		}
	})
	t.Run("the newest of each stream comes back as it was saved", func(t *testing.T) {
		t.Parallel()
		s, a, b := fresh(t), NewStream(), NewStream()
		saveSnapshots(t, s, snap(a, 10, 1), snap(b, 3, 1), snap(a, 20, 1))
		wantSnapshots(t, s, snap(a, 20, 1), snap(b, 3, 1))
	})
	t.Run("an older one does not replace a newer one", func(t *testing.T) {
		t.Parallel()
		s, a, b := fresh(t), NewStream(), NewStream()
		saveSnapshots(t, s, snap(a, 20, 1))
		wantSnapshots(t, s, snap(a, 20, 1))
		saveSnapshots(t, s, snap(a, 10, 1), snap(b, 1, 1))
		wantSnapshots(t, s, snap(b, 1, 1), snap(a, 20, 1))
	})
	t.Run("one of another schema replaces any", func(t *testing.T) {
		t.Parallel()
		s, a := fresh(t), NewStream()
		saveSnapshots(t, s, snap(a, 20, 1))
		wantSnapshots(t, s, snap(a, 20, 1))
		saveSnapshots(t, s, snap(a, 10, 2))
		wantSnapshots(t, s, snap(a, 10, 2))
	})
}

func saveSnapshots(t *testing.T, s es.SnapshotStore, all ...es.Snapshot) {
	t.Helper()
	for _, snap := range all {
		if err := s.SaveSnapshot(t.Context(), snap); err != nil {
			t.Fatalf("SaveSnapshot: %v", err)
		}
	}
}

// wantSnapshots waits until the store has these snapshots.
func wantSnapshots(t *testing.T, s es.SnapshotStore, all ...es.Snapshot) {
	t.Helper()
	want := map[es.Stream]es.Snapshot{}
	streams := make([]es.Stream, len(all))
	for i, snap := range all {
		want[snap.Stream], streams[i] = snap, snap.Stream
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		got, err := s.LoadSnapshots(t.Context(), streams...)
		if err != nil {
			t.Fatalf("LoadSnapshots: %v", err)
		}
		d := cmp.Diff(want, got)
		if d == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("snapshots (-want +got):\n%s", d)
		}
	}
}
