package httpapi_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

const finance = "fin.finance"

// tell is a fact of the payment service about an order.
func (s *shop) tell(id string, f app.Fact) {
	s.t.Helper()
	s.keys++
	ask := app.Ask{CommandID: ids.CommandFor("message", fmt.Sprint(s.keys)), Fingerprint: "f"}
	if _, err := s.app.Record(s.t.Context(), ask, order.ID(id), f); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) state(id string) order.State {
	s.t.Helper()
	res, err := s.app.State(s.t.Context(), auth.Principal{Subject: "x", Roles: []auth.Role{auth.Admin}}, order.ID(id))
	if err != nil {
		s.t.Fatal(err)
	}
	return res.State
}

// shipped is an order of three mugs with one parcel of two.
func (s *shop) shipped() (a answer, path string) {
	s.t.Helper()
	a = s.want(201, call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":3}`)})
	s.authorize(a)
	path = "/v1/orders/" + a.get("order_id")
	return s.want(201, call{Token: ware, Path: path + "/shipments", Body: fmt.Sprintf(
		`{"lines":[{"line_id":"%s","quantity":2}],"carrier":"dhl","tracking_number":"A"}`, a.get("lines.0.line_id"))}), path
}

func TestMoneyThatWasTakenIsGivenBack(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a, path := s.shipped()
	id := a.get("order_id")
	capture := s.state(id).Captures[0]
	s.tell(id, func(c order.Cause) order.Command {
		return order.RecordCapture{Cause: c, PaymentID: capture.PaymentID, CaptureID: capture.ID, Amount: capture.Amount, GatewayRef: "c", CapturedAt: s.now}
	})
	if p := s.want(409, call{Token: finance, Path: path + "/refunds", Body: `{"adjustment":{"amount":9999,"currency":"EUR"},"reason_code":"goodwill"}`}); p.get("code") != "exceeds_refundable" || p.get("maximum.refundable") != "2000" {
		t.Fatal(p.Raw)
	}
	if p := s.want(422, call{Token: finance, Path: path + "/refunds", Body: `{"adjustment":{"amount":9,"currency":"JPY"},"reason_code":"goodwill"}`}); p.get("code") != "validation_failed" {
		t.Fatal(p.Raw)
	}
	a = s.want(202, call{Token: finance, Path: path + "/refunds", Body: `{"adjustment":{"amount":500,"currency":"EUR"},"reason_code":"goodwill","note":"sorry"}`})
	if a.get("refunds.0.amount.amount") != "500" || a.get("refunds.0.status") != "requested" || a.get("payment_status") != "refund_pending" || a.get("captured.amount") != "2000" {
		t.Fatal(a.Raw)
	}
	refund := s.state(id).Refunds[0]
	s.tell(id, func(c order.Cause) order.Command {
		return order.RecordRefund{Cause: c, PaymentID: refund.PaymentID, RefundID: refund.ID, Amount: refund.Amount, GatewayRef: "r", SettledAt: s.now}
	})
	a = s.want(200, call{Method: "GET", Path: path + "/state"})
	if a.get("refunded.amount") != "500" || a.get("refunds.0.status") != "settled" {
		t.Fatal(a.Raw)
	}
	if p := s.want(409, call{Token: finance, Path: path + "/captures"}); p.get("code") != "nothing_to_capture" {
		t.Fatal(p.Raw)
	}
}

func TestACaptureThatFailedIsAskedForAgain(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a, path := s.shipped()
	id := a.get("order_id")
	capture := s.state(id).Captures[0]
	s.tell(id, func(c order.Cause) order.Command {
		return order.RecordCaptureFailed{Cause: c, PaymentID: capture.PaymentID, CaptureID: capture.ID, Code: "refused"}
	})
	ship := call{Token: ware, Path: path + "/shipments", Body: fmt.Sprintf(
		`{"lines":[{"line_id":"%s","quantity":1}],"carrier":"dhl","tracking_number":"B"}`, a.get("lines.0.line_id"))}
	if p := s.want(409, ship); p.get("code") != "payment_problem" {
		t.Fatal(p.Raw)
	}
	if a = s.want(202, call{Token: finance, Path: path + "/captures", Body: `{}`}); len(s.state(id).Captures) != 2 {
		t.Fatal(a.Raw)
	}
}

func TestADeclinedPaymentIsTriedAgain(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a := s.want(201, call{Path: "/v1/orders", Body: cart(`{"sku":"MUG","quantity":1}`)})
	id, path := a.get("order_id"), "/v1/orders/"+a.get("order_id")
	s.tell(id, func(c order.Cause) order.Command {
		return order.RecordDecline{Cause: c, PaymentID: order.PaymentID(a.get("payments.0.payment_id")), DeclineCode: "stolen", DeclineClass: order.Hard}
	})
	if p := s.want(409, call{Path: path + "/payments", Body: `{"payment_method_token":"tok_ok"}`}); p.get("code") != "token_declined" {
		t.Fatal(p.Raw)
	}
	a = s.want(202, call{Path: path + "/payments", Body: `{"payment_method_token":"tok_other"}`})
	if a.get("status") != "placed" || a.get("payments.0.status") != "declined" || a.get("payments.1.attempt") != "2" || a.Header.Get("Location") != path {
		t.Fatal(a.Raw)
	}
}

func TestParcelsAreCorrectedAndClosed(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a, path := s.shipped()
	parcel := path + "/shipments/" + a.get("shipments.0.shipment_id")
	track := call{Token: ware, Method: "PUT", Path: parcel + "/tracking", Body: `{"carrier":"ups","tracking_number":"Z"}`}
	if a = s.want(200, track); a.get("shipments.0.carrier") != "ups" {
		t.Fatal(a.Raw)
	}
	version := a.get("version")
	if a = s.want(200, track); a.get("version") != version {
		t.Fatal("the same again is an event")
	}
	a = s.want(202, call{Token: ware, Path: parcel + "/close", Body: `{"reason":"returned_to_sender"}`})
	if a.get("shipments.0.status") != "returned_to_sender" || a.get("shipments.0.closed_at") == "" {
		t.Fatal(a.Raw)
	}
	if got := s.want(200, call{Token: ware, Method: "GET", Path: "/v1/stock/MUG"}); got.get("on_hand") != "5" || got.get("reserved") != "1" {
		t.Fatal(got.Raw)
	}
	if p := s.want(409, call{Token: ware, Path: parcel + "/delivered"}); p.get("code") != "shipment_closed" {
		t.Fatal(p.Raw)
	}
	a = s.want(200, call{Token: desk, Path: path + "/notes", Body: `{"note":"came back"}`})
	a = s.want(202, call{Token: desk, Path: path + "/lines/cancel", Body: fmt.Sprintf(
		`{"lines":[{"line_id":"%s","quantity":1}],"reason_code":"inventory"}`, a.get("lines.0.line_id"))})
	if a.get("lines.0.cancelled") != "1" {
		t.Fatal(a.Raw)
	}
}

func TestReturnsAreRejectedOrClosed(t *testing.T) {
	s := newShop(t)
	s.sells("MUG", 5)
	a, path := s.shipped()
	line := a.get("lines.0.line_id")
	s.want(200, call{Token: ware, Path: path + "/shipments/" + a.get("shipments.0.shipment_id") + "/delivered", Body: `{}`})
	request := func(n int) call {
		return call{Path: path + "/returns", Body: fmt.Sprintf(`{"lines":[{"line_id":"%s","quantity":%d,"reason_code":"damaged"}],"note":"broken"}`, line, n)}
	}
	if p := s.want(409, request(3)); p.get("code") != "exceeds_returnable" || p.get("maximum.0.maximum") != "2" {
		t.Fatal(p.Raw)
	}
	a = s.want(201, request(1))
	ret := path + "/returns/" + a.get("returns.0.return_id")
	if a = s.want(200, call{Token: desk, Path: ret + "/reject", Body: `{"note":"no"}`}); a.get("returns.0.status") != "rejected" {
		t.Fatal(a.Raw)
	}
	a = s.want(201, request(2))
	ret = path + "/returns/" + a.get("returns.1.return_id")
	s.want(200, call{Token: desk, Path: ret + "/approve"})
	s.want(200, call{Token: ware, Path: ret + "/receive", Body: fmt.Sprintf(`{"lines":[{"line_id":"%s","quantity":1,"disposition":"scrap"}],"refund":false}`, line)})
	if a = s.want(200, call{Token: desk, Path: ret + "/close"}); a.get("returns.1.status") != "closed" || a.get("returns.1.lines.0.missing") != "1" {
		t.Fatal(a.Raw)
	}
	s.now = s.now.Add(31 * 24 * time.Hour)
	if p := s.want(409, request(1)); p.get("code") != "return_window_closed" {
		t.Fatal(p.Raw)
	}
}
