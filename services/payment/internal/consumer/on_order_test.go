package consumer_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/consumer"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

var (
	order = ids.Order("test", "1")
	pay   = ids.Payment(order, 1)
	capID = ids.Capture(order, "c", 1)
	refID = ids.Refund(order, "r", 1)
	ship  = ids.Shipment(order, "s", 1)
	head  = orderv1.Head{OrderID: order, Version: 1}
)

// recorder is the use cases: it keeps what it was asked, and answers err.
type recorder struct {
	asked []any
	metas []es.Metadata
	err   error
}

func (r *recorder) keep(meta es.Metadata, what any) error {
	r.asked, r.metas = append(r.asked, what), append(r.metas, meta)
	return r.err
}

func (r *recorder) RequestPayment(_ context.Context, meta es.Metadata, p app.PaymentRequest) error {
	return r.keep(meta, p)
}

func (r *recorder) RequestCapture(_ context.Context, meta es.Metadata, c payment.RequestCapture) error {
	return r.keep(meta, c)
}

func (r *recorder) RequestVoid(_ context.Context, meta es.Metadata, c payment.RequestVoid) error {
	return r.keep(meta, c)
}

func (r *recorder) RequestRefund(_ context.Context, meta es.Metadata, c payment.RequestRefund) error {
	return r.keep(meta, c)
}

func message(t *testing.T, typ string, body any) messaging.Message {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return messaging.Message{ID: "ce1", Type: typ, Key: order, Data: data, Headers: map[string]string{
		messaging.HeaderActor: "customer:c1", messaging.HeaderCorrelationID: "corr", messaging.HeaderTraceParent: "tp",
	}}
}

func TestEachMessageIsOneCommand(t *testing.T) {
	t.Parallel()
	first := app.PaymentRequest{
		PaymentID: payment.ID(pay), OrderID: payment.OrderID(order), Attempt: 1, CustomerID: "c1", Amount: 4999, Currency: "EUR",
		PaymentMethodToken: "tok_ok",
	}
	second := first
	second.PaymentID, second.Attempt, second.Amount = payment.ID(ids.Payment(order, 2)), 2, 3000
	for _, tt := range []struct {
		name, typ string
		body      any
		want      []any
	}{
		{"an order is placed", orderv1.TypePlaced, orderv1.Placed{
			Head: head, CustomerID: "c1", Currency: "EUR", GrandTotal: 4999, PaymentID: pay, Attempt: 1, PaymentMethodToken: "tok_ok",
		}, []any{first}},
		{"an order that costs nothing is placed", orderv1.TypePlaced, orderv1.Placed{Head: head, CustomerID: "c1", Currency: "EUR"}, nil},
		{"a payment is tried again", orderv1.TypePaymentRetryRequested, orderv1.PaymentRetryRequested{
			Head: head, PaymentID: ids.Payment(order, 2), Attempt: 2, CustomerID: "c1", Amount: 3000, Currency: "EUR", PaymentMethodToken: "tok_ok",
		}, []any{second}},
		{"a parcel is to be paid", orderv1.TypeCaptureRequested, orderv1.CaptureRequested{
			Head: head, CaptureID: capID, PaymentID: pay, ShipmentID: ship, Amount: 1000,
		}, []any{payment.RequestCapture{
			PaymentID: payment.ID(pay), OrderID: payment.OrderID(order), CaptureID: payment.OpID(capID), ShipmentID: payment.ShipmentID(ship), Amount: 1000,
		}}},
		{"what is held is to be let go", orderv1.TypePaymentVoidRequested, orderv1.PaymentVoidRequested{Head: head, PaymentID: pay, Reason: "cancelled"},
			[]any{payment.RequestVoid{PaymentID: payment.ID(pay), OrderID: payment.OrderID(order)}}},
		{"money is to be given back", orderv1.TypeRefundRequested, orderv1.RefundRequested{Head: head, RefundID: refID, PaymentID: pay, Amount: 700},
			[]any{payment.RequestRefund{PaymentID: payment.ID(pay), OrderID: payment.OrderID(order), RefundID: payment.OpID(refID), Amount: 700}}},
		{"what payments do not care about is passed over", orderv1.TypeConfirmed, orderv1.Confirmed{Head: head}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			uc := &recorder{}
			if err := consumer.Routes(uc).Handle(t.Context(), message(t, tt.typ, tt.body)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, uc.asked); diff != "" {
				t.Errorf("commands (-want +got):\n%s", diff)
			}
			for _, meta := range uc.metas {
				if meta.CommandID != "ce1" || meta.CausationID != "ce1" || meta.CorrelationID != "corr" || meta.Actor != "customer:c1" ||
					meta.TraceParent != "tp" || len(meta.Fingerprint) != 64 {
					t.Errorf("metadata %+v", meta)
				}
			}
		})
	}
}

func TestWhichErrorsParkTheKey(t *testing.T) {
	t.Parallel()
	void := orderv1.PaymentVoidRequested{Head: head, PaymentID: pay, Reason: "cancelled"}
	bad := void
	bad.PaymentID = "not-a-uuid"
	for _, tt := range []struct {
		name      string
		body      any
		err       error
		permanent bool
	}{
		{"a database that is away is tried again", void, errors.New("connection refused"), false},
		{"a lost race is tried again", void, es.ErrConflict, false},
		{"a known message with another body is parked", void, es.ErrCommandReused, true},
		{"a refusal is parked", void, payment.ErrAmount, true},
		{"an id that is none is parked", bad, errors.New("invalid input syntax"), true},
		{"what cannot be read is parked", []int{1}, nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := consumer.Routes(&recorder{err: tt.err}).Handle(t.Context(), message(t, orderv1.TypePaymentVoidRequested, tt.body))
			if err == nil || messaging.IsPermanent(err) != tt.permanent {
				t.Errorf("got %v, permanent %v; want permanent %v", err, messaging.IsPermanent(err), tt.permanent)
			}
		})
	}
}

func TestARedeliveryFindsItselfInTheStream(t *testing.T) {
	t.Parallel()
	store := memstore.New(time.Now)
	routes := consumer.Routes(app.New(app.Deps{Store: store, GatewayName: "fake"}))
	m := message(t, orderv1.TypePlaced, orderv1.Placed{Head: head, CustomerID: "c1", Currency: "EUR", GrandTotal: 4999, PaymentID: pay, Attempt: 1})
	for range 3 {
		if err := routes.Handle(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	events, err := store.Load(t.Context(), es.Stream{Type: app.StreamType, ID: pay}, 0)
	if err != nil || len(events) != 1 {
		t.Errorf("got %d events (%v), want 1", len(events), err)
	}
	m.Data = []byte(`{"payment_id":"` + pay + `","order_id":"` + order + `","grand_total":1}`)
	if err := routes.Handle(t.Context(), m); !messaging.IsPermanent(err) {
		t.Errorf("the same id with another body: got %v, want permanent", err)
	}
}
