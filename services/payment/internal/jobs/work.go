package jobs

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

type callWorker struct {
	river.WorkerDefaults[gatewayCall]
	app UseCases
}

func (w *callWorker) Work(ctx context.Context, job *river.Job[gatewayCall]) error {
	a := job.Args
	return verdict(w.app.Execute(ctx, app.Work{PaymentID: a.PaymentID, OpID: a.OpID, Cause: a.cause()}))
}

type lookupWorker struct {
	river.WorkerDefaults[gatewayLookup]
	app UseCases
}

func (w *lookupWorker) Work(ctx context.Context, job *river.Job[gatewayLookup]) error {
	a := job.Args
	return verdict(w.app.LookUp(ctx, app.Work{PaymentID: a.PaymentID, OpID: a.OpID, Cause: a.cause()}))
}

type reconcileWorker struct {
	river.WorkerDefaults[gatewayReconcile]
	app UseCases
}

func (w *reconcileWorker) Work(ctx context.Context, job *river.Job[gatewayReconcile]) error {
	return verdict(w.app.Reconcile(ctx, app.Decision(job.Args)))
}

type expiryWorker struct {
	river.WorkerDefaults[authorizationExpiry]
	app  UseCases
	hook func(point string) error
}

func (w *expiryWorker) Work(ctx context.Context, job *river.Job[authorizationExpiry]) error {
	if err := w.hook("timer.before_command"); err != nil {
		return err
	}
	return verdict(w.app.Expire(ctx, job.Args.PaymentID, job.Args.cause()))
}

// verdict tells River what an error of a use case means.
func verdict(err error) error {
	var later *app.Later
	switch {
	case err == nil:
		return nil
	case errors.As(err, &later):
		return river.JobSnooze(later.After)
	case errors.Is(err, payment.ErrUnknownPayment), errors.Is(err, payment.ErrUnknownOperation),
		errors.Is(err, payment.ErrOperationClosed), errors.Is(err, payment.ErrReconcileIncomplete):
		return river.JobCancel(err)
	default:
		return err
	}
}

// backoff is 1 s to 5 min with full jitter, so that the jobs of one outage do not come back together.
type backoff struct{}

// NextRetry implements River's ClientRetryPolicy.
func (backoff) NextRetry(job *rivertype.JobRow) time.Time {
	ceiling := min(time.Second<<min(job.Attempt, 9), 5*time.Minute)
	return time.Now().Add(time.Second + rand.N(ceiling-time.Second+1))
}
