package memstore_test

import (
	"testing"
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/eventsourcingtest"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
)

func TestConformance(t *testing.T) {
	eventsourcingtest.TestStore(t, func(*testing.T) es.Store { return memstore.New(nil) })
	eventsourcingtest.TestAppender(t, func(*testing.T) eventsourcingtest.Appender { return memstore.New(nil) })
	eventsourcingtest.TestLog(t, func(*testing.T) eventsourcingtest.Log { return memstore.New(nil) })
	eventsourcingtest.TestSnapshots(t, func(*testing.T) es.SnapshotStore { return memstore.New(nil) })
}

func TestEventsGetTheirTimeFromTheClockGiven(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	s := memstore.New(func() time.Time { return noon })
	w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)
	if err := s.Append(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load(t.Context(), w.Stream, 0); err != nil || !got[0].Timestamp.Equal(noon) {
		t.Errorf("got %v, %v, want %v", got, err, noon)
	}
}

func TestAnAppendIsSignalled(t *testing.T) {
	s := memstore.New(nil)
	grown := s.Appended()
	select {
	case <-grown:
		t.Fatal("signalled before anything was appended")
	default:
	}
	w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 2)
	if err := s.Append(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	<-grown
	if head, err := s.Head(t.Context()); err != nil || head != 2 {
		t.Errorf("Head: got %d, %v, want 2", head, err)
	}
}

func TestWhatACallerChangesIsNotChangedInTheStore(t *testing.T) {
	s := memstore.New(nil)
	w := eventsourcingtest.Write(eventsourcingtest.NewStream(), 0, 1)
	if err := s.Append(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	w.Events[0].Data[0] = 'x'
	got, err := s.Load(t.Context(), w.Stream, 0)
	if err != nil || got[0].Data[0] != '{' {
		t.Fatalf("got %s, %v", got[0].Data, err)
	}
	got[0].Metadata.Extra["k"] = "changed"
	if again, err := s.Load(t.Context(), w.Stream, 0); err != nil || again[0].Metadata.Extra["k"] != "v" {
		t.Errorf("got %v, %v", again[0].Metadata, err)
	}
}
