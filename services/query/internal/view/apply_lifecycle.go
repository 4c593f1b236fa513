package view

import (
	"slices"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
)

// lifecycle folds what moves an order as a whole, and what calls units off.
func (o *editor) lifecycle(e OrderEvent) bool {
	switch e := e.Body.(type) {
	case orderv1.Placed:
		o.placed(e)
	case orderv1.Confirmed, orderv1.Expired:
		o.s.PaymentDueAt = nil
	case orderv1.Cancelled:
		o.s.PaymentDueAt = nil
		o.callOff(e.Lines)
	case orderv1.LinesCancelled:
		o.callOff(e.Lines)
	case orderv1.LinesBackordered:
		o.lines(unitsOf(e.Lines), func(l *Line, n int) { l.Backordered = n })
	case orderv1.Completed, orderv1.NoteAdded:
	default:
		return false
	}
	return true
}

func (o *editor) callOff(lines []orderv1.LineGross) {
	o.lines(unitsOfGross(lines), func(l *Line, n int) { l.Cancelled += n })
}

// parcel folds what happens to shipments.
func (o *editor) parcel(body any) bool {
	switch e := body.(type) {
	case orderv1.ShipmentDispatched:
		units := unitsOf(e.Lines)
		o.s.Shipments = append(slices.Clone(o.s.Shipments), Shipment{
			ShipmentID: e.ShipmentID, Status: "dispatched", Lines: units, Carrier: e.Carrier, TrackingNumber: e.TrackingNumber,
			DispatchedAt: e.DispatchedAt,
		})
		o.lines(units, func(l *Line, n int) { l.Shipped += n })
	case orderv1.ShipmentDelivered:
		var units []Units
		o.shipment(e.ShipmentID, func(s *Shipment) {
			s.Status, s.DeliveredAt, units = "delivered", instant(e.DeliveredAt), s.Lines
		})
		o.lines(units, func(l *Line, n int) { l.Delivered += n })
	case orderv1.TrackingCorrected:
		o.shipment(e.ShipmentID, func(s *Shipment) { s.Carrier, s.TrackingNumber = e.Carrier, e.TrackingNumber })
	case orderv1.ShipmentClosed:
		o.shipment(e.ShipmentID, func(s *Shipment) { s.Status, s.ClosedAt = e.Reason, instant(e.ClosedAt) })
	default:
		return false
	}
	return true
}
