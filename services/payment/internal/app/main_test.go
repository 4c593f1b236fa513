package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

var (
	order = payment.OrderID(ids.Order("test", "1"))
	pay   = payment.ID(ids.Payment(string(order), 1))
	auth1 = payment.OpID(ids.Operation(string(pay), "authorize", 1))
	cap1  = payment.OpID(ids.Capture(string(order), "c", 1))
	ref1  = payment.OpID(ids.Refund(string(order), "r", 1))
	void1 = payment.OpID(ids.Operation(string(pay), "void", 1))
)

// fake is a gateway that answers what a test says. It remembers the keys it was called with.
type fake struct {
	authorize func(app.AuthorizeRequest) (app.Authorization, error)
	move      func(op payment.Op, amount int64) (app.Receipt, error)
	lookup    func(app.IdempotencyKey) (payment.Outcome, error)
	calls     []string // op and key, in order
}

func (f *fake) Authorize(_ context.Context, r app.AuthorizeRequest) (app.Authorization, error) {
	f.calls = append(f.calls, "authorize "+string(r.Key))
	return f.authorize(r)
}

func (f *fake) Capture(_ context.Context, r app.CaptureRequest) (app.Receipt, error) {
	f.calls = append(f.calls, "capture "+string(r.Key))
	return f.move(payment.OpCapture, int64(r.Amount))
}

func (f *fake) Void(_ context.Context, r app.VoidRequest) (app.Receipt, error) {
	f.calls = append(f.calls, "void "+string(r.Key))
	return f.move(payment.OpVoid, 0)
}

func (f *fake) Refund(_ context.Context, r app.RefundRequest) (app.Receipt, error) {
	f.calls = append(f.calls, "refund "+string(r.Key))
	return f.move(payment.OpRefund, int64(r.Amount))
}

func (f *fake) Lookup(_ context.Context, key app.IdempotencyKey, _ app.MerchantRef) (payment.Outcome, error) {
	f.calls = append(f.calls, "lookup "+string(key))
	return f.lookup(key)
}

func (f *fake) Capabilities() app.Capabilities {
	return app.Capabilities{MultiCapture: true, KeyWindow: 24 * time.Hour}
}

type fixture struct {
	*testing.T
	app   *app.App
	fake  *fake
	store *memstore.Store
	now   time.Time
}

var errSilence = &app.Unknown{Class: "timeout", Err: errors.New("silence")}

// newFixture has one payment over 100.00 EUR, and a gateway that says yes to all and knows nothing.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, now: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return f.now }
	f.fake = &fake{
		authorize: func(r app.AuthorizeRequest) (app.Authorization, error) {
			return app.Authorization{
				Receipt:   app.Receipt{GatewayRef: "a1", Amount: r.Amount, Currency: r.Currency, At: f.now},
				ExpiresAt: f.now.Add(7 * 24 * time.Hour),
			}, nil
		},
		move: func(op payment.Op, amount int64) (app.Receipt, error) {
			if op == payment.OpVoid {
				amount = 10000
			}
			return app.Receipt{GatewayRef: "g-" + string(op), Amount: money(amount), Currency: "EUR", At: f.now}, nil
		},
		lookup: func(app.IdempotencyKey) (payment.Outcome, error) { return payment.Outcome{}, app.ErrNotFound },
	}
	f.store = memstore.New(clock)
	f.app = app.New(app.Deps{Store: f.store, Gateway: f.fake, GatewayName: "fake", Now: clock})
	f.must(f.app.RequestPayment(t.Context(), es.Metadata{CommandID: "m1", CorrelationID: "corr"}, app.PaymentRequest{
		PaymentID: pay, OrderID: order, Attempt: 1, CustomerID: "c1", Amount: 10000, Currency: "EUR", PaymentMethodToken: "tok_ok",
	}))
	return f
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func work(op payment.OpID) app.Work {
	return app.Work{PaymentID: pay, OpID: op, Cause: app.Cause{EventID: "e1", CorrelationID: "corr"}}
}

func (f *fixture) execute(op payment.OpID) error { return f.app.Execute(f.Context(), work(op)) }

func (f *fixture) capture(amount int64) {
	f.Helper()
	f.must(f.app.RequestCapture(f.Context(), es.Metadata{CommandID: "m2"}, payment.RequestCapture{
		PaymentID: pay, OrderID: order, CaptureID: cap1, Amount: money(amount),
	}))
}

// types are the stored names of the stream's events.
func (f *fixture) types() []string {
	f.Helper()
	var types []string
	for _, e := range f.events() {
		types = append(types, e.EventType)
	}
	return types
}

func (f *fixture) events() []es.Event {
	f.Helper()
	events, err := f.store.Load(f.Context(), es.Stream{Type: app.StreamType, ID: string(pay)}, 0)
	f.must(err)
	return events
}
