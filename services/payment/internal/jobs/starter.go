package jobs

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// StarterName is the name of the job starter's checkpoint. This name is state: another one starts every
// job again.
const StarterName = "payment.jobs"

// Start inserts the jobs that events ask for. It is the handler of a subscription.NewTx. Events of a type that
// this release does not know start nothing.
func (c *Client) Start(ctx context.Context, tx pgx.Tx, events []es.Recorded) error {
	var jobs []river.InsertManyParams
	seen := map[string]bool{} // two equal unique jobs in one insert are an error
	for _, stored := range events {
		if stored.AggregateType != app.StreamType || !slices.Contains(c.codec.Names(), stored.EventType) {
			continue
		}
		fact, err := c.codec.Decode(stored.Event)
		if err != nil {
			return fmt.Errorf("start jobs at position %d: %w", stored.Position, err)
		}
		job, id, ok := jobFor(fact, causeArgs{
			EventID: stored.EventID, CorrelationID: stored.Metadata.CorrelationID, TraceParent: stored.Metadata.TraceParent,
		})
		if ok && !seen[id] {
			seen[id] = true
			jobs = append(jobs, job)
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := c.river.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("start %d jobs: %w", len(jobs), err)
	}
	return nil
}

// jobFor is the job that a fact asks for, and what makes it the same as another.
func jobFor(fact payment.Event, cause causeArgs) (job river.InsertManyParams, id string, ok bool) {
	switch e := fact.(type) {
	case payment.Requested:
		return river.InsertManyParams{Args: gatewayCall{PaymentID: e.PaymentID, OpID: e.OpID, causeArgs: cause}}, string(e.OpID), true
	case payment.OperationRequested:
		return river.InsertManyParams{Args: gatewayCall{PaymentID: e.PaymentID, OpID: e.OpID, causeArgs: cause}}, string(e.OpID), true
	case payment.Authorized:
		args := authorizationExpiry{PaymentID: e.PaymentID, causeArgs: cause}
		opts := args.InsertOpts()
		opts.ScheduledAt = e.ExpiresAt
		return river.InsertManyParams{Args: args, InsertOpts: &opts}, "expiry " + string(e.PaymentID), true
	default:
		return river.InsertManyParams{}, "", false
	}
}
