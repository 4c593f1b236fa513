package view

import (
	"slices"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/money"
)

// payment folds what the payment service reported, and what it was asked for.
func (o *editor) payment(body any) bool {
	switch e := body.(type) {
	case orderv1.PaymentAuthorized:
		o.authorized(e)
	case orderv1.PaymentDeclined:
		o.s.PaymentDueAt = e.PaymentDueAt
		o.attempt(e.PaymentID, e.Attempt, func(p *Attempt, _ *Book) { p.Status = "declined" })
	case orderv1.PaymentRetryRequested:
		o.owner(e.CustomerID)
		o.s.PaymentDueAt = e.PaymentDueAt
		o.attempt(e.PaymentID, e.Attempt, func(p *Attempt, _ *Book) { p.Amount = o.money(e.Amount) })
	case orderv1.PaymentCaptured:
		o.s.Captured.Amount += money.Amount(e.Amount)
		o.attempt(e.PaymentID, 0, func(_ *Attempt, b *Book) { b.Captured += money.Amount(e.Amount) })
	case orderv1.PaymentVoided:
		o.attempt(e.PaymentID, 0, func(p *Attempt, _ *Book) {
			if p.Status == "running" || p.Status == "authorized" { // else it was over
				p.Status = "voided"
			}
		})
	case orderv1.AuthorizationExpired:
		o.attempt(e.PaymentID, 0, func(p *Attempt, _ *Book) { p.Status = "expired" })
	case orderv1.CaptureRequested, orderv1.PaymentCaptureFailed, orderv1.PaymentVoidRequested, orderv1.PaymentVoidFailed,
		orderv1.LatePaymentDetected, orderv1.PaymentReview, orderv1.PaymentReviewClosed:
		// They show in the axes and in the timeline.
	default:
		return false
	}
	return true
}

func (o *editor) authorized(e orderv1.PaymentAuthorized) {
	o.attempt(e.PaymentID, e.Attempt, func(p *Attempt, b *Book) {
		p.Status, p.AuthExpiresAt = "authorized", instant(e.AuthExpiresAt)
		if p.Amount.Amount == 0 { // nobody told what was asked for
			p.Amount = o.money(e.Amount)
		}
		if p.Card = nil; e.Card != nil {
			p.Card = &Card{Brand: e.Card.Brand, Last4: e.Card.Last4}
		}
		b.Held = money.Amount(e.Amount)
	})
}

// giveBack folds returns of goods and refunds of money.
func (o *editor) giveBack(event OrderEvent) bool {
	switch e := event.Body.(type) {
	case orderv1.ReturnRequested:
		r := Return{ReturnID: e.ReturnID, Status: "requested", Lines: []ReturnLine{}, RequestedAt: e.OccurredAt}
		for _, l := range e.Lines {
			o.line(l.LineID, func(*Line) {})
			r.Lines = append(r.Lines, ReturnLine{LineID: l.LineID, Quantity: l.Quantity, ReasonCode: l.ReasonCode})
		}
		o.s.Returns = append(slices.Clone(o.s.Returns), r)
	case orderv1.ReturnApproved:
		o.returned(e.ReturnID, func(r *Return) { r.Status = "approved" })
	case orderv1.ReturnRejected:
		o.returned(e.ReturnID, func(r *Return) { r.Status = "rejected" })
	case orderv1.ReturnReceived:
		o.received(e)
	case orderv1.ReturnClosed:
		o.returnClosed(e)
	case orderv1.RefundRequested:
		o.refundRequested(e)
	case orderv1.RefundSettled:
		o.settled(e)
	case orderv1.RefundFailed:
		o.refundFailed(e)
	default:
		return false
	}
	return true
}

func (o *editor) received(e orderv1.ReturnReceived) {
	o.returned(e.ReturnID, func(r *Return) {
		r.Status, r.Lines = "received", slices.Clone(r.Lines)
		for _, got := range e.Lines {
			o.line(got.LineID, func(l *Line) { l.Returned += got.Quantity })
			i := slices.IndexFunc(r.Lines, func(l ReturnLine) bool { return l.LineID == got.LineID })
			if i < 0 {
				o.fail("line %s is not of the return", got.LineID)
				return
			}
			r.Lines[i].Received += got.Quantity
		}
	})
}

func (o *editor) returnClosed(e orderv1.ReturnClosed) {
	o.returned(e.ReturnID, func(r *Return) {
		r.Status, r.Lines = "closed", slices.Clone(r.Lines)
		for _, m := range e.Missing {
			if i := slices.IndexFunc(r.Lines, func(l ReturnLine) bool { return l.LineID == m.LineID }); i >= 0 {
				r.Lines[i].Missing += m.Quantity
			}
		}
	})
}

func (o *editor) refundRequested(e orderv1.RefundRequested) {
	r := Refund{
		RefundID: e.RefundID, PaymentID: e.PaymentID, Status: "requested", Lines: []RefundLine{}, Shipping: o.money(e.Shipping),
		Adjustment: o.money(e.Adjustment), Amount: o.money(e.Amount), ReasonCode: e.ReasonCode, RequestedAt: e.OccurredAt,
	}
	for _, l := range e.Lines {
		r.Lines = append(r.Lines, RefundLine{LineID: l.LineID, Quantity: l.Quantity, Net: o.money(l.Net), Tax: o.money(l.Tax)})
		o.line(l.LineID, func(line *Line) { line.Refunded += l.Quantity })
	}
	o.s.Refunds = append(slices.Clone(o.s.Refunds), r)
}

// refundFailed: its units were not refunded after all.
func (o *editor) refundFailed(e orderv1.RefundFailed) {
	var lines []RefundLine
	o.refund(e.RefundID, func(r *Refund) { r.Status, r.Code, lines = "failed", e.Code, r.Lines })
	for _, r := range lines {
		o.line(r.LineID, func(l *Line) { l.Refunded -= r.Quantity })
	}
}

func (o *editor) settled(e orderv1.RefundSettled) {
	o.refund(e.RefundID, func(r *Refund) { r.Status, r.SettledAt = "settled", instant(e.SettledAt) })
	o.s.Refunded.Amount += money.Amount(e.Amount)
}
