package order_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// head is the head of an event now, with the axes of the order as it is.
func (s *shop) head() order.Head {
	return order.Head{OrderID: orderID, OccurredAt: s.now, After: s.state.Axes}
}

func TestOneOrderFromItsPlacementToItsEnd(t *testing.T) {
	s := draft(t, mug)
	payment, due := order.PaymentID(ids.Payment(string(orderID), 1)), noon.Add(order.PaymentTime)
	c := s.placing()
	c.Shipping = flat
	line := order.PlacedLine{DraftLine: s.state.Lines[0].DraftLine, Net: 2101, Tax: 399, Gross: 2500}
	equal(t, "placed", s.do(c), []order.Event{order.Placed{
		Head:        order.Head{OrderID: orderID, OccurredAt: noon, After: axes(order.StatusPlaced, order.PayPending, order.GoodsUnfulfilled)},
		OrderNumber: s.state.OrderNumber, CustomerID: "customer-1", Currency: "EUR", Lines: []order.PlacedLine{line},
		Shipping: order.Shipping{Net: 419, Tax: 80, Gross: 499}, Discounts: []order.Discount{}, TaxTotal: 479, GrandTotal: 2999,
		ShippingAddress: home, CapturePolicy: order.OnShipment, PaymentID: payment, Attempt: 1, PaymentMethodToken: "tok_ok",
		PaymentDueAt: &due, PlacedAt: noon,
	}})
	equal(t, "reserved", s.state.OpenReservations(), []order.SKUQuantity{{SKU: "MUG", Quantity: 2}})

	auth := s.authorization(payment, 2999)
	events := s.do(auth)
	equal(t, "axes", s.state.Axes, axes(order.StatusConfirmed, order.PayAuthorized, order.GoodsUnfulfilled))
	equal(t, "authorized", events, []order.Event{
		order.PaymentAuthorized{
			Head: s.head(), PaymentID: payment, Attempt: 1, Amount: 2999, AuthorizedAt: noon, AuthExpiresAt: auth.AuthExpiresAt,
			GatewayRef: "a", Card: auth.Card,
		},
		order.Confirmed{Head: s.head(), ConfirmedAt: noon},
	})

	dispatch := order.Dispatch{Cause: s.cause(), Lines: []order.LineQuantity{units("MUG", 2)}, Carrier: "DHL", TrackingNumber: "T1"}
	parcel := order.ShipmentID(ids.Shipment(string(orderID), string(dispatch.CommandID), 0))
	capture := order.CaptureID(ids.Capture(string(orderID), string(dispatch.CommandID), 0))
	events = s.do(dispatch)
	equal(t, "axes", s.state.Axes, axes(order.StatusConfirmed, order.PayAuthorized, order.GoodsShipped))
	equal(t, "dispatched", events, []order.Event{
		order.ShipmentDispatched{Head: s.head(), ShipmentID: parcel, Lines: dispatch.Lines, Carrier: "DHL", TrackingNumber: "T1", DispatchedAt: noon},
		order.CaptureRequested{Head: s.head(), CaptureID: capture, PaymentID: payment, ShipmentID: parcel, Amount: 2999},
	})

	events = s.do(order.RecordCapture{Cause: s.cause(), PaymentID: payment, CaptureID: capture, Amount: 2999, GatewayRef: "c", CapturedAt: noon})
	equal(t, "captured", events, []order.Event{order.PaymentCaptured{
		Head: s.head(), PaymentID: payment, CaptureID: capture, ShipmentID: parcel, Amount: 2999, GatewayRef: "c", CapturedAt: noon,
	}})

	events = s.do(order.MarkDelivered{Cause: s.cause(), ShipmentID: parcel})
	equal(t, "axes", s.state.Axes, axes(order.StatusCompleted, order.PayCaptured, order.GoodsDelivered))
	equal(t, "delivered", events, []order.Event{
		order.ShipmentDelivered{Head: s.head(), ShipmentID: parcel, DeliveredAt: noon}, order.Completed{Head: s.head(), CompletedAt: noon},
	})
}

func axes(s order.Status, p order.PaymentStatus, f order.FulfillmentStatus) order.Axes {
	return order.Axes{Status: s, PaymentStatus: p, FulfillmentStatus: f}
}

func TestPlacingNeeds(t *testing.T) {
	free := order.NewLine{Quantity: 1, Price: order.Price{SKU: "GIFT"}}
	for _, tt := range []struct {
		name  string
		given func(*order.Draft)
		code  string
	}{
		{"a line", func(c *order.Draft) { c.Lines = nil }, "order_incomplete"},
		{"an address", func(c *order.Draft) { c.Address = nil }, "order_incomplete"},
		{"a payment method", func(c *order.Draft) { c.Submit.PaymentMethodToken = "" }, "order_incomplete"},
		{"no payment method for nothing", func(c *order.Draft) { c.Submit.PaymentMethodToken, c.Lines = "", []order.NewLine{free} }, ""},
		{"the total that was seen", func(c *order.Draft) { c.Submit.ExpectedTotal = new(money.Amount) }, "price_changed"},
		{"all of that", func(*order.Draft) {}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(t)
			c := s.drafting(setting{}, &order.Submit{PaymentMethodToken: "tok_ok"}, mug)
			tt.given(&c)
			if tt.code == "" {
				s.do(c)
				return
			}
			s.refuse(c, tt.code)
		})
	}
}

func TestAPriceThatChanged(t *testing.T) {
	s := draft(t, mug)
	c := s.placing()
	c.Prices[0].UnitPrice, c.Prices[0].PriceID, c.Shipping = 1300, "newer", flat
	var changed *order.PriceChangedError
	if err := s.refuse(c, "price_changed"); !errors.As(err, &changed) || changed.Totals.GrandTotal != 3099 {
		t.Errorf("got %+v", err)
	}
	c.Cause, c.ExpectedTotal = s.cause(), &changed.Totals.GrandTotal
	s.do(c)
	equal(t, "the new price is sold", s.state.Lines[0].PriceID, "newer")
	s = draft(t, mug)
	c = s.placing()
	c.Prices = nil
	s.refuse(c, "no_price_in_currency")
}

func TestADiscountIsPlacedAsItIsNow(t *testing.T) {
	s := draft(t, mug)
	s.do(order.ApplyDiscount{Cause: s.cause(), Offer: percent(1000), Shipping: flat})
	id, total := s.state.Discounts[0].DiscountID, money.Amount(2499)
	c := s.placing()
	c.Offers, c.Shipping, c.ExpectedTotal = []order.Offer{percent(2000)}, flat, &total
	s.do(c)
	equal(t, "discounts", s.state.Discounts, []order.Discount{{DiscountID: id, Code: "PERCENT", Kind: order.PercentOff, Value: 2000}})
}

func TestDeadlinesOfAPayment(t *testing.T) {
	s := placed(t, setting{}, hundred)
	equal(t, "after placing", *s.state.PaymentDueAt, noon.Add(15*time.Minute))
	s.now = noon.Add(10 * time.Minute)
	s.answer(s.firstPayment(), false)
	equal(t, "after a decline", *s.state.PaymentDueAt, noon.Add(40*time.Minute))
	equal(t, "axes", s.state.Axes, axes(order.StatusPaymentFailed, order.PayDeclined, order.GoodsUnfulfilled))
	s.now = noon.Add(30 * time.Minute)
	s.refuse(order.ExpirePayment{Cause: s.cause()}, "not_due")
	s.do(order.RetryPayment{Cause: s.cause(), PaymentMethodToken: "tok_ok"})
	equal(t, "after a retry", *s.state.PaymentDueAt, noon.Add(45*time.Minute))
	equal(t, "axes", s.state.Axes, axes(order.StatusPlaced, order.PayPending, order.GoodsUnfulfilled))
	s.now = noon.Add(24*time.Hour - time.Minute)
	s.answer(s.state.Payments[1].ID, false)
	equal(t, "never beyond a day", *s.state.PaymentDueAt, noon.Add(24*time.Hour))
	s.now = noon.Add(24*time.Hour - time.Microsecond)
	s.refuse(order.ExpirePayment{Cause: s.cause()}, "not_due")
	s.now = noon.Add(24 * time.Hour)
	events := s.do(order.ExpirePayment{Cause: s.cause()})
	equal(t, "due at the deadline", events, []order.Event{order.Expired{
		Head: s.head(), Reason: order.PaymentTimeout, Released: []order.SKUQuantity{{SKU: "A", Quantity: 1}},
	}})
	equal(t, "axes", s.state.Axes, axes(order.StatusExpired, order.PayDeclined, order.GoodsUnfulfilled))
}

func TestARetryNeedsAnotherTokenAfterAHardDecline(t *testing.T) {
	s := placed(t, setting{}, hundred)
	s.do(order.RecordDecline{Cause: s.cause(), PaymentID: s.firstPayment(), DeclineCode: "stolen", DeclineClass: order.Hard})
	retry := func(token string) order.Command {
		return order.RetryPayment{Cause: s.cause(), PaymentMethodToken: token}
	}
	s.refuse(retry("tok_ok"), "token_declined")
	s.refuse(retry(""), "order_incomplete")
	for i := range order.MaxAttempts - 1 {
		s.do(retry("tok_other"))
		p := s.state.Payments[i+1]
		s.do(order.RecordDecline{Cause: s.cause(), PaymentID: p.ID, DeclineClass: order.Soft})
	}
	s.refuse(retry("tok_other"), "attempts_exhausted")
}

func TestACodeEndsWithTheFirstInstantOfItsEnd(t *testing.T) {
	end := noon.Add(time.Hour)
	for _, tt := range []struct {
		at time.Time
		ok bool
	}{{noon, true}, {end.Add(-time.Microsecond), true}, {end, false}, {noon.Add(-time.Microsecond), false}} {
		s := newShop(t)
		s.now = tt.at
		c := s.drafting(setting{offers: []order.Offer{{Code: "DAY", Kind: order.PercentOff, Value: 10, ValidFrom: noon, ValidTo: end}}}, nil, mug)
		if tt.ok {
			s.do(c)
		} else {
			s.refuse(c, "discount_not_applicable")
		}
	}
}
