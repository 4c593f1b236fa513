package order

import "slices"

func evolveShipment(s State, e Event) State {
	switch e := e.(type) {
	case ShipmentDispatched:
		parcel := Shipment{
			ID: e.ShipmentID, Status: ParcelDispatched, Carrier: e.Carrier, TrackingNumber: e.TrackingNumber, DispatchedAt: e.DispatchedAt,
		}
		for _, n := range e.Lines {
			s = s.withLine(n.LineID, func(l *Line) {
				parcel.Lines = append(parcel.Lines, ParcelLine{LineID: n.LineID, Quantity: n.Quantity, From: l.Shipped})
				l.Shipped += n.Quantity
			})
		}
		s.Shipments = append(slices.Clip(s.Shipments), parcel)
	case ShipmentDelivered:
		s = s.withShipment(e.ShipmentID, func(p *Shipment) { p.Status, p.DeliveredAt = ParcelDelivered, e.DeliveredAt })
		parcel, _ := s.Shipment(e.ShipmentID)
		for _, n := range parcel.Lines {
			s = s.withLine(n.LineID, func(l *Line) { l.Delivered += n.Quantity })
		}
	case TrackingCorrected:
		s = s.withShipment(e.ShipmentID, func(p *Shipment) { p.Carrier, p.TrackingNumber = e.Carrier, e.TrackingNumber })
	case ShipmentClosed:
		s = s.withShipment(e.ShipmentID, func(p *Shipment) {
			p.Status, p.ClosedAt = ParcelLost, e.ClosedAt
			if e.Reason == ReturnedToSender {
				p.Status = ParcelReturnedToSender
			}
		})
		for _, n := range e.Lines {
			s = s.withLine(n.LineID, func(l *Line) {
				l.Lost += n.Quantity
				if e.Refund {
					l.credit(n.Quantity)
				}
			})
		}
	}
	return s
}

func evolveReturn(s State, e Event) State {
	switch e := e.(type) {
	case ReturnRequested:
		r := Return{ID: e.ReturnID, Status: ReturnIsRequested, RequestedAt: e.OccurredAt}
		for _, l := range e.Lines {
			r.Lines = append(r.Lines, BackLine{LineID: l.LineID, Quantity: l.Quantity, ReasonCode: l.ReasonCode})
		}
		s.Returns = append(slices.Clip(s.Returns), r)
	case ReturnApproved:
		s = s.withReturn(e.ReturnID, func(r *Return) { r.Status = ReturnIsApproved })
	case ReturnRejected:
		s = s.withReturn(e.ReturnID, func(r *Return) { r.Status = ReturnIsRejected })
	case ReturnReceived:
		s = s.withReturn(e.ReturnID, func(r *Return) { r.Status = ReturnIsReceived })
		for _, n := range e.Lines {
			s = s.withLine(n.LineID, func(l *Line) {
				l.Returned += n.Quantity
				if e.Refund {
					l.credit(n.Quantity)
				}
			})
			s = s.withReturn(e.ReturnID, func(r *Return) { r.line(n.LineID).Received += n.Quantity })
		}
	case ReturnClosed:
		s = s.withReturn(e.ReturnID, func(r *Return) { r.Status = ReturnIsClosed })
		for _, n := range e.Missing {
			s = s.withReturn(e.ReturnID, func(r *Return) { r.line(n.LineID).Missing = n.Quantity })
		}
	}
	return s
}

// line is the line of the return with this id, for a change; one that is not
// there takes the change and is forgotten.
func (r *Return) line(id LineID) *BackLine {
	for i := range r.Lines {
		if r.Lines[i].LineID == id {
			return &r.Lines[i]
		}
	}
	return &BackLine{}
}

// Shipment is the parcel with this id; false if there is none.
func (s State) Shipment(id ShipmentID) (Shipment, bool) {
	for _, p := range s.Shipments {
		if p.ID == id {
			return p, true
		}
	}
	return Shipment{}, false
}

// Return is the return with this id; false if there is none.
func (s State) Return(id ReturnID) (Return, bool) {
	for _, r := range s.Returns {
		if r.ID == id {
			return r, true
		}
	}
	return Return{}, false
}

func (s State) withShipment(id ShipmentID, change func(*Shipment)) State {
	s.Shipments = slices.Clone(s.Shipments)
	for i := range s.Shipments {
		if s.Shipments[i].ID == id {
			change(&s.Shipments[i])
		}
	}
	return s
}

func (s State) withReturn(id ReturnID, change func(*Return)) State {
	s.Returns = slices.Clone(s.Returns)
	for i := range s.Returns {
		if s.Returns[i].ID == id {
			s.Returns[i].Lines = slices.Clone(s.Returns[i].Lines)
			change(&s.Returns[i])
		}
	}
	return s
}
