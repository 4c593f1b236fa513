package httpapi

import (
	"errors"

	"github.com/kontor-dev/kontor/internal/problem"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// refusals is how the client sees each refusal, the first match counts. Those of requests that only come by
// message or timer are here as well, so that none can reach a client as a 500.
var refusals = []struct {
	err  error
	code problem.Code
	say  bool // the text is for people
}{
	{app.ErrPaymentNotFound, problem.NotFound, false},
	{app.ErrForbidden, problem.Forbidden, false},
	{payment.ErrUnknownPayment, problem.NotFound, false},
	{payment.ErrUnknownOperation, problem.NotFound, false},
	{payment.ErrOperationClosed, problem.OperationClosed, true},
	{payment.ErrReconcileIncomplete, problem.ValidationFailed, true},
	{payment.ErrNotDue, problem.InvalidTransition, false},
	{payment.ErrOperationOpen, problem.InvalidTransition, false},
	{payment.ErrAmount, problem.ValidationFailed, false},
	{es.ErrCommandReused, problem.IdempotencyKeyReused, false},
	{es.ErrConflict, problem.Conflict, false},
	{es.ErrInvalidAggregateID, problem.NotFound, false},
	{es.ErrOverloaded, problem.Overloaded, false},
	{es.ErrOutcomeUnknown, problem.StoreUnavailable, false},
	{es.ErrUnavailable, problem.StoreUnavailable, false},
}

// problemOf is nil for what is not in the table.
func problemOf(err error) *problem.Problem {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			if r.say {
				return problem.New(r.code, r.err.Error())
			}
			return problem.New(r.code, "")
		}
	}
	return nil
}
