package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// timer is what the workers share.
type timer struct {
	hook func(point string) error
	now  func() time.Time
}

type paymentWorker struct {
	river.WorkerDefaults[paymentDue]
	timer
	app UseCases
}

// Work implements river.Worker.
func (w *paymentWorker) Work(ctx context.Context, job *river.Job[paymentDue]) error {
	if err := w.hook("timer.before_command"); err != nil {
		return err
	}
	_, err := w.app.ExpirePayment(ctx, job.Args.ask(kindPaymentDue), job.Args.OrderID)
	return w.verdict(err)
}

type draftWorker struct {
	river.WorkerDefaults[draftAbandoned]
	timer
	app UseCases
}

// Work implements river.Worker.
func (w *draftWorker) Work(ctx context.Context, job *river.Job[draftAbandoned]) error {
	if err := w.hook("timer.before_command"); err != nil {
		return err
	}
	_, err := w.app.ExpireDraft(ctx, job.Args.ask(kindDraftAbandoned), job.Args.OrderID)
	return w.verdict(err)
}

// verdict tells River what an error of a use case means.
func (t timer) verdict(err error) error {
	var early *order.NotDueError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &early):
		return river.JobSnooze(max(early.DueAt.Sub(t.now()), time.Second))
	case errors.Is(err, app.ErrNotFound):
		return river.JobCancel(err)
	}
	return err
}
