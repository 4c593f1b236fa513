package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// StarterName is the name of the job starter's checkpoint. This name is state:
// another one arms every timer again.
const StarterName = "order.jobs"

// Start arms the timers that events ask for. It is the handler of a
// subscription.NewTx. Events of a type that this release does not know arm none.
func (c *Client) Start(ctx context.Context, tx pgx.Tx, events []es.Recorded) error {
	var jobs []river.InsertManyParams
	for _, stored := range events {
		if stored.AggregateType != app.StreamOrder || !slices.Contains(arming, stored.EventType) {
			continue
		}
		fact, err := app.OrderEvents.Decode(stored.Event)
		if err != nil {
			return fmt.Errorf("arm timers at position %d: %w", stored.Position, err)
		}
		if job, ok := timerFor(fact, armed{
			OrderID: order.ID(stored.AggregateID), EventID: stored.EventID, CorrelationID: stored.Metadata.CorrelationID,
			TraceParent: stored.Metadata.TraceParent,
		}); ok {
			jobs = append(jobs, job)
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	if err := c.insert(ctx, tx, jobs); err != nil {
		return fmt.Errorf("arm %d timers: %w", len(jobs), err)
	}
	return nil
}

// insert copies jobs in; when one of them is there already, after a rewind, it inserts those that are not, which costs more.
func (c *Client) insert(ctx context.Context, tx pgx.Tx, jobs []river.InsertManyParams) error {
	err := pgx.BeginFunc(ctx, tx, func(inner pgx.Tx) error { // a savepoint
		_, err := c.river.InsertManyFastTx(ctx, inner, jobs)
		return err
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		_, err = c.river.InsertManyTx(ctx, tx, jobs)
	}
	return err
}

// arming are the events that timerFor knows, so that the others need not be
// decoded.
var arming = []string{"order.drafted", "order.placed", "order.payment_declined", "order.payment_retry_requested"}

// timerFor is the timer that a fact arms.
func timerFor(fact order.Event, by armed) (river.InsertManyParams, bool) {
	switch e := fact.(type) {
	case order.Drafted:
		if e.After.Status != order.StatusDraft {
			return river.InsertManyParams{}, false // placed in the same append
		}
		return at(draftAbandoned{by}, e.OccurredAt.Add(order.DraftLife)), true
	case order.Placed:
		return due(e.PaymentDueAt, by)
	case order.PaymentDeclined:
		return due(e.PaymentDueAt, by)
	case order.PaymentRetryRequested:
		return due(e.PaymentDueAt, by)
	}
	return river.InsertManyParams{}, false
}

// due is the timer of a payment deadline; without one there is nothing to wait for.
func due(t *time.Time, by armed) (river.InsertManyParams, bool) {
	if t == nil {
		return river.InsertManyParams{}, false
	}
	return at(paymentDue{by}, *t), true
}

func at(args river.JobArgs, when time.Time) river.InsertManyParams {
	opts := options()
	opts.ScheduledAt = when
	return river.InsertManyParams{Args: args, InsertOpts: &opts}
}
