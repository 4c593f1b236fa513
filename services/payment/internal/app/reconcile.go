package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// Decision is what a person decided about an operation in manual review.
type Decision struct {
	PaymentID   payment.ID
	OpID        payment.OpID
	Succeeded   bool
	GatewayRef  string
	ExpiresAt   time.Time
	Code        string
	Note        string
	CommandID   string
	Fingerprint string
	Actor       string
}

func (d Decision) command(at time.Time) payment.Reconcile {
	return payment.Reconcile{
		OpID: d.OpID, Succeeded: d.Succeeded, GatewayRef: d.GatewayRef, ExpiresAt: d.ExpiresAt, Code: d.Code, Note: d.Note, At: at,
	}
}

// CheckReconcile says before anything is done whether a decision can be carried out: it returns the refusal
// that [App.Reconcile] would meet. A decision that was carried out passes: its repeat gets the same answer.
func (a *App) CheckReconcile(ctx context.Context, d Decision) (Result, error) {
	var now payment.State
	plan, err := a.payments.Plan(ctx, d.call(), func(_ context.Context, s payment.State) (payment.Command, error) {
		now = s
		return d.command(a.now()), nil
	})
	switch {
	case errors.Is(err, payment.ErrUnknownPayment), errors.Is(err, payment.ErrUnknownOperation):
		return plan.Result, ErrPaymentNotFound
	case err != nil || plan.Repeated:
		return plan.Result, err
	}
	res := Result{State: now, Version: plan.Version - int64(len(plan.Events))}
	if d.Succeeded {
		return res, nil
	}
	// A gateway that does not answer now is asked again by the worker.
	if _, err = a.excess(ctx, now, d.OpID); errors.Is(err, payment.ErrOperationClosed) {
		return res, err
	}
	return res, nil
}

func (d Decision) call() es.Call {
	return stream(d.PaymentID, es.Metadata{CommandID: d.CommandID, Fingerprint: d.Fingerprint, Actor: d.Actor})
}

// Reconcile carries a decision out: what the gateway did beyond the stream is undone there first, under a
// key of its own, then the review is closed.
func (a *App) Reconcile(ctx context.Context, d Decision) error {
	res, err := a.payments.Load(ctx, string(d.PaymentID))
	if err != nil {
		return err
	}
	if o, ok := res.State.Operation(d.OpID); ok && o.Review != "" && (!d.Succeeded || !o.Open()) {
		if err := a.compensate(ctx, res.State, o); err != nil {
			return err
		}
	}
	_, err = a.payments.Handle(ctx, d.call(), d.command(a.now()))
	if errors.Is(err, payment.ErrOperationClosed) {
		return nil // an answer of the gateway came first, and stays
	}
	return err
}

// excess is what the gateway did of an operation that the stream does not have, or is to give up. A void or
// refund that is done cannot be undone, so it cannot be called failed.
func (a *App) excess(ctx context.Context, s payment.State, id payment.OpID) (payment.Outcome, error) {
	o, ok := s.Operation(id)
	if !ok || o.State == payment.OpSucceeded || o.IdempotencyKey == "" {
		return payment.Outcome{}, nil
	}
	out, err := a.gateway.Lookup(ctx, IdempotencyKey(o.IdempotencyKey), MerchantRef{OrderID: s.OrderID, PaymentID: s.ID})
	switch {
	case errors.Is(err, ErrNotFound):
		return payment.Outcome{}, nil
	case err != nil:
		return payment.Outcome{}, fmt.Errorf("look up %s: %w", o.IdempotencyKey, err)
	case out.Result != payment.Succeeded:
		return payment.Outcome{}, nil
	case o.Op == payment.OpVoid, o.Op == payment.OpRefund:
		return payment.Outcome{}, payment.ErrOperationClosed
	}
	return out, nil
}

func (a *App) compensate(ctx context.Context, s payment.State, o payment.Operation) error {
	out, err := a.excess(ctx, s, o.OpID)
	if err != nil || out.Result != payment.Succeeded {
		return err
	}
	undo := payment.OpID(ids.CommandFor(string(o.OpID), "compensation"))
	ref := MerchantRef{OrderID: s.OrderID, PaymentID: s.ID}
	if o.Op == payment.OpAuthorize {
		key := IdempotencyKey(payment.Key(s.ID, payment.OpVoid, undo))
		_, err = a.gateway.Void(ctx, VoidRequest{Key: key, Ref: ref, AuthRef: out.GatewayRef, Currency: out.Currency})
	} else {
		key := IdempotencyKey(payment.Key(s.ID, payment.OpRefund, undo))
		_, err = a.gateway.Refund(ctx, RefundRequest{Key: key, Ref: ref, AuthRef: s.AuthRef, Amount: out.Amount, Currency: out.Currency})
	}
	if err != nil {
		return fmt.Errorf("undo %s: %w", o.IdempotencyKey, err)
	}
	return nil
}
