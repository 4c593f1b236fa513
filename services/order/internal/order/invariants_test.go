package order_test

import (
	"slices"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// check holds one append to the invariants of an order.
func (s *shop) check(c order.Command, before, after order.State, events []order.Event) {
	s.t.Helper()
	if len(events) == 0 {
		return
	}
	for _, e := range events {
		head := e.About()
		if head.OrderID != orderID || !head.OccurredAt.Equal(s.now) || head.After != after.Axes || head.After.Status == "" {
			s.t.Fatalf("%T: %T has the head %+v, the order is %+v", c, e, head, after.Axes)
		}
	}
	final := []order.Status{order.StatusCancelled, order.StatusExpired, order.StatusCompleted}
	if slices.Contains(final, before.Status) && after.Status != before.Status { // O8
		s.t.Fatalf("%T: %s became %s", c, before.Status, after.Status)
	}
	s.checkUnits(c, after)
	s.checkTotals(c, after)
	s.checkMoney(c, after)
	s.checkStock(c, after, events)
	s.checkSettled(c, before, after, events)
}

// checkUnits is O2.
func (s *shop) checkUnits(c order.Command, after order.State) {
	s.t.Helper()
	for _, l := range after.Lines {
		open := 0
		for _, r := range after.Returns {
			if r.Status == order.ReturnIsRejected || r.Status == order.ReturnIsClosed {
				continue
			}
			for _, b := range r.Lines {
				if b.LineID == l.LineID {
					open += b.Quantity - b.Received
				}
			}
		}
		legal := l.Shipped <= l.Quantity-l.Cancelled && l.Delivered+l.Lost <= l.Shipped && l.Returned+open <= l.Delivered &&
			l.Credited <= l.Shipped && min(l.Cancelled, l.Shipped, l.Delivered, l.Lost, l.Returned, l.Credited) >= 0
		if !legal {
			s.t.Fatalf("%T: the units of a line do not fit: %+v, %d in open returns", c, l, open)
		}
	}
}

// checkTotals is O3.
func (s *shop) checkTotals(c order.Command, after order.State) {
	s.t.Helper()
	if !after.IsPlaced() {
		return
	}
	gross, tax, discount := after.Shipping.Gross, after.Shipping.Tax, money.Amount(0)
	for _, l := range after.Lines {
		gross, tax, discount = gross+l.Gross, tax+l.Tax, discount+l.DiscountAllocated
		if l.Gross != l.Net+l.Tax || min(l.Gross, l.Net, l.Tax, l.DiscountAllocated) < 0 {
			s.t.Fatalf("%T: a line does not add up: %+v", c, l)
		}
	}
	if gross != after.GrandTotal || tax != after.TaxTotal || discount != after.DiscountTotal {
		s.t.Fatalf("%T: lines come to %d with tax %d and discount %d, the order says %+v", c, gross, tax, discount, after.Totals)
	}
}

// checkMoney is O4, O5 and O7.
func (s *shop) checkMoney(c order.Command, after order.State) {
	s.t.Helper()
	running := 0
	for _, p := range after.Payments {
		if p.Phase == order.Running {
			running++
		}
		var asked, back money.Amount
		for _, x := range after.Captures {
			if x.PaymentID == p.ID && x.Progress != order.Failed {
				asked += x.Amount
			}
		}
		for _, r := range after.Refunds {
			if r.PaymentID == p.ID && r.Progress != order.Failed {
				back += r.Amount
			}
		}
		if asked > p.Held || p.Captured > asked || back > p.Captured {
			s.t.Fatalf("%T: of %d held %d is captured or being, %d is, %d goes back: %+v", c, p.Held, asked, p.Captured, back, p)
		}
	}
	if running > 1 {
		s.t.Fatalf("%T: %d attempts run", c, running)
	}
	for _, r := range after.Refunds {
		sum := r.Shipping + r.Adjustment
		for _, l := range r.Lines {
			sum += l.Net + l.Tax
		}
		if sum != r.Amount || r.Amount <= 0 {
			s.t.Fatalf("%T: a refund does not add up: %+v", c, r)
		}
	}
	s.checkOwnership(c, after)
}

// checkOwnership: no unit and no money of a line is refunded twice.
func (s *shop) checkOwnership(c order.Command, after order.State) {
	s.t.Helper()
	for _, l := range after.Lines {
		var spans, counted []order.Span
		var refunded money.Amount
		for _, r := range after.Refunds {
			for _, o := range r.Lines {
				if r.Progress == order.Failed || o.LineID != l.LineID {
					continue
				}
				spans, counted = append(spans, o.Money...), append(counted, o.Units...)
				var owned money.Amount
				for _, m := range o.Money {
					owned += money.Amount(m.To - m.From)
				}
				if refunded += owned; r.Shortfall == -min(0, r.Adjustment) && owned != o.Net+o.Tax {
					s.t.Fatalf("%T: a refund owns %d of the %d that it gives back: %+v", c, owned, o.Net+o.Tax, r)
				}
			}
		}
		if overlap(spans) || overlap(counted) || refunded > l.Gross {
			s.t.Fatalf("%T: something of a line is refunded twice: money %v, units %v of %+v", c, spans, counted, l)
		}
	}
}

func overlap(spans []order.Span) bool {
	for i, a := range spans {
		for _, b := range spans[i+1:] {
			if a.From < b.To && b.From < a.To {
				return true
			}
		}
	}
	return false
}

// checkStock is O9, against a ledger kept from the events.
func (s *shop) checkStock(c order.Command, after order.State, events []order.Event) {
	s.t.Helper()
	for _, e := range events {
		switch e := e.(type) {
		case order.Placed:
			for _, l := range e.Lines {
				s.reserved[l.SKU] += l.Quantity
			}
		case order.Cancelled:
			s.release(e.Released)
		case order.Expired:
			s.release(e.Released)
		case order.LinesCancelled:
			s.release(e.Released)
		case order.ShipmentDispatched:
			for _, n := range e.Lines {
				l, _ := after.Line(n.LineID)
				s.reserved[l.SKU] -= n.Quantity
			}
		}
	}
	want := map[order.SKU]int{}
	for _, u := range after.OpenReservations() {
		want[u.SKU] = u.Quantity
	}
	for sku, n := range s.reserved {
		if n != want[sku] {
			s.t.Fatalf("%T: %d of %s are reserved, the order needs %d", c, n, sku, want[sku])
		}
	}
}

func (s *shop) release(units []order.SKUQuantity) {
	for _, u := range units {
		s.reserved[u.SKU] -= u.Quantity
	}
}

// checkSettled holds the append to the refund rule and the void rule.
func (s *shop) checkSettled(c order.Command, before, after order.State, events []order.Event) {
	s.t.Helper()
	lowered := after.Due() < before.Due()
	captured := len(of[order.PaymentCaptured](events)) > 0
	if (lowered || captured) && after.Over() > 0 {
		s.t.Fatalf("%T: %d is owed and not refunded: due %d, paid %d", c, after.Over(), after.Due(), after.Paid())
	}
	if after.Paid() < 0 {
		s.t.Fatalf("%T: paid is %d", c, after.Paid())
	}
	if after.Due() < 0 || after.Refundable() < 0 {
		s.t.Fatalf("%T: due is %d, refundable %d", c, after.Due(), after.Refundable())
	}
	// Goodwill that left nothing to refund counts as payment of the rest, until a
	// refund fails: then the refund that is owed takes it back.
	goodwill := slices.ContainsFunc(after.Refunds, func(r order.Refund) bool { return r.Adjustment > 0 })
	takenBack := goodwill && len(of[order.RefundFailed](events)) > 0
	if before.IsPlaced() && toCollect(after) > toCollect(before) && !takenBack {
		s.t.Fatalf("%T: what is to be collected rose from %d to %d", c, toCollect(before), toCollect(after))
	}
	if toCollect(after) > 0 {
		return
	}
	for _, p := range after.Payments {
		alive := p.Phase == order.Running || p.Phase == order.WasAuthorized && p.Held > p.Captured
		if alive && p.Void != order.VoidWaits && p.Void != order.VoidGivenUp {
			s.t.Fatalf("%T: nothing is outstanding and nobody lets go of %+v", c, p)
		}
	}
}

// toCollect is what authorizations are still needed for: what is outstanding when
// everything that is owed has gone back.
func toCollect(s order.State) money.Amount {
	if s.Over() == 0 {
		return s.Outstanding()
	}
	kept := s.Due()
	if s.CapturePolicy == order.OnShipment && kept > 0 {
		left := 0
		kept = 0
		for _, l := range s.Lines {
			u := money.Units{Gross: l.Gross, Tax: l.Tax, Quantity: l.Quantity}
			kept += u.F(l.Shipped) - u.F(l.Credited)
			left += l.Quantity - l.Cancelled - l.Lost
		}
		if left > 0 {
			kept += s.Shipping.Gross - s.ShippingCredited
		}
	}
	return s.Due() - min(s.Due(), kept)
}
