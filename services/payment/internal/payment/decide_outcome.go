package payment

import (
	"cmp"
	"time"
)

// decideBegin marks the first call of an authorization: up to here a void can still prevent it. A void
// whose turn comes when nothing is held any more is answered without a call.
func decideBegin(c Begin, s State, o Operation) []Event {
	current, ok := s.Current()
	switch {
	case !ok || current.OpID != o.OpID || o.State != OpRequested:
		return nil
	case o.Op == OpAuthorize && !o.Begun:
		return []Event{AuthorizationStarted{Head: s.head(c.At), OpID: o.OpID}}
	case o.Op == OpVoid && s.Rest() == 0:
		return []Event{Voided{Head: s.head(c.At), OpID: o.OpID, VoidedAt: c.At, Source: SourceCall}}
	default:
		return nil
	}
}

// decideOutcome records the first definite answer. The same again changes nothing; another one, or one that
// names another amount, is for a person.
func decideOutcome(c RecordOutcome, s State, o Operation) []Event {
	if !o.Open() {
		if !contradicts(c.Outcome, o) || o.Review != "" {
			return nil
		}
		return []Event{SentToManualReview{Head: s.head(c.At), Op: o.Op, OpID: o.OpID, Reason: ReasonConflict}}
	}
	if c.Outcome.Result == Succeeded && !s.fits(c.Outcome, o) {
		if o.State == OpReview {
			return nil
		}
		return []Event{SentToManualReview{Head: s.head(c.At), Op: o.Op, OpID: o.OpID, Reason: ReasonAmountMismatch}}
	}
	events := s.outcome(o, c.Outcome, c.Source, c.At)
	if o.State == OpReview {
		events = append(events, ReviewClosed{Head: s.head(c.At), Op: o.Op, OpID: o.OpID, Note: "answered by " + string(c.Source)})
	}
	return events
}

// contradicts compares a second definite answer with the first. An authorization that a void ended before
// any call has no first answer that a gateway could contradict by refusing.
func contradicts(second Outcome, o Operation) bool {
	if second.Result != Succeeded {
		return o.State == OpSucceeded
	}
	return o.State == OpFailed || second.Amount != o.Amount
}

// fits says whether a success names the money that was asked for. A void may release less, down to nothing.
func (s State) fits(out Outcome, o Operation) bool {
	switch {
	case out.Currency != s.Currency:
		return false
	case o.Op == OpVoid:
		return out.Amount >= 0 && out.Amount <= s.Rest()
	case o.Op == OpCapture && out.Amount > s.Rest(), o.Op == OpRefund && out.Amount > s.Captured-s.Refunded:
		return false
	default:
		return out.Amount == o.Amount
	}
}

// outcome is the fact of a definite answer to an open operation.
func (s State) outcome(o Operation, out Outcome, source Source, at time.Time) []Event {
	head := s.head(at)
	switch ok := out.Result == Succeeded; {
	case o.Op == OpAuthorize && ok:
		return []Event{Authorized{
			Head: head, Attempt: s.Attempt, OpID: o.OpID, Amount: out.Amount, GatewayRef: out.GatewayRef,
			AuthorizedAt: out.At, ExpiresAt: out.ExpiresAt, Card: out.Card, Source: source,
		}}
	case o.Op == OpAuthorize:
		return s.declined(o, out, source, at)
	case o.Op == OpCapture && ok:
		return []Event{Captured{
			Head: head, CaptureID: o.OpID, ShipmentID: o.ShipmentID, Amount: out.Amount, GatewayRef: out.GatewayRef,
			CapturedAt: out.At, Source: source,
		}}
	case o.Op == OpCapture:
		return []Event{CaptureFailed{Head: head, CaptureID: o.OpID, ShipmentID: o.ShipmentID, Amount: o.Amount, Code: out.Code}}
	case o.Op == OpVoid && ok:
		return []Event{Voided{Head: head, OpID: o.OpID, Amount: out.Amount, VoidedAt: out.At, Source: source}}
	case o.Op == OpVoid:
		return []Event{VoidFailed{Head: head, OpID: o.OpID, Code: out.Code}}
	case ok:
		return []Event{Refunded{
			Head: head, RefundID: o.OpID, Amount: out.Amount, GatewayRef: out.GatewayRef, RefundedAt: out.At, Source: source,
		}}
	default:
		return []Event{RefundFailed{Head: head, RefundID: o.OpID, Amount: o.Amount, Code: out.Code}}
	}
}

// declined also answers a void that waits: there is nothing to let go.
func (s State) declined(o Operation, out Outcome, source Source, at time.Time) []Event {
	events := []Event{Declined{
		Head: s.head(at), Attempt: s.Attempt, OpID: o.OpID, DeclineCode: out.Code, DeclineClass: cmp.Or(out.Class, Hard),
		Message: out.Message, Source: source,
	}}
	for _, waiting := range s.Operations {
		if waiting.Op == OpVoid && waiting.Open() {
			events = append(events, Voided{Head: s.head(at), OpID: waiting.OpID, VoidedAt: at, Source: source})
		}
	}
	return events
}

// decideUnknown says once per operation that nobody knows.
func decideUnknown(c RecordUnknown, s State, o Operation) []Event {
	if o.State != OpRequested || o.Op == OpAuthorize && !o.Begun {
		return nil
	}
	return []Event{OutcomeUnknown{Head: s.head(c.At), Op: o.Op, OpID: o.OpID, ErrorClass: c.ErrorClass}}
}
