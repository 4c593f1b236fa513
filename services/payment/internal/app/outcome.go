package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// record appends a definite answer. All answers to one operation are one command, so the second one meets
// the first in the stream; one that says something else is decided once more, as a command of its own.
func (a *App) record(ctx context.Context, w Work, out payment.Outcome, source payment.Source) error {
	if err := a.hook("worker.before_outcome"); err != nil {
		return err
	}
	said := fingerprint(out)
	cmd := payment.RecordOutcome{OpID: w.OpID, Outcome: out, Source: source, At: a.now()}
	meta := w.Cause.metadata(ids.CommandFor(string(w.OpID), "outcome"), said)
	_, err := a.payments.Handle(ctx, stream(w.PaymentID, meta), cmd)
	if errors.Is(err, es.ErrCommandReused) {
		meta.CommandID = ids.CommandFor(string(w.OpID), "outcome "+said)
		_, err = a.payments.Handle(ctx, stream(w.PaymentID, meta), cmd)
	}
	if err != nil {
		return fmt.Errorf("record outcome of %s: %w", w.OpID, err)
	}
	return a.hook("worker.after_outcome")
}

// fingerprint covers result, amount and code: what two answers must agree on to be the same answer.
func fingerprint(o payment.Outcome) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s\n%s", o.Result, o.Amount, o.Currency, o.Code))
	return hex.EncodeToString(sum[:])
}

// lookUp asks what became of an operation and records a definite answer; then it is done. ErrNotFound is no
// error here: the call can be made.
func (a *App) lookUp(ctx context.Context, w Work, s payment.State, o payment.Operation) (done bool, err error) {
	if err := a.hook("worker.lookup"); err != nil {
		return false, err
	}
	out, err := a.gateway.Lookup(ctx, IdempotencyKey(o.IdempotencyKey), MerchantRef{OrderID: s.OrderID, PaymentID: s.ID})
	switch {
	case errors.Is(err, ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look up %s: %w", o.IdempotencyKey, err)
	}
	return true, a.record(ctx, w, out, payment.SourceLookup)
}

// LookUp asks what became of an operation, because a webhook hinted or a person wants to know. An operation
// that never went to the gateway is left alone.
func (a *App) LookUp(ctx context.Context, w Work) error {
	res, err := a.payments.Load(ctx, string(w.PaymentID))
	if err != nil {
		return err
	}
	o, ok := res.State.Operation(w.OpID)
	if !ok || o.IdempotencyKey == "" || o.Op == payment.OpAuthorize && !o.Begun {
		return nil
	}
	_, err = a.lookUp(ctx, w, res.State, o)
	return err
}
