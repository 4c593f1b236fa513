package order

import (
	"slices"

	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
)

// recorder collects the events of one append and folds them as it goes, so that
// whatever is decided later in the append sees what came before.
type recorder struct {
	cause             Cause
	before, state     State
	events            []Event
	captures, refunds int // ordinals of the ids that the command makes
}

func (r *recorder) record(e Event) {
	r.events = append(r.events, e)
	r.state = Evolve(r.state, e)
}

// head is the head of the next event, but for the axes.
func (r *recorder) head() Head { return Head{OrderID: r.state.ID, OccurredAt: r.cause.At} }

// stamped is the events with the axes after the last of them.
func (r *recorder) stamped() []Event {
	axes := r.state.axes()
	for i, e := range r.events {
		r.events[i] = e.stamped(axes)
	}
	return r.events
}

// settle adds what every append owes to the money of the order: the refund of
// what was paid beyond what is kept, and the void of what nothing will be taken
// from any more.
func (r *recorder) settle() {
	lowered := r.state.Due() < r.before.Due()
	captured := slices.ContainsFunc(r.events, func(e Event) bool { _, ok := e.(PaymentCaptured); return ok })
	if (lowered || captured) && r.state.Over() > 0 {
		r.refund(r.state.owed(), r.refundReason(), "")
	}
	r.voidUseless(lowered)
}

// refund records a claim: one refund per payment that pays for it.
func (r *recorder) refund(c claim, reason RefundReason, note string) {
	for _, e := range c.split(r.state) {
		e.Head, e.ReasonCode, e.Note = r.head(), reason, note
		e.RefundID = RefundID(ids.Refund(string(r.state.ID), string(r.cause.CommandID), r.refunds))
		r.refunds++
		r.record(e)
	}
}

// refundReason is why the append refunds, by what else is in it.
func (r *recorder) refundReason() RefundReason {
	for _, e := range r.events {
		switch e := e.(type) {
		case Cancelled, LinesCancelled:
			return RefundCancelled
		case ShipmentClosed:
			return RefundLost
		case ReturnReceived:
			return RefundReturn
		case RefundRequested:
			return e.ReasonCode
		}
	}
	return RefundLate
}

// voidUseless asks for the void of every payment that the order has no use for:
// nothing is to be collected, and the gateway holds money or may still do so. A void
// that was given up is asked for again only if the append lowered what is due.
func (r *recorder) voidUseless(lowered bool) {
	useless := r.state.toCollect() == 0
	for _, p := range r.state.Payments {
		if !p.lives() && p.Phase != Running {
			continue
		}
		switch p.Void {
		case VoidWaits:
		case VoidGivenUp:
			if lowered && (useless || p.Late) {
				r.requestVoid(p, p.VoidReason)
			}
		case VoidNone, VoidDone:
			if useless {
				r.requestVoid(p, r.voidReason())
			}
		}
	}
}

func (r *recorder) voidReason() VoidReason {
	switch r.state.Status {
	case StatusCancelled:
		return VoidCancelled
	case StatusExpired:
		return VoidExpired
	default:
		return VoidRemainder
	}
}

func (r *recorder) requestVoid(p Payment, why VoidReason) {
	r.record(PaymentVoidRequested{Head: r.head(), PaymentID: p.ID, Reason: why})
}

// capture asks for what should be taken now, as far as the newest authorization
// that lives can give it; for nothing if that is nothing.
func (r *recorder) capture(shipment ShipmentID) {
	at := r.state.live()
	if at < 0 {
		return
	}
	amount := min(r.state.capturable(), r.state.capturableOf(r.state.Payments[at]))
	if amount <= 0 {
		return
	}
	r.record(CaptureRequested{
		Head: r.head(), PaymentID: r.state.Payments[at].ID, ShipmentID: shipment, Amount: amount,
		CaptureID: CaptureID(ids.Capture(string(r.state.ID), string(r.cause.CommandID), r.captures)),
	})
	r.captures++
}

// capturableOf is what an authorization can give beyond what is being captured.
func (s State) capturableOf(p Payment) money.Amount {
	return p.rest() - s.inFlight(func(c Capture) bool { return c.PaymentID == p.ID })
}

// complete records that every unit has been delivered, cancelled or lost, if so.
func (r *recorder) complete() {
	open := r.state.count(func(l Line) int { return l.Quantity - l.Cancelled - l.Lost - l.Delivered })
	shipped := r.state.count(func(l Line) int { return l.Shipped })
	if r.state.Status == StatusConfirmed && open == 0 && shipped > 0 {
		r.record(Completed{Head: r.head(), CompletedAt: r.cause.At})
	}
}
