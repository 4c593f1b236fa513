package app

import (
	"context"
	"errors"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// Expire ends an authorization whose time is over. [*Later] says that the timer came early, or that an
// operation is still open.
func (a *App) Expire(ctx context.Context, id payment.ID, armed Cause) error {
	meta := es.Metadata{
		CommandID: ids.Timer(armed.EventID, "authorization_expiry"), CorrelationID: armed.CorrelationID,
		CausationID: armed.EventID, Actor: "system", TraceParent: armed.TraceParent,
	}
	var due time.Time
	_, err := a.payments.HandleFunc(ctx, stream(id, meta), func(_ context.Context, s payment.State) (payment.Command, error) {
		due = s.ExpiresAt
		return payment.ExpireAuthorization{At: a.now()}, nil
	})
	switch {
	case errors.Is(err, payment.ErrNotDue):
		return &Later{After: max(due.Sub(a.now()), time.Millisecond), Err: err}
	case errors.Is(err, payment.ErrOperationOpen):
		return &Later{After: time.Minute, Err: err}
	default:
		return err
	}
}
