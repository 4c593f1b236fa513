package httpapi

import (
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

func lineOf(s order.State, l order.Line) Line {
	out := Line{
		LineID: string(l.LineID), SKU: string(l.SKU), Name: l.Name, Quantity: l.Quantity, UnitPrice: moneyOf(l.UnitPrice, s.Currency),
		PriceID: string(l.PriceID), TaxRateBP: l.TaxRateBP, TaxIncluded: l.TaxIncluded, Ordered: l.Ordered(), Cancelled: l.Cancelled,
		Shipped: l.Shipped, Delivered: l.Delivered, Returned: l.Returned, Refunded: refundedUnits(s, l.LineID), Backordered: l.Backordered(),
	}
	if s.IsPlaced() {
		m := in(s.Currency)
		discount, net, tax, gross := m(l.DiscountAllocated), m(l.Net), m(l.Tax), m(l.Gross)
		out.DiscountAllocated, out.Net, out.Tax, out.Gross = &discount, &net, &tax, &gross
	}
	return out
}

// refundedUnits are those of refunds that were not given up.
func refundedUnits(s order.State, id order.LineID) int {
	n := 0
	for _, r := range s.Refunds {
		for _, l := range r.Lines {
			if r.Progress != order.Failed && l.LineID == id {
				n += l.Quantity
			}
		}
	}
	return n
}

func captured(s order.State) money.Amount {
	var sum money.Amount
	for _, p := range s.Payments {
		sum += p.Captured
	}
	return sum
}

func refunded(s order.State) money.Amount {
	var sum money.Amount
	for _, r := range s.Refunds {
		if r.Progress == order.Settled {
			sum += r.Amount
		}
	}
	return sum
}

func appliedOf(d order.Discount, c money.Currency) Applied {
	out := Applied{DiscountID: string(d.DiscountID), Code: d.Code, Kind: string(d.Kind), SKU: string(d.SKU)}
	if d.Kind == order.AmountOff {
		m := Money{Amount: d.Value, Currency: string(c)}
		out.Amount = &m
	} else {
		out.Value = d.Value
	}
	return out
}

func paymentOf(p order.Payment, c money.Currency) Payment {
	out := Payment{
		PaymentID: string(p.ID), Attempt: p.Attempt, Status: string(p.Phase), Amount: moneyOf(p.Amount, c), AuthExpiresAt: timePtr(p.AuthExpiresAt),
	}
	if p.Card != nil {
		out.Card = &Card{Brand: p.Card.Brand, Last4: p.Card.Last4}
	}
	return out
}

func shipmentOf(p order.Shipment) Shipment {
	out := Shipment{
		ShipmentID: string(p.ID), Status: string(p.Status), Lines: make([]LineUnits, len(p.Lines)), Carrier: p.Carrier,
		TrackingNumber: p.TrackingNumber, DispatchedAt: p.DispatchedAt, DeliveredAt: timePtr(p.DeliveredAt), ClosedAt: timePtr(p.ClosedAt),
	}
	for i, l := range p.Lines {
		out.Lines[i] = LineUnits{LineID: string(l.LineID), Quantity: l.Quantity}
	}
	return out
}

func returnOf(r order.Return) Return {
	out := Return{ReturnID: string(r.ID), Status: string(r.Status), Lines: make([]ReturnLine, len(r.Lines)), RequestedAt: r.RequestedAt}
	for i, l := range r.Lines {
		out.Lines[i] = ReturnLine{
			LineID: string(l.LineID), Quantity: l.Quantity, Received: l.Received, Missing: l.Missing, ReasonCode: string(l.ReasonCode),
		}
	}
	return out
}

func refundOf(r order.Refund, c money.Currency) Refund {
	m := in(c)
	out := Refund{
		RefundID: string(r.ID), PaymentID: string(r.PaymentID), Status: string(r.Progress), Lines: make([]RefundLine, len(r.Lines)),
		Shipping: m(r.Shipping), Adjustment: m(r.Adjustment), Amount: m(r.Amount), ReasonCode: string(r.ReasonCode),
		RequestedAt: r.RequestedAt, SettledAt: timePtr(r.SettledAt), Code: r.Code,
	}
	for i, l := range r.Lines {
		out.Lines[i] = RefundLine{LineID: string(l.LineID), Quantity: l.Quantity, Net: m(l.Net), Tax: m(l.Tax)}
	}
	return out
}
