package eventsourcingtest

import (
	"errors"
	"fmt"
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
			if problem := judge(d, row, opts); problem != "" {
				t.Error(problem)
			}
		})
	}
}

// judge says what is wrong with a row; "" if nothing is.
func judge[C, E, S any](d es.Decider[C, E, S], row Case[C, E], opts []cmp.Option) string {
	state := d.Fold(d.Initial(), row.Given...)
	got, err := d.Decide(row.When, state)
	switch {
	case !errors.Is(err, row.Err):
		return fmt.Sprintf("got error %v, want %v", err, row.Err)
	case err != nil && len(got)+len(row.Then) > 0:
		return fmt.Sprintf("refused with %v, and recorded %v", err, got)
	case err != nil:
		return ""
	}
	if diff := compare(row.Then, got, opts); diff != "" {
		return "events (-want +got):\n" + diff
	}
	d.Fold(state, got...) // must not change state
	again, err := d.Decide(row.When, state)
	if diff := compare(got, again, opts); diff != "" || err != nil {
		return fmt.Sprintf("deciding once more differs: the state was changed in place (-first +again):\n%s%v", diff, err)
	}
	return ""
}

// compare takes no events and nil for the same.
func compare[E any](want, got []E, opts []cmp.Option) string {
	if len(want)+len(got) == 0 {
		return ""
	}
	return cmp.Diff(want, got, opts...)
}
