package order

import (
	"slices"

	"github.com/kontor-dev/kontor/internal/ids"
)

func decideDispatch(c Dispatch, r *recorder) error {
	s := r.state
	if s.Status != StatusConfirmed {
		return ErrStatus
	}
	if _, err := s.shippable(c.Lines); err != nil {
		return err
	}
	parcel := ShipmentID(ids.Shipment(string(s.ID), string(c.CommandID), 0))
	switch {
	case s.tracked(c.Carrier, c.TrackingNumber, parcel):
		return ErrTracking
	case s.moneyProblem():
		return ErrPaymentProblem
	}
	r.record(ShipmentDispatched{
		Head: r.head(), ShipmentID: parcel, Lines: slices.Clone(c.Lines), Carrier: c.Carrier, TrackingNumber: c.TrackingNumber,
		DispatchedAt: c.At,
	})
	if s.CapturePolicy == OnConfirm || r.state.capturable() == 0 {
		return nil
	}
	if !r.state.canCapture(c.At) {
		return ErrAuthExpired
	}
	r.capture(parcel)
	return nil
}

// tracked says whether another parcel of the order has carrier and number.
func (s State) tracked(carrier, number string, but ShipmentID) bool {
	return slices.ContainsFunc(s.Shipments, func(p Shipment) bool {
		return p.ID != but && p.Carrier == carrier && p.TrackingNumber == number
	})
}

func decideMarkDelivered(c MarkDelivered, r *recorder) error {
	if r.state.Status != StatusConfirmed && r.state.Status != StatusCompleted {
		return ErrStatus
	}
	parcel, ok := r.state.Shipment(c.ShipmentID)
	if !ok {
		return ErrNotFound
	}
	switch parcel.Status {
	case ParcelDelivered:
		return nil
	case ParcelLost, ParcelReturnedToSender:
		return ErrShipmentClosed
	case ParcelDispatched:
	}
	r.record(ShipmentDelivered{Head: r.head(), ShipmentID: parcel.ID, DeliveredAt: c.At})
	r.complete()
	return nil
}

func decideCorrectTracking(c CorrectTracking, r *recorder) error {
	if r.state.Status != StatusConfirmed && r.state.Status != StatusCompleted {
		return ErrStatus
	}
	parcel, ok := r.state.Shipment(c.ShipmentID)
	switch {
	case !ok:
		return ErrNotFound
	case parcel.Carrier == c.Carrier && parcel.TrackingNumber == c.TrackingNumber:
		return nil
	case r.state.tracked(c.Carrier, c.TrackingNumber, parcel.ID):
		return ErrTracking
	}
	r.record(TrackingCorrected{
		Head: r.head(), ShipmentID: parcel.ID, OldCarrier: parcel.Carrier, OldTrackingNumber: parcel.TrackingNumber,
		Carrier: c.Carrier, TrackingNumber: c.TrackingNumber,
	})
	return nil
}

func decideCloseShipment(c CloseShipment, r *recorder) error {
	if r.state.Status != StatusConfirmed {
		return ErrStatus
	}
	parcel, ok := r.state.Shipment(c.ShipmentID)
	switch {
	case !ok:
		return ErrNotFound
	case parcel.Status == ParcelDelivered:
		return ErrDelivered
	case parcel.Status != ParcelDispatched:
		return ErrShipmentClosed
	}
	restock := c.Reason == ReturnedToSender
	if c.Restock != nil {
		restock = *c.Restock
	}
	e := ShipmentClosed{
		Head: r.head(), ShipmentID: parcel.ID, Reason: c.Reason, Refund: c.Refund == nil || *c.Refund,
		Lines: []LineGross{}, Restocked: []SKUQuantity{}, ClosedAt: c.At,
	}
	for _, n := range parcel.Lines {
		l, _ := r.state.Line(n.LineID)
		e.Lines = append(e.Lines, LineGross{
			LineID: n.LineID, Quantity: n.Quantity, Gross: l.units().Span(n.From, n.From+n.Quantity).Gross,
		})
		if restock {
			e.Restocked = append(e.Restocked, SKUQuantity{SKU: l.SKU, Quantity: n.Quantity})
		}
	}
	r.record(e)
	r.complete()
	return nil
}
