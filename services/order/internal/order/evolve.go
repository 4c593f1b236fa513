package order

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/kontor-dev/kontor/internal/money"
)

// Evolve folds one event. It never fails, and does not change s or anything that
// s shares: a slice is copied before it is changed.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Drafted, LineAdded, LineRemoved, LineQuantityChanged, DiscountApplied, DiscountRemoved, ShippingAddressSet:
		s = evolveDraft(s, e)
	case Placed:
		s = evolvePlaced(s, e)
	case Confirmed:
		s.Status, s.PaymentDueAt = StatusConfirmed, nil
	case Expired:
		s.Status, s.PaymentDueAt = StatusExpired, nil
	case Cancelled:
		s = callOff(s, e.Lines)
		s.Status, s.PaymentDueAt = StatusCancelled, nil
	case LinesCancelled:
		s = callOff(s, e.Lines)
	case LinesBackordered:
		for _, n := range e.Lines {
			s = s.withLine(n.LineID, func(l *Line) { l.Uncovered = n.Quantity })
		}
	case Completed:
		s.Status = StatusCompleted
	case NoteAdded:
	case PaymentAuthorized, PaymentDeclined, PaymentRetryRequested, PaymentVoidRequested, PaymentVoided, PaymentVoidFailed,
		AuthorizationExpired, LatePaymentDetected, PaymentReview, PaymentReviewClosed:
		s = evolvePayment(s, e)
	case CaptureRequested, PaymentCaptured, PaymentCaptureFailed:
		s = evolveCapture(s, e)
	case ShipmentDispatched, ShipmentDelivered, TrackingCorrected, ShipmentClosed:
		s = evolveShipment(s, e)
	case ReturnRequested, ReturnApproved, ReturnRejected, ReturnReceived, ReturnClosed:
		s = evolveReturn(s, e)
	case RefundRequested, RefundSettled, RefundFailed:
		s = evolveRefund(s, e)
	}
	head := e.About()
	s.UpdatedAt = head.OccurredAt
	if head.After.Status != "" { // Decide folds its events before it can stamp them
		s.Axes = head.After
	}
	return s
}

func evolveDraft(s State, e Event) State {
	switch e := e.(type) {
	case Drafted:
		s.ID, s.OrderNumber, s.CustomerID = e.OrderID, e.OrderNumber, e.CustomerID
		s.Currency, s.Channel, s.ShippingAddress = e.Currency, e.Channel, e.ShippingAddress
		s.Status, s.Totals, s.CreatedAt = StatusDraft, e.Totals, e.OccurredAt
		s.Discounts = e.Discounts
		for _, l := range e.Lines {
			s.Lines = append(s.Lines, Line{PlacedLine: PlacedLine{DraftLine: l}})
		}
	case LineAdded:
		s.Totals = e.Totals
		s.Lines = append(slices.Clip(s.Lines), Line{PlacedLine: PlacedLine{DraftLine: e.Line}})
	case LineRemoved:
		s.Totals = e.Totals
		s.Lines = slices.DeleteFunc(slices.Clone(s.Lines), func(l Line) bool { return l.LineID == e.LineID })
	case LineQuantityChanged:
		s.Totals = e.Totals
		s = s.withLine(e.LineID, func(l *Line) { l.Quantity = e.Quantity })
	case DiscountApplied:
		s.Totals = e.Totals
		s.Discounts = append(slices.Clip(s.Discounts), e.Discount)
	case DiscountRemoved:
		s.Totals = e.Totals
		s.Discounts = slices.DeleteFunc(slices.Clone(s.Discounts), func(d Discount) bool { return d.DiscountID == e.DiscountID })
	case ShippingAddressSet:
		s.Totals, s.ShippingAddress = e.Totals, &e.ShippingAddress
	}
	return s
}

func evolvePlaced(s State, e Placed) State {
	s.Status, s.CapturePolicy, s.PlacedAt, s.PaymentDueAt = StatusPlaced, e.CapturePolicy, e.PlacedAt, e.PaymentDueAt
	s.Totals = Totals{DiscountTotal: e.DiscountTotal, TaxTotal: e.TaxTotal, Shipping: e.Shipping, GrandTotal: e.GrandTotal}
	s.ShippingAddress, s.Discounts = &e.ShippingAddress, e.Discounts
	s.Lines = make([]Line, len(e.Lines))
	for i, l := range e.Lines {
		s.Lines[i] = Line{PlacedLine: l}
	}
	if e.PaymentID != "" {
		s.Payments = []Payment{attempt(e.PaymentID, e.Attempt, e.GrandTotal, e.PaymentMethodToken)}
	}
	return s
}

func attempt(id PaymentID, n int, amount money.Amount, token string) Payment {
	return Payment{ID: id, Attempt: n, Amount: amount, Phase: Running, TokenHash: hashToken(token)}
}

// hashToken is how a token is known again without keeping it.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func callOff(s State, lines []LineGross) State {
	for _, n := range lines {
		s = s.withLine(n.LineID, func(l *Line) { l.Cancelled += n.Quantity })
	}
	return s
}

// withLine is the state with one line changed.
func (s State) withLine(id LineID, change func(*Line)) State {
	s.Lines = slices.Clone(s.Lines)
	for i := range s.Lines {
		if s.Lines[i].LineID == id {
			change(&s.Lines[i])
		}
	}
	return s
}

// credit takes units of a line off what is due: at most those that were shipped
// and are not credited yet.
func (l *Line) credit(units int) { l.Credited += max(0, min(units, l.Shipped-l.Credited)) }
