package order

import (
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
)

// MaxAttempts is how often an order may be tried to be paid.
const MaxAttempts = 5

func decideRetryPayment(c RetryPayment, r *recorder) error {
	s := r.state
	switch s.Status {
	case StatusPaymentFailed, StatusConfirmed, StatusCompleted:
	case StatusDraft, StatusPlaced, StatusCancelled, StatusExpired:
		return ErrStatus
	}
	live := s.live()
	switch {
	case s.toCollect() == 0 || s.running() >= 0 || live >= 0 && !s.lastCaptureFailed(s.Payments[live].ID):
		return ErrStatus
	case c.PaymentMethodToken == "":
		return ErrIncomplete
	case len(s.Payments) >= MaxAttempts:
		return ErrAttempts
	case s.declinedForGood(c.PaymentMethodToken):
		return ErrTokenDeclined
	}
	if live >= 0 {
		r.requestVoid(s.Payments[live], VoidSuperseded)
	}
	attempt := len(s.Payments) + 1
	e := PaymentRetryRequested{
		Head: r.head(), PaymentID: PaymentID(ids.Payment(string(s.ID), attempt)), Attempt: attempt, CustomerID: s.CustomerID,
		Amount: s.toCollect(), Currency: s.Currency, PaymentMethodToken: c.PaymentMethodToken,
	}
	if s.Status == StatusPaymentFailed {
		e.PaymentDueAt = s.payBy(c.At, PaymentTime)
	}
	r.record(e)
	return nil
}

// payBy is the deadline of a payment, which does not move beyond what an order
// may wait in all.
func (s State) payBy(now time.Time, d time.Duration) *time.Time {
	due, last := now.Add(d), s.PlacedAt.Add(LongestToPayment)
	if due.After(last) {
		due = last
	}
	return &due
}

func (s State) lastCaptureFailed(id PaymentID) bool {
	for _, c := range slices.Backward(s.Captures) {
		if c.PaymentID == id {
			return c.Progress == Failed
		}
	}
	return false
}

func (s State) declinedForGood(token string) bool {
	hash := hashToken(token)
	return slices.ContainsFunc(s.Payments, func(p Payment) bool { return p.HardDeclined && p.TokenHash == hash })
}

func decideRequestCapture(c RequestCapture, r *recorder) error {
	s := r.state
	if s.Status != StatusConfirmed && s.Status != StatusCompleted {
		return ErrStatus
	}
	if s.capturable() == 0 {
		return ErrNothingToTake
	}
	if !s.canCapture(c.At) {
		return ErrAuthExpired
	}
	r.capture("")
	if len(r.events) == 0 {
		return ErrNothingToTake
	}
	return nil
}

// canCapture says whether an authorization lives at now.
func (s State) canCapture(now time.Time) bool {
	at := s.live()
	return at >= 0 && now.Before(s.Payments[at].AuthExpiresAt)
}
