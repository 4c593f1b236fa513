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

// Work names one operation of one payment, and the event that asked for it.
type Work struct {
	PaymentID payment.ID
	OpID      payment.OpID
	Cause     Cause
}

// Cause goes into the metadata of what a worker appends.
type Cause struct{ EventID, CorrelationID, TraceParent string }

func (c Cause) metadata(commandID, fingerprint string) es.Metadata {
	return es.Metadata{
		CommandID: commandID, Fingerprint: fingerprint, CorrelationID: c.CorrelationID, CausationID: c.EventID,
		Actor: "gateway", TraceParent: c.TraceParent,
	}
}

// Later says that nothing is wrong, but that it is too early: come back after After.
type Later struct {
	After time.Duration
	Err   error
}

// Error implements error.
func (e *Later) Error() string { return fmt.Sprintf("again in %v: %v", e.After, e.Err) }

// Unwrap returns the reason.
func (e *Later) Unwrap() error { return e.Err }

// errTurn is an operation that waits for the one before it.
var errTurn = errors.New("another operation of the payment comes first")

// Execute carries one operation out, as far as it comes: begin, look up if an earlier answer was lost, call,
// record the outcome. Nil: it has its outcome, or a person has it. [*Later]: it waits its turn, or the gateway
// took no call. Any other error: the outcome is unknown, or the store did not answer; execute it again.
func (a *App) Execute(ctx context.Context, w Work) error {
	res, err := a.begin(ctx, w)
	if err != nil {
		return err
	}
	op, ok := res.State.Operation(w.OpID)
	current, _ := res.State.Current()
	switch {
	case !ok:
		return fmt.Errorf("execute %s: %w", w.OpID, payment.ErrUnknownOperation)
	case !op.Open(), op.State == payment.OpReview:
		return nil
	case current.OpID != op.OpID:
		return &Later{After: patience(current.State), Err: errTurn}
	}
	window := a.keyWindow()
	age := a.now().Sub(op.RequestedAt)
	if op.State == payment.OpUnknown || age >= window/2 {
		if done, err := a.lookUp(ctx, w, res.State, op); done || err != nil && age < window {
			return err
		}
	}
	switch {
	case age >= window:
		return a.review(ctx, w, payment.ReasonKeyWindow)
	case age >= window/2:
		return fmt.Errorf("execute %s: no call after half the key window", op.IdempotencyKey)
	}
	out, err := a.call(ctx, res.State, op)
	if err != nil {
		return a.lost(ctx, w, err)
	}
	return a.record(ctx, w, out, payment.SourceCall)
}

// patience is how long to wait for the operation before, by how that one stands.
func patience(before payment.OpState) time.Duration {
	switch before {
	case payment.OpReview:
		return time.Minute
	case payment.OpUnknown:
		return 5 * time.Second
	default:
		return 500 * time.Millisecond
	}
}

func (a *App) keyWindow() time.Duration {
	if w := a.gateway.Capabilities().KeyWindow; w > 0 {
		return w
	}
	return 24 * time.Hour
}

// begin loads the payment, and marks the first call of an authorization. It is no keyed command: begun twice
// is begun once.
func (a *App) begin(ctx context.Context, w Work) (Result, error) {
	res, err := a.payments.Handle(ctx, stream(w.PaymentID, w.Cause.metadata("", "")), payment.Begin{OpID: w.OpID, At: a.now()})
	if err != nil {
		return res, fmt.Errorf("begin %s of payment %s: %w", w.OpID, w.PaymentID, err)
	}
	return res, a.hook("worker.after_begin")
}

// call makes the one call of an operation. Its error is unknown or not sent: definite answers are outcomes.
func (a *App) call(ctx context.Context, s payment.State, o payment.Operation) (payment.Outcome, error) {
	if err := a.hook("worker.call_sent"); err != nil {
		return payment.Outcome{}, err
	}
	key, ref := IdempotencyKey(o.IdempotencyKey), MerchantRef{OrderID: s.OrderID, PaymentID: s.ID}
	var got Authorization
	var err error
	switch o.Op {
	case payment.OpAuthorize:
		got, err = a.gateway.Authorize(ctx, AuthorizeRequest{
			Key: key, Ref: ref, Amount: o.Amount, Currency: s.Currency, PaymentMethodToken: s.PaymentMethodToken,
		})
	case payment.OpCapture:
		got.Receipt, err = a.gateway.Capture(ctx, CaptureRequest{Key: key, Ref: ref, AuthRef: s.AuthRef, Amount: o.Amount, Currency: s.Currency})
	case payment.OpVoid:
		got.Receipt, err = a.gateway.Void(ctx, VoidRequest{Key: key, Ref: ref, AuthRef: s.AuthRef, Currency: s.Currency})
	default:
		got.Receipt, err = a.gateway.Refund(ctx, RefundRequest{Key: key, Ref: ref, AuthRef: s.AuthRef, Amount: o.Amount, Currency: s.Currency})
	}
	if hooked := a.hook("worker.after_call"); hooked != nil {
		return payment.Outcome{}, hooked
	}
	return outcome(got, err)
}

// outcome makes definite answers outcomes, and passes all others on.
func outcome(got Authorization, err error) (payment.Outcome, error) {
	var declined *Declined
	var failed *Failed
	switch {
	case err == nil:
		return payment.Outcome{
			Result: payment.Succeeded, Amount: got.Amount, Currency: got.Currency, GatewayRef: got.GatewayRef,
			At: got.At, ExpiresAt: got.ExpiresAt, Card: got.Card,
		}, nil
	case errors.As(err, &declined):
		return payment.Outcome{Result: payment.Refused, Code: declined.Code, Class: declined.Class, Message: declined.Message}, nil
	case errors.As(err, &failed):
		return payment.Outcome{Result: payment.Failed, Code: failed.Code}, nil
	default:
		return payment.Outcome{}, err
	}
}

// lost deals with a call that has no definite answer. What never left changes nothing.
func (a *App) lost(ctx context.Context, w Work, cause error) error {
	var notSent *NotSent
	switch {
	case errors.As(cause, &notSent):
		return &Later{After: max(notSent.RetryAfter, time.Second), Err: cause}
	case errors.Is(cause, ErrNotSent):
		return &Later{After: time.Second, Err: cause}
	}
	class, after := "bad_reply", time.Duration(0)
	var unknown *Unknown
	if errors.As(cause, &unknown) {
		class, after = unknown.Class, unknown.RetryAfter
	}
	// The call may have ended because ctx did; that nobody knows must be said all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	meta := w.Cause.metadata(ids.CommandFor(string(w.OpID), "unknown"), "")
	_, err := a.payments.Handle(ctx, stream(w.PaymentID, meta), payment.RecordUnknown{OpID: w.OpID, ErrorClass: class, At: a.now()})
	if err != nil {
		return errors.Join(cause, err)
	}
	if after > 0 {
		return &Later{After: after, Err: cause}
	}
	return cause
}

func (a *App) review(ctx context.Context, w Work, reason payment.Reason) error {
	meta := w.Cause.metadata(ids.CommandFor(string(w.OpID), "review"), string(reason))
	_, err := a.payments.Handle(ctx, stream(w.PaymentID, meta), payment.SendToReview{OpID: w.OpID, Reason: reason, At: a.now()})
	return err
}
