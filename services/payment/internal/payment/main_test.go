package payment_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/ids"
	. "github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// The payment of the tests, its operations and its moments.
const (
	pid     = ID("11111111-1111-5111-8111-111111111111")
	oid     = OrderID("22222222-2222-5222-8222-222222222222")
	cap1    = OpID("33333333-3333-5333-8333-333333333331")
	cap2    = OpID("33333333-3333-5333-8333-333333333332")
	ref1    = OpID("44444444-4444-5444-8444-444444444441")
	ref2    = OpID("44444444-4444-5444-8444-444444444442")
	ship    = ShipmentID("55555555-5555-5555-8555-555555555555")
	authKey = string(pid) + ":authorize:"
)

var (
	t0      = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	t1      = t0.Add(time.Minute)
	expires = t0.Add(7 * 24 * time.Hour)
	auth    = OpID(ids.Operation(string(pid), "authorize", 1))
	void1   = OpID(ids.Operation(string(pid), "void", 1))
	void2   = OpID(ids.Operation(string(pid), "void", 2))
)

func head(at time.Time) Head { return Head{PaymentID: pid, OrderID: oid, OccurredAt: at} }

func requested() Requested {
	return Requested{
		Head: head(t0), Attempt: 1, Gateway: "fake", CustomerID: "c1", Amount: 10000, Currency: "EUR", OpID: auth,
		IdempotencyKey: authKey + string(auth), PaymentMethodToken: "tok_ok",
	}
}

func started() AuthorizationStarted { return AuthorizationStarted{Head: head(t0), OpID: auth} }

func authorized() Authorized {
	return Authorized{
		Head: head(t0), Attempt: 1, OpID: auth, Amount: 10000, GatewayRef: "a1", AuthorizedAt: t0, ExpiresAt: expires,
		Card: &Card{Brand: "visa", Last4: "4242"}, Source: SourceCall,
	}
}

func declined() Declined {
	return Declined{Head: head(t0), Attempt: 1, OpID: auth, DeclineCode: "insufficient_funds", DeclineClass: Soft, Source: SourceCall}
}

func captureOp(id OpID, amount int64) OperationRequested {
	return OperationRequested{
		Head: head(t0), Op: OpCapture, OpID: id, Amount: money(amount), IdempotencyKey: string(pid) + ":capture:" + string(id),
		CaptureID: id, ShipmentID: ship,
	}
}

func captured(id OpID, amount int64) Captured {
	return Captured{Head: head(t0), CaptureID: id, ShipmentID: ship, Amount: money(amount), GatewayRef: "g", CapturedAt: t0, Source: SourceCall}
}

func voidOp(id OpID, amount int64) OperationRequested {
	return OperationRequested{
		Head: head(t0), Op: OpVoid, OpID: id, Amount: money(amount), IdempotencyKey: string(pid) + ":void:" + string(id),
	}
}

func voided(id OpID, amount int64) Voided {
	return Voided{Head: head(t0), OpID: id, Amount: money(amount), VoidedAt: t0, Source: SourceCall}
}

func refundOp(id OpID, amount int64) OperationRequested {
	return OperationRequested{
		Head: head(t0), Op: OpRefund, OpID: id, Amount: money(amount), IdempotencyKey: string(pid) + ":refund:" + string(id), RefundID: id,
	}
}

func refunded(id OpID, amount int64) Refunded {
	return Refunded{Head: head(t0), RefundID: id, Amount: money(amount), GatewayRef: "g", RefundedAt: t0, Source: SourceCall}
}

func review(op Op, id OpID, r Reason) SentToManualReview {
	return SentToManualReview{Head: head(t0), Op: op, OpID: id, Reason: r}
}

func unknown(op Op, id OpID) OutcomeUnknown {
	return OutcomeUnknown{Head: head(t0), Op: op, OpID: id, ErrorClass: "timeout"}
}

func expired(amount int64) AuthorizationExpired {
	return AuthorizationExpired{Head: head(t0), Amount: money(amount), ExpiredAt: expires}
}

func given(events ...Event) []Event { return events }

// at1 is e with the moment of the command that made it.
func at1[E Event](e E, set func(*E)) E {
	set(&e)
	return e
}

func fold(events []Event) State {
	var s State
	for _, e := range events {
		s = Evolve(s, e)
	}
	return s
}

// row is one line of a decision table. Then without events asserts that nothing happens.
type row struct {
	Name  string
	Given []Event
	When  Command
	Then  []Event
	Err   error
}

func run(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.Name, func(t *testing.T) {
			before := fold(r.Given)
			kept := fold(r.Given)
			got, err := Decide(r.When, before)
			if !errors.Is(err, r.Err) {
				t.Fatalf("got error %v, want %v", err, r.Err)
			}
			if diff := cmp.Diff(r.Then, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			for _, e := range got {
				before = Evolve(before, e)
			}
			if diff := cmp.Diff(kept, fold(r.Given)); diff != "" {
				t.Errorf("Evolve changed its argument:\n%s", diff)
			}
		})
	}
}
