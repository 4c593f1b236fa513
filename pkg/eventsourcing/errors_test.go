package eventsourcing_test

import (
	"errors"
	"fmt"
	"testing"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

func TestAConflictSaysWhichVersionsMet(t *testing.T) {
	stream := es.Stream{Type: "order", ID: "7"}
	for want, conflict := range map[string]*es.ConflictError{
		stream.String() + ": expected version 3, is 4":       {Stream: stream, Expected: 3, Actual: 4},
		stream.String() + ": expected version 3, is another": {Stream: stream, Expected: 3, Actual: -1},
	} {
		err := fmt.Errorf("save: %w", conflict)
		if !errors.Is(err, es.ErrConflict) || errors.Is(err, es.ErrCommandReused) || err.Error() != "save: "+want {
			t.Errorf("got %q, want a conflict that says %q", err, want)
		}
	}
}
