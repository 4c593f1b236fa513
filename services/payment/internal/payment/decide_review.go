package payment

import "cmp"

// decideReview gives an open operation to a person, once.
func decideReview(c SendToReview, s State, o Operation) []Event {
	if !o.Open() || o.State == OpReview {
		return nil
	}
	return []Event{SentToManualReview{Head: s.head(c.At), Op: o.Op, OpID: o.OpID, Reason: c.Reason}}
}

// decideReconcile closes a review. Of an operation that got two answers the first one stays.
func decideReconcile(c Reconcile, s State, o Operation) ([]Event, error) {
	if o.Review == "" {
		return nil, ErrOperationClosed
	}
	closed := ReviewClosed{Head: s.head(c.At), Op: o.Op, OpID: o.OpID, Note: c.Note}
	if !o.Open() {
		return []Event{closed}, nil
	}
	out := Outcome{Result: Failed, Code: cmp.Or(c.Code, codeManual), Message: c.Note, At: c.At}
	if c.Succeeded {
		out = Outcome{
			Result: Succeeded, Amount: o.Amount, Currency: s.Currency, GatewayRef: c.GatewayRef, At: c.At, ExpiresAt: c.ExpiresAt,
		}
		if o.Op == OpVoid {
			out.Amount = s.Rest()
		}
		if o.Op == OpAuthorize && (c.GatewayRef == "" || c.ExpiresAt.IsZero()) {
			return nil, ErrReconcileIncomplete
		}
		if !s.fits(out, o) {
			return nil, ErrOperationClosed
		}
	}
	return append(s.outcome(o, out, SourceManual, c.At), closed), nil
}
