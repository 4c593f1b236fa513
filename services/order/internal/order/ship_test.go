package order_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/services/order/internal/order"
)

func TestDispatchingMoreThanThereIs(t *testing.T) {
	s := confirmed(t, setting{}, three, lamp)
	_, err := s.dispatch(units("A", 4), units("LAMP", 1))
	var exceeds *order.ExceedsShippableError
	if !errors.As(err, &exceeds) {
		t.Fatalf("got %v", err)
	}
	equal(t, "maxima", exceeds.Lines, []order.LineMax{{LineID: lineID("A"), Maximum: 3}, {LineID: lineID("LAMP"), Maximum: 1}})
	for _, tt := range []struct {
		lines []order.LineQuantity
		code  string
	}{
		{nil, "validation_failed"},
		{[]order.LineQuantity{units("A", 0)}, "validation_failed"},
		{[]order.LineQuantity{units("A", 1), units("A", 1)}, "validation_failed"},
		{[]order.LineQuantity{units("NONE", 1)}, "not_found"},
	} {
		s.refuse(order.Dispatch{Cause: s.cause(), Lines: tt.lines}, tt.code)
	}
}

func TestAParcelThatDoesNotArrive(t *testing.T) {
	no, yes := false, true
	for _, tt := range []struct {
		name      string
		close     order.CloseShipment
		refund    bool
		restocked int
		money     []string
		status    order.ShipmentStatus
	}{
		{"lost", order.CloseShipment{Reason: order.Lost}, true, 0, []string{"RefundRequested"}, order.ParcelLost},
		{"lost, not refunded", order.CloseShipment{Reason: order.Lost, Refund: &no}, false, 0, nil, order.ParcelLost},
		{"returned to the sender", order.CloseShipment{Reason: order.ReturnedToSender}, true, 2, []string{"RefundRequested"}, order.ParcelReturnedToSender},
		{"returned broken", order.CloseShipment{Reason: order.ReturnedToSender, Restock: &no}, true, 0, []string{"RefundRequested"}, order.ParcelReturnedToSender},
		{"found again", order.CloseShipment{Reason: order.Lost, Restock: &yes, Refund: &yes}, true, 2, []string{"RefundRequested"}, order.ParcelLost},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := confirmed(t, setting{}, three)
			s.deliver(s.ship(units("A", 1)))
			tt.close.ShipmentID = s.ship(units("A", 2))
			tt.close.Cause = s.cause()
			events := s.do(tt.close)
			equal(t, "events", names(events), append([]string{"ShipmentClosed", "Completed"}, tt.money...))
			e := events[0].(order.ShipmentClosed)
			equal(t, "lines", e.Lines, []order.LineGross{{LineID: lineID("A"), Quantity: 2, Gross: 2000}})
			equal(t, "refund", e.Refund, tt.refund)
			n := 0
			for _, u := range e.Restocked {
				n += u.Quantity
			}
			equal(t, "restocked", n, tt.restocked)
			equal(t, "parcel", s.state.Shipments[1].Status, tt.status)
			equal(t, "goods", s.state.FulfillmentStatus, order.GoodsDelivered)
			s.refuse(order.MarkDelivered{Cause: s.cause(), ShipmentID: tt.close.ShipmentID}, "shipment_closed")
		})
	}
}

func TestAParcelIsClosedOnce(t *testing.T) {
	s := confirmed(t, setting{}, three)
	delivered, lost := s.ship(units("A", 1)), s.ship(units("A", 1))
	s.deliver(delivered)
	equal(t, "delivered again", len(s.do(order.MarkDelivered{Cause: s.cause(), ShipmentID: delivered})), 0)
	closing := func(id order.ShipmentID) order.Command {
		return order.CloseShipment{Cause: s.cause(), ShipmentID: id, Reason: order.Lost}
	}
	s.refuse(closing(delivered), "already_delivered")
	s.do(closing(lost))
	s.refuse(closing(lost), "shipment_closed")
	s.refuse(order.MarkDelivered{Cause: s.cause(), ShipmentID: lost}, "shipment_closed")
}

func TestAnOrderOfWhichEverythingWasLost(t *testing.T) {
	s := confirmed(t, setting{shipping: order.ShippingRate{Fee: 500}}, three)
	events := s.do(order.CloseShipment{Cause: s.cause(), ShipmentID: s.ship(units("A", 3)), Reason: order.Lost})
	e := of[order.RefundRequested](events)[0]
	equal(t, "amount and shipping", []int64{int64(e.Amount), int64(e.Shipping)}, []int64{3500, 500})
	equal(t, "axes", s.state.Axes, axes(order.StatusCompleted, order.PayRefundPending, order.GoodsUndelivered))
}

func TestTheReturnWindow(t *testing.T) {
	s := confirmed(t, setting{}, three)
	s.deliver(s.ship(units("A", 1)))
	s.now = noon.Add(24 * time.Hour)
	s.deliver(s.ship(units("A", 2)))
	s.now = noon.Add(order.ReturnWindow)
	equal(t, "returnable", s.state.Returnable(s.state.Lines[0], s.now), 2)
	s.refuse(s.returning(units("A", 3)), "return_window_closed")
	late := s.returning(units("A", 3))
	late.Override = true
	s.refuse(late, "return_window_closed")
	late.Note = "promised by phone"
	s.do(late)
	s.refuse(s.returning(units("A", 1)), "exceeds_returnable")
}

func TestARejectedReturnAndAClosedOne(t *testing.T) {
	s := confirmed(t, setting{}, three)
	s.shipAll()
	id := s.announce(units("A", 2))
	s.refuse(order.CloseReturn{Cause: s.cause(), ReturnID: id}, "invalid_transition")
	s.do(order.RejectReturn{Cause: s.cause(), ReturnID: id, Note: "worn"})
	s.refuse(order.ApproveReturn{Cause: s.cause(), ReturnID: id}, "invalid_transition")
	s.refuse(s.receiving(id, units("A", 1)), "invalid_transition")
	equal(t, "goods", s.state.FulfillmentStatus, order.GoodsDelivered)

	id = s.announce(units("A", 2))
	s.do(order.ApproveReturn{Cause: s.cause(), ReturnID: id})
	no := false
	c := s.receiving(id, units("A", 1))
	c.Refund, c.Lines[0].Disposition = &no, order.Scrap
	equal(t, "without a refund", names(s.do(c)), []string{"ReturnReceived"})
	equal(t, "goods", s.state.FulfillmentStatus, order.GoodsPartiallyReturned)
	c = s.receiving(id, units("A", 1))
	c.Lines[0].Disposition = "burn"
	s.refuse(c, "validation_failed")
	equal(t, "the last unit closes it", names(s.receive(id, units("A", 1))), []string{"ReturnReceived", "ReturnClosed", "RefundRequested"})
	s.refuse(s.receiving(id, units("A", 1)), "invalid_transition")
	back, _ := s.state.Return(id)
	equal(t, "return", back.Lines, []order.BackLine{{LineID: lineID("A"), Quantity: 2, Received: 2, ReasonCode: order.Unwanted}})
}
