package view

import (
	"fmt"
	"strconv"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/money"
)

// Summarize tells an event in one sentence; after is the order after it. It holds no personal data: notes and addresses stay in the data.
func Summarize(after Order, e OrderEvent) string {
	t := teller{after}
	for _, tell := range []func(any) string{t.draft, t.lifecycle, t.payment, t.gateway, t.parcel, t.giveBack} {
		if s := tell(e.Body); s != "" {
			return s
		}
	}
	return e.Type
}

// teller has the order in whose words an event is told. Its methods return "" for what is not theirs.
type teller struct{ o Order }

func (t teller) money(minor int64) string {
	return money.Money{Amount: money.Amount(minor), Currency: t.o.Currency}.String()
}

func (t teller) draft(body any) string {
	switch e := body.(type) {
	case orderv1.Drafted:
		return fmt.Sprintf("Order drafted with %s for %s.", count(len(e.Lines), "line"), t.money(e.Totals.GrandTotal))
	case orderv1.LineAdded:
		return fmt.Sprintf("%d × %s added.", e.Line.Quantity, e.Line.SKU)
	case orderv1.LineRemoved:
		return "A line was removed."
	case orderv1.LineQuantityChanged:
		return fmt.Sprintf("Quantity of %s changed from %d to %d.", t.sku(e.LineID), e.OldQuantity, e.Quantity)
	case orderv1.DiscountApplied:
		return fmt.Sprintf("Discount %s applied.", e.Code)
	case orderv1.DiscountRemoved:
		return "A discount was removed."
	case orderv1.ShippingAddressSet:
		return "Shipping address set."
	default:
		return ""
	}
}

func (t teller) lifecycle(body any) string {
	switch e := body.(type) {
	case orderv1.Placed:
		return fmt.Sprintf("Order placed with %s for %s.", count(len(e.Lines), "line"), t.money(e.GrandTotal))
	case orderv1.Confirmed:
		return "Order confirmed."
	case orderv1.Expired:
		if e.Reason == "draft_abandoned" {
			return "The draft expired: nobody placed it."
		}
		return "The order expired: no payment came in time."
	case orderv1.Cancelled:
		return fmt.Sprintf("Order cancelled (%s).", e.ReasonCode)
	case orderv1.LinesCancelled:
		return fmt.Sprintf("%s cancelled (%s).", units(unitsOfGross(e.Lines)), e.ReasonCode)
	case orderv1.LinesBackordered:
		if sum(unitsOf(e.Lines)) == 0 {
			return "All units are on hand again."
		}
		return fmt.Sprintf("%s not on hand.", units(unitsOf(e.Lines)))
	case orderv1.Completed:
		return "Order completed."
	case orderv1.NoteAdded:
		return "Note added."
	default:
		return ""
	}
}

func (t teller) payment(body any) string {
	switch e := body.(type) {
	case orderv1.PaymentAuthorized:
		return fmt.Sprintf("Payment of %s authorized.", t.money(e.Amount))
	case orderv1.PaymentDeclined:
		return fmt.Sprintf("Payment attempt %d declined (%s).", e.Attempt, e.DeclineCode)
	case orderv1.PaymentRetryRequested:
		return fmt.Sprintf("Payment attempt %d requested over %s.", e.Attempt, t.money(e.Amount))
	case orderv1.CaptureRequested:
		return fmt.Sprintf("Capture of %s requested.", t.money(e.Amount))
	case orderv1.PaymentCaptured:
		return fmt.Sprintf("%s captured.", t.money(e.Amount))
	case orderv1.PaymentCaptureFailed:
		return fmt.Sprintf("Capture of %s failed (%s).", t.money(e.Amount), e.Code)
	case orderv1.PaymentVoidRequested:
		return fmt.Sprintf("Release of the authorization requested (%s).", e.Reason)
	case orderv1.PaymentVoided:
		return fmt.Sprintf("Authorization released, %s of it unused.", t.money(e.Amount))
	case orderv1.PaymentVoidFailed:
		return fmt.Sprintf("Release of the authorization failed (%s).", e.Code)
	default:
		return ""
	}
}

func (t teller) gateway(body any) string {
	switch e := body.(type) {
	case orderv1.AuthorizationExpired:
		return fmt.Sprintf("Authorization expired, %s of it unused.", t.money(e.Amount))
	case orderv1.LatePaymentDetected:
		return fmt.Sprintf("A late %s of %s arrived (%s).", e.Kind, t.money(e.Amount), e.Reason)
	case orderv1.PaymentReview:
		return fmt.Sprintf("Outcome of a payment operation (%s) has to be found by a person (%s).", e.Op, e.Reason)
	case orderv1.PaymentReviewClosed:
		return fmt.Sprintf("Outcome of a payment operation (%s) found.", e.Op)
	default:
		return ""
	}
}

func (t teller) parcel(body any) string {
	switch e := body.(type) {
	case orderv1.ShipmentDispatched:
		return fmt.Sprintf("%s dispatched with %s.", units(unitsOf(e.Lines)), e.Carrier)
	case orderv1.ShipmentDelivered:
		return "Parcel delivered."
	case orderv1.TrackingCorrected:
		return "Tracking of a parcel corrected."
	case orderv1.ShipmentClosed:
		if e.Reason == "lost" {
			return "Parcel lost."
		}
		return "Parcel came back to the sender."
	default:
		return ""
	}
}

func (t teller) giveBack(body any) string {
	switch e := body.(type) {
	case orderv1.ReturnRequested:
		n := 0
		for _, l := range e.Lines {
			n += l.Quantity
		}
		return fmt.Sprintf("Return of %s requested.", count(n, "unit"))
	case orderv1.ReturnApproved:
		return "Return approved."
	case orderv1.ReturnRejected:
		return "Return rejected."
	case orderv1.ReturnReceived:
		n := 0
		for _, l := range e.Lines {
			n += l.Quantity
		}
		return fmt.Sprintf("%s of a return received.", count(n, "unit"))
	case orderv1.ReturnClosed:
		return "Return closed."
	case orderv1.RefundRequested:
		return fmt.Sprintf("Refund of %s requested (%s).", t.money(e.Amount), e.ReasonCode)
	case orderv1.RefundSettled:
		return fmt.Sprintf("%s refunded.", t.money(e.Amount))
	case orderv1.RefundFailed:
		return fmt.Sprintf("Refund of %s failed (%s).", t.money(e.Amount), e.Code)
	default:
		return ""
	}
}

func (t teller) sku(lineID string) string {
	for _, l := range t.o.Lines {
		if l.LineID == lineID {
			return l.SKU
		}
	}
	return "a line"
}

func sum(lines []Units) (n int) {
	for _, l := range lines {
		n += l.Quantity
	}
	return n
}

func units(lines []Units) string { return count(sum(lines), "unit") }

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
