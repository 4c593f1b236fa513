package eventsourcingtest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Case is one row of a decision table. A row without Then and Err asserts that nothing happens.
type Case[C, E any] struct {
	Name  string
	Given []E   // what happened before
	When  C     // the command
	Then  []E   // what it must record, field by field
	Err   error // the refusal it must meet, as errors.Is sees it; then nothing may be recorded
}

// Run decides every row on the state that its Given folds to, and compares whole events. It also checks that neither Decide nor Evolve
// changed the state they were given, by deciding twice.
func Run[C, E, S any](t *testing.T, d es.Decider[C, E, S], rows []Case[C, E], opts ...cmp.Option) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			t.Helper()
			state := d.Fold(d.Initial(), row.Given...)
			got, err := d.Decide(row.When, state)
			check(t, row, got, err, opts)
			if err == nil {
				d.Fold(state, got...) // must not change state
				again, err := d.Decide(row.When, state)
				if diff := cmp.Diff(got, again, opts...); diff != "" || err != nil {
					t.Errorf("deciding once more differs: the state was changed in place (-first +again):\n%s%v", diff, err)
				}
			}
		})
	}
}

func check[C, E any](t *testing.T, row Case[C, E], got []E, err error, opts []cmp.Option) {
	t.Helper()
	switch {
	case !errors.Is(err, row.Err):
		t.Errorf("got error %v, want %v", err, row.Err)
	case err != nil && len(got) > 0:
		t.Errorf("refused with %v, and recorded %v", err, got)
	case err == nil:
		if len(got) == 0 && len(row.Then) == 0 {
			return
		}
		if diff := cmp.Diff(row.Then, got, opts...); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	}
}
