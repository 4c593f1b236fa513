package order

import "slices"

// A fact about an operation whose end is on the stream changes nothing, in any
// status. One about a payment or an operation that nobody asked for is
// impossible.

func (s State) payment(id PaymentID) (Payment, bool) {
	at := slices.IndexFunc(s.Payments, func(p Payment) bool { return p.ID == id })
	if at < 0 {
		return Payment{}, false
	}
	return s.Payments[at], true
}

func decideRecordAuthorization(c RecordAuthorization, r *recorder) error {
	p, ok := r.state.payment(c.PaymentID)
	switch {
	case !ok:
		return ErrImpossible
	case !p.AuthorizedAt.IsZero():
		return nil
	}
	why, late := r.state.late(p, c)
	r.record(PaymentAuthorized{
		Head: r.head(), PaymentID: p.ID, Attempt: p.Attempt, Amount: c.Amount, AuthorizedAt: cut(c.AuthorizedAt),
		AuthExpiresAt: cut(c.AuthExpiresAt), GatewayRef: c.GatewayRef, Card: c.Card,
	})
	if late {
		r.giveBackAuthorization(p, why, c)
		return nil
	}
	if r.state.Status == StatusPlaced || r.state.Status == StatusPaymentFailed {
		r.record(Confirmed{Head: r.head(), ConfirmedAt: c.At})
	}
	r.capture("")
	return nil
}

// late says why the order has no use for this authorization, if so. Once it is
// confirmed, only the attempt that runs is of use to it.
func (s State) late(p Payment, c RecordAuthorization) (LateReason, bool) {
	confirmed := s.Status == StatusConfirmed || s.Status == StatusCompleted
	switch {
	case s.closed():
		return OrderClosed, true
	case p.Attempt < len(s.Payments) || confirmed && p.Phase != Running:
		return AttemptSuperseded, true
	case c.Amount != p.Amount:
		return AmountMismatch, true
	}
	return "", false
}

func (r *recorder) giveBackAuthorization(p Payment, why LateReason, c RecordAuthorization) {
	r.record(LatePaymentDetected{
		Head: r.head(), PaymentID: p.ID, Kind: LateAuthorization, Amount: c.Amount, Reason: why, StatusAtArrival: r.before.Status,
	})
	if p.Void == VoidWaits {
		return
	}
	reason := VoidLate
	switch why {
	case AttemptSuperseded:
		reason = VoidSuperseded
	case AmountMismatch:
		reason = VoidMismatch
	case OrderClosed:
	}
	r.requestVoid(p, reason)
}

// decideRecordDecline ends the attempt that runs. A decline of any other changes
// nothing: it never undoes a success.
func decideRecordDecline(c RecordDecline, r *recorder) error {
	p, ok := r.state.payment(c.PaymentID)
	switch {
	case !ok:
		return ErrImpossible
	case p.Phase != Running || r.state.closed():
		return nil
	}
	e := PaymentDeclined{
		Head: r.head(), PaymentID: p.ID, Attempt: p.Attempt, DeclineCode: c.DeclineCode, DeclineClass: c.DeclineClass,
	}
	if r.state.Status == StatusPlaced {
		e.PaymentDueAt = r.state.payBy(c.At, DeclineTime)
	}
	r.record(e)
	return nil
}

func (s State) asked(id CaptureID, of PaymentID) (Capture, bool) {
	at := slices.IndexFunc(s.Captures, func(c Capture) bool { return c.ID == id && c.PaymentID == of })
	if at < 0 {
		return Capture{}, false
	}
	return s.Captures[at], true
}

func decideRecordCapture(c RecordCapture, r *recorder) error {
	asked, ok := r.state.asked(c.CaptureID, c.PaymentID)
	switch {
	case !ok:
		return ErrImpossible
	case asked.Progress != Requested:
		return nil
	case asked.Amount != c.Amount:
		return ErrImpossible
	}
	r.record(PaymentCaptured{
		Head: r.head(), PaymentID: c.PaymentID, CaptureID: c.CaptureID, ShipmentID: asked.ShipmentID, Amount: c.Amount,
		GatewayRef: c.GatewayRef, CapturedAt: cut(c.CapturedAt),
	})
	if r.state.closed() {
		r.record(LatePaymentDetected{
			Head: r.head(), PaymentID: c.PaymentID, Kind: LateCapture, Amount: c.Amount, Reason: OrderClosed,
			StatusAtArrival: r.before.Status,
		})
	}
	return nil
}

func decideRecordCaptureFailed(c RecordCaptureFailed, r *recorder) error {
	asked, ok := r.state.asked(c.CaptureID, c.PaymentID)
	switch {
	case !ok:
		return ErrImpossible
	case asked.Progress != Requested:
		return nil
	}
	r.record(PaymentCaptureFailed{
		Head: r.head(), PaymentID: c.PaymentID, CaptureID: c.CaptureID, ShipmentID: asked.ShipmentID, Amount: asked.Amount, Code: c.Code,
	})
	return nil
}

func decideRecordVoid(c RecordVoid, r *recorder) error {
	p, ok := r.state.payment(c.PaymentID)
	switch {
	case !ok:
		return ErrImpossible
	case slices.Contains(p.Answered, c.OpID):
		return nil
	}
	r.record(PaymentVoided{Head: r.head(), PaymentID: p.ID, OpID: c.OpID, Amount: c.Amount, VoidedAt: cut(c.VoidedAt)})
	return nil
}

func decideRecordVoidFailed(c RecordVoidFailed, r *recorder) error {
	p, ok := r.state.payment(c.PaymentID)
	switch {
	case !ok:
		return ErrImpossible
	case slices.Contains(p.Answered, c.OpID):
		return nil
	}
	r.record(PaymentVoidFailed{Head: r.head(), PaymentID: p.ID, OpID: c.OpID, Code: c.Code})
	return nil
}

func decideRecordAuthExpired(c RecordAuthExpired, r *recorder) error {
	p, ok := r.state.payment(c.PaymentID)
	switch {
	case !ok || p.AuthorizedAt.IsZero():
		return ErrImpossible
	case p.Phase != WasAuthorized:
		return nil
	}
	r.record(AuthorizationExpired{Head: r.head(), PaymentID: p.ID, Amount: c.Amount, ExpiredAt: cut(c.ExpiredAt)})
	return nil
}

func (s State) refundOf(id RefundID, of PaymentID) (Refund, bool) {
	at := slices.IndexFunc(s.Refunds, func(r Refund) bool { return r.ID == id && r.PaymentID == of })
	if at < 0 {
		return Refund{}, false
	}
	return s.Refunds[at], true
}

func decideRecordRefund(c RecordRefund, r *recorder) error {
	asked, ok := r.state.refundOf(c.RefundID, c.PaymentID)
	switch {
	case !ok:
		return ErrImpossible
	case asked.Progress != Requested:
		return nil
	case asked.Amount != c.Amount:
		return ErrImpossible
	}
	r.record(RefundSettled{
		Head: r.head(), RefundID: c.RefundID, PaymentID: c.PaymentID, Amount: c.Amount, GatewayRef: c.GatewayRef, SettledAt: cut(c.SettledAt),
	})
	return nil
}

func decideRecordRefundFailed(c RecordRefundFailed, r *recorder) error {
	asked, ok := r.state.refundOf(c.RefundID, c.PaymentID)
	switch {
	case !ok:
		return ErrImpossible
	case asked.Progress != Requested:
		return nil
	}
	r.record(RefundFailed{Head: r.head(), RefundID: c.RefundID, PaymentID: c.PaymentID, Amount: asked.Amount, Code: c.Code})
	return nil
}

// decideRecordReview knows a review again by its operation and reason: another
// reason later is another review.
func decideRecordReview(c RecordReview, r *recorder) error {
	if _, ok := r.state.payment(c.PaymentID); !ok {
		return ErrImpossible
	}
	if slices.ContainsFunc(r.state.Reviews, func(v Review) bool { return v.OpID == c.OpID && v.Reason == c.Reason }) {
		return nil
	}
	r.record(PaymentReview{Head: r.head(), PaymentID: c.PaymentID, Op: c.Op, OpID: c.OpID, Reason: c.Reason})
	return nil
}

func decideRecordReviewClosed(c RecordReviewClosed, r *recorder) error {
	if _, ok := r.state.payment(c.PaymentID); !ok {
		return ErrImpossible
	}
	if !slices.ContainsFunc(r.state.Reviews, func(v Review) bool { return v.OpID == c.OpID && !v.Closed }) {
		return nil
	}
	r.record(PaymentReviewClosed{Head: r.head(), PaymentID: c.PaymentID, Op: c.Op, OpID: c.OpID})
	return nil
}
