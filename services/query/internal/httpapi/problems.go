package httpapi

import (
	"errors"

	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// refusals is which code a client sees for what a read ends in.
var refusals = []struct {
	err  error
	code problem.Code
}{
	{view.ErrNotFound, problem.NotFound},
	{view.ErrCursor, problem.CursorInvalid},
	{view.ErrLagging, problem.ReadModelLagging},
	{view.ErrTooManyWaiting, problem.Overloaded},
	{view.ErrUnavailable, problem.StoreUnavailable},
}

// problemOf is how a client sees an error of the views; nil for what is none of its business.
func problemOf(err error) *problem.Problem {
	for _, r := range refusals {
		if !errors.Is(err, r.err) {
			continue
		}
		p := problem.New(r.code, "")
		switch r.code {
		case problem.CursorInvalid:
			p.WithErrors(problem.Detail{Location: "query.cursor", Message: "expected the next of a page with the same filters and sort"})
		case problem.StoreUnavailable:
			p.WithOutcome(problem.NotExecuted) // a read has no effect
		}
		return p
	}
	return nil
}
