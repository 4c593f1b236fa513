package viewtest

import (
	"encoding/json"
	"fmt"
	"time"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/pkg/messaging"
)

// Start is when the stories begin; event v of order n happens n hours and v seconds later.
var Start = time.Date(2026, 3, 1, 0, 0, 0, 123456000, time.UTC)

// Token is the payment method token of every story: no view may have it.
const Token = "tok_CANARY_4242"

// OrderStory is one order as its messages.
type OrderStory struct {
	ID, Customer, Currency string
	SKU                    string
	Messages               []messaging.Message
	n                      int
	axes                   orderv1.Axes
}

// NewOrder begins the story of the n-th order.
func NewOrder(customer string, n int) *OrderStory {
	return &OrderStory{
		ID: ids.Order("viewtest", fmt.Sprint(n)), Customer: customer, Currency: "EUR", SKU: fmt.Sprintf("TEA-%02d", n%7), n: n,
		axes: orderv1.Axes{Status: "draft", PaymentStatus: "none", FulfillmentStatus: "unfulfilled"},
	}
}

// Version is that of the last event told.
func (s *OrderStory) Version() int64 { return int64(len(s.Messages)) }

// At is when event version happens.
func (s *OrderStory) At(version int64) time.Time {
	return Start.Add(time.Duration(s.n)*time.Hour + time.Duration(version)*time.Second)
}

// To sets the axes after the next events; "" keeps one.
func (s *OrderStory) To(status, payment, fulfillment string) *OrderStory {
	for to, from := range map[*string]string{&s.axes.Status: status, &s.axes.PaymentStatus: payment, &s.axes.FulfillmentStatus: fulfillment} {
		if from != "" {
			*to = from
		}
	}
	return s
}

// Head is that of the next event.
func (s *OrderStory) Head() orderv1.Head {
	v := s.Version() + 1
	return orderv1.Head{OrderID: s.ID, Version: v, OccurredAt: s.At(v), After: s.axes}
}

// Tell adds an event whose head is [OrderStory.Head].
func (s *OrderStory) Tell(typ string, body any) *OrderStory {
	v := s.Version() + 1
	s.Messages = append(s.Messages, messaging.Message{
		Topic: orderv1.Topic, Key: s.ID, Stream: s.ID, Version: v, Type: typ, Source: orderv1.Source, Time: s.At(v), Position: v,
		ID: ids.Command(s.ID, fmt.Sprint(v)), Data: encode(body), Headers: map[string]string{messaging.HeaderActor: "customer:" + s.Customer},
	})
	return s
}

func encode(body any) json.RawMessage {
	data, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return data
}

// LineID is the id of the only line.
func (s *OrderStory) LineID() string { return ids.Line(s.ID, s.SKU) }

// PaymentID is the id of the first payment.
func (s *OrderStory) PaymentID() string { return ids.Payment(s.ID, 1) }

// Line is the story's line: two units.
func (s *OrderStory) Line() orderv1.DraftLine {
	return orderv1.DraftLine{
		LineID: s.LineID(), SKU: s.SKU, Name: "Tea", Quantity: 2, UnitPrice: 1000 + int64(s.n), PriceID: ids.Price(s.SKU, "EUR", "1"),
		TaxRateBP: 1900, TaxIncluded: true,
	}
}

// Gross is what the line costs, and the order, as shipping is free.
func (s *OrderStory) Gross() int64 { return 2 * s.Line().UnitPrice }

// Address is where the order goes.
var Address = orderv1.Address{Name: "Zoë", Line1: "Straße 1", PostalCode: "10115", City: "Berlin", Country: "DE", Email: "zoe@example.org"}

// Drafted tells that the order was drafted.
func (s *OrderStory) Drafted() *OrderStory {
	return s.Tell(orderv1.TypeDrafted, orderv1.Drafted{
		Head: s.Head(), Totals: orderv1.Totals{GrandTotal: s.Gross()}, OrderNumber: ids.OrderNumber(s.ID), CustomerID: s.Customer,
		Currency: s.Currency, Channel: "api", Lines: []orderv1.DraftLine{s.Line()}, Discounts: []orderv1.Discount{},
	})
}

// Placed tells that it was placed.
func (s *OrderStory) Placed() *OrderStory {
	s.To("placed", "pending", "")
	h := s.Head()
	due := h.OccurredAt.Add(15 * time.Minute)
	return s.Tell(orderv1.TypePlaced, orderv1.Placed{
		Head: h, OrderNumber: ids.OrderNumber(s.ID), CustomerID: s.Customer, Currency: s.Currency,
		Lines:     []orderv1.PlacedLine{{DraftLine: s.Line(), Net: s.Gross() - 320, Tax: 320, Gross: s.Gross()}},
		Discounts: []orderv1.Discount{}, TaxTotal: 320, GrandTotal: s.Gross(), ShippingAddress: Address, CapturePolicy: "on_shipment",
		PaymentID: s.PaymentID(), Attempt: 1, PaymentMethodToken: Token, PaymentDueAt: &due, PlacedAt: h.OccurredAt,
	})
}

// Confirmed tells that it was paid for.
func (s *OrderStory) Confirmed() *OrderStory {
	s.To("confirmed", "authorized", "")
	h := s.Head()
	s.Tell(orderv1.TypePaymentAuthorized, orderv1.PaymentAuthorized{
		Head: h, PaymentID: s.PaymentID(), Attempt: 1, Amount: s.Gross(), AuthorizedAt: h.OccurredAt,
		AuthExpiresAt: h.OccurredAt.Add(7 * 24 * time.Hour), GatewayRef: "gw_1", Card: &orderv1.Card{Brand: "visa", Last4: "4242"},
	})
	return s.Tell(orderv1.TypeConfirmed, orderv1.Confirmed{Head: s.Head(), ConfirmedAt: h.OccurredAt})
}

// Cancelled tells that all of it was called off.
func (s *OrderStory) Cancelled() *OrderStory {
	s.To("cancelled", "void_pending", "")
	return s.Tell(orderv1.TypeCancelled, orderv1.Cancelled{
		Head: s.Head(), ReasonCode: "customer", Lines: []orderv1.LineGross{{LineID: s.LineID(), Quantity: 2, Gross: s.Gross()}},
		Released: []orderv1.SKUQuantity{{SKU: s.SKU, Quantity: 2}},
	})
}

// Shipped tells that so many units left, and what was captured for them.
func (s *OrderStory) Shipped(parcel, units int, fulfillment, payment string) *OrderStory {
	s.To("", "", fulfillment)
	h, amount := s.Head(), int64(units)*s.Line().UnitPrice
	shipment, capture := ids.Shipment(s.ID, "c", parcel), ids.Capture(s.ID, "c", parcel)
	s.Tell(orderv1.TypeShipmentDispatched, orderv1.ShipmentDispatched{
		Head: h, ShipmentID: shipment, Lines: []orderv1.LineQuantity{{LineID: s.LineID(), Quantity: units}},
		Carrier: "DHL", TrackingNumber: fmt.Sprint("T", s.n, parcel), DispatchedAt: h.OccurredAt,
	})
	s.Tell(orderv1.TypeCaptureRequested, orderv1.CaptureRequested{
		Head: s.Head(), CaptureID: capture, PaymentID: s.PaymentID(), ShipmentID: shipment, Amount: amount,
	})
	s.To("", payment, "")
	return s.Tell(orderv1.TypePaymentCaptured, orderv1.PaymentCaptured{
		Head: s.Head(), PaymentID: s.PaymentID(), CaptureID: capture, ShipmentID: shipment, Amount: amount, GatewayRef: "gw_2",
		CapturedAt: h.OccurredAt,
	})
}

// Delivered tells that a parcel arrived.
func (s *OrderStory) Delivered(parcel int, status, fulfillment string) *OrderStory {
	s.To(status, "", fulfillment)
	h := s.Head()
	return s.Tell(orderv1.TypeShipmentDelivered, orderv1.ShipmentDelivered{Head: h, ShipmentID: ids.Shipment(s.ID, "c", parcel), DeliveredAt: h.OccurredAt})
}
