package payment_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// drawCommand makes any command, sensible or not, on operations that the payment may or may not have.
func drawCommand(t *rapid.T, at time.Time, s State) Command {
	id := OpID(fmt.Sprintf("op%d", rapid.IntRange(0, 5).Draw(t, "op")))
	amount := money(rapid.Int64Range(1, 12000).Draw(t, "amount"))
	if rapid.Bool().Draw(t, "known") && len(s.Operations) > 0 {
		o := s.Operations[rapid.IntRange(0, len(s.Operations)-1).Draw(t, "which")]
		id, amount = o.OpID, o.Amount
	}
	out := Outcome{Result: rapid.SampledFrom([]Result{Succeeded, Succeeded, Refused, Failed}).Draw(t, "result"), Amount: amount, Currency: "EUR", GatewayRef: "g", At: at, ExpiresAt: expires}
	switch rapid.IntRange(0, 10).Draw(t, "command") {
	case 0:
		return RequestPayment{PaymentID: pid, OrderID: oid, Attempt: 1, Amount: 10000, Currency: "EUR", At: at}
	case 1:
		return RequestCapture{PaymentID: pid, OrderID: oid, CaptureID: id, Amount: amount, At: at}
	case 2:
		return RequestVoid{PaymentID: pid, OrderID: oid, At: at}
	case 3:
		return RequestRefund{PaymentID: pid, OrderID: oid, RefundID: id, Amount: amount, At: at}
	case 4, 5:
		return Begin{OpID: id, At: at}
	case 6, 7:
		return RecordOutcome{OpID: id, Outcome: out, Source: SourceCall, At: at}
	case 8:
		return RecordUnknown{OpID: id, ErrorClass: "timeout", At: at}
	case 9:
		return rapid.SampledFrom([]Command{
			SendToReview{OpID: id, Reason: ReasonKeyWindow, At: at},
			Reconcile{OpID: id, Succeeded: out.Result == Succeeded, GatewayRef: "m", ExpiresAt: expires, At: at},
		}).Draw(t, "review")
	default:
		return ExpireAuthorization{At: at}
	}
}

func TestAnySequenceOfCommandsKeepsTheInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s State
		keys := map[OpID]string{}
		first := map[OpID]OpState{}
		for i := range rapid.IntRange(1, 60).Draw(t, "steps") {
			c := drawCommand(t, t0.Add(time.Duration(i)*time.Hour*6), s)
			events, err := Decide(c, s)
			if err != nil && len(events) > 0 {
				t.Fatalf("%T: refused, with events %v", c, events)
			}
			checkAnswered(t, c, s, events, err)
			for _, e := range events {
				s = Evolve(s, e)
				check(t, s, keys, first)
			}
		}
	})
}

// checkAnswered is P9: a request by message is answered by an event, or is known already.
func checkAnswered(t *rapid.T, c Command, s State, events []Event, err error) {
	var id OpID
	switch c := c.(type) {
	case RequestCapture:
		id = c.CaptureID
	case RequestRefund:
		id = c.RefundID
	case RequestVoid:
		waits := slices.ContainsFunc(s.Operations, func(o Operation) bool { return o.Op == OpVoid && o.Open() })
		if len(events) == 0 && !waits && s.Status() != StatusVoided {
			t.Fatalf("a void got no answer in %s", s.Status())
		}
		return
	default:
		return
	}
	if _, known := s.Operation(id); err != nil || len(events) == 0 && !known {
		t.Fatalf("%T got no answer (%v) in %s", c, err, s.Status())
	}
}

// check holds P1 to P4, P7 and P10 against a state.
func check(t *rapid.T, s State, keys map[OpID]string, first map[OpID]OpState) {
	if s.Captured > s.Authorized || s.Refunded > s.Captured || s.Rest() < 0 || s.Released < 0 || s.Lapsed < 0 {
		t.Fatalf("money does not add up: %+v", s)
	}
	if s.EarlyVoid && s.Authorized > 0 {
		t.Fatalf("authorized after a void that came first")
	}
	seen := map[OpID]bool{}
	for _, o := range s.Operations {
		if seen[o.OpID] {
			t.Fatalf("operation %s is there twice", o.OpID)
		}
		seen[o.OpID] = true
		if k, ok := keys[o.OpID]; ok && k != o.IdempotencyKey {
			t.Fatalf("operation %s changed its key from %q to %q", o.OpID, k, o.IdempotencyKey)
		}
		keys[o.OpID] = o.IdempotencyKey
		if was, ok := first[o.OpID]; ok && was != o.State {
			t.Fatalf("operation %s was %s and is %s", o.OpID, was, o.State)
		}
		if !o.Open() {
			first[o.OpID] = o.State
		}
	}
}
