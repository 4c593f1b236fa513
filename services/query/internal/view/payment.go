package view

import (
	"fmt"
	"slices"
	"time"

	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/money"
)

// Payment is one attempt to pay an order, as the payment service knows it.
type Payment struct {
	PaymentID       string         `json:"payment_id" format:"uuid"`
	OrderID         string         `json:"order_id" format:"uuid"`
	CustomerID      string         `json:"customer_id"`
	Version         int64          `json:"version"`
	Attempt         int            `json:"attempt"`
	Status          string         `json:"status"`
	OperationStatus string         `json:"operation_status" doc:"The worst of the open operations"`
	Currency        money.Currency `json:"currency"`
	Amount          money.Money    `json:"amount" doc:"What shall be paid"`
	Authorized      money.Money    `json:"authorized"`
	Captured        money.Money    `json:"captured"`
	Refunded        money.Money    `json:"refunded"`
	Voided          money.Money    `json:"voided"`
	Operations      []Operation    `json:"operations"`
	RequestedAt     time.Time      `json:"requested_at"`
	UpdatedAt       time.Time      `json:"updated_at"`
}

// Operation is one thing asked of the gateway.
type Operation struct {
	OpID   string      `json:"op_id" format:"uuid"`
	Op     string      `json:"op"`
	Amount money.Money `json:"amount"`
	State  string      `json:"state"`
	Code   string      `json:"code,omitempty" doc:"Why it failed"`
}

func (o Operation) open() bool { return o.State != "succeeded" && o.State != "failed" }

// PaymentState is what is kept of a payment: what is shown, and what the next events need beyond it. The zero value is a payment
// nobody has heard of.
type PaymentState struct {
	Payment
	Requested bool              `json:"requested,omitempty"` // else it is not shown: only its void has come
	Begun     bool              `json:"begun,omitempty"`     // the gateway may have been called
	EarlyVoid bool              `json:"early_void,omitempty"`
	Declined  bool              `json:"declined,omitempty"`
	Expired   bool              `json:"expired,omitempty"`
	Lapsed    money.Amount      `json:"lapsed,omitempty"`  // what the gateway had let go by itself
	Reviews   map[string]string `json:"reviews,omitempty"` // open ones, by operation
}

// ApplyPayment returns the payment after one event. Events must come in version order; [ErrImpossible] if this one cannot follow.
func ApplyPayment(s PaymentState, e PaymentEvent) (PaymentState, error) {
	if s.PaymentID != "" && (s.PaymentID != e.Head.PaymentID || s.OrderID != e.Head.OrderID) {
		return s, fmt.Errorf("%w: %s of another payment", ErrImpossible, e.Type)
	}
	if s.PaymentID == "" {
		s.PaymentID, s.OrderID, s.RequestedAt = e.Head.PaymentID, e.Head.OrderID, e.Head.OccurredAt
	}
	s.Operations = append(make([]Operation, 0, len(s.Operations)+1), s.Operations...)
	ledger := clerk{&s}
	if !ledger.ask(e.Body) && !ledger.outcome(e.Body) && !ledger.review(e.Body) {
		return s, fmt.Errorf("%w: no rule for %s", ErrImpossible, e.Type)
	}
	s.Version, s.UpdatedAt = e.Head.Version, e.Head.OccurredAt
	s.Status, s.OperationStatus = s.status(), s.operationStatus()
	return s, nil
}

// clerk changes a copy of a payment whose operations are its own. Its methods return whether the event was theirs.
type clerk struct{ s *PaymentState }

func (c clerk) money(minor int64) money.Money {
	return money.Money{Amount: money.Amount(minor), Currency: c.s.Currency}
}

// ask folds what was asked for.
func (c clerk) ask(body any) bool {
	switch e := body.(type) {
	case paymentv1.Requested:
		c.requested(e)
	case paymentv1.AuthorizationStarted:
		c.s.Begun = true
	case paymentv1.OperationRequested:
		c.s.Operations = append(c.s.Operations, Operation{OpID: e.OpID, Op: e.Op, Amount: c.money(e.Amount), State: "requested"})
	default:
		return false
	}
	return true
}

func (c clerk) requested(e paymentv1.Requested) {
	s := c.s
	s.Requested, s.RequestedAt = true, e.OccurredAt
	s.Attempt, s.CustomerID, s.Currency = e.Attempt, e.CustomerID, money.Currency(e.Currency)
	for _, m := range []*money.Money{&s.Authorized, &s.Captured, &s.Refunded, &s.Voided} {
		m.Currency = s.Currency
	}
	for i := range s.Operations {
		s.Operations[i].Amount.Currency = s.Currency
	}
	s.Amount = c.money(e.Amount)
	auth := Operation{OpID: e.OpID, Op: "authorize", Amount: s.Amount, State: "requested"}
	if s.EarlyVoid {
		auth.State, auth.Code = "failed", "voided"
	}
	s.Operations = append(s.Operations, auth)
}

// outcome folds what came of an operation.
func (c clerk) outcome(body any) bool {
	s := c.s
	switch e := body.(type) {
	case paymentv1.Authorized:
		s.Authorized = c.money(e.Amount)
		c.end(Operation{OpID: e.OpID, Op: "authorize", Amount: s.Authorized, State: "succeeded"})
	case paymentv1.Declined:
		s.Declined = true
		c.end(Operation{OpID: e.OpID, Op: "authorize", Amount: s.Amount, State: "failed", Code: e.DeclineCode})
	case paymentv1.Captured:
		s.Captured.Amount += money.Amount(e.Amount)
		c.end(Operation{OpID: e.CaptureID, Op: "capture", Amount: c.money(e.Amount), State: "succeeded"})
	case paymentv1.CaptureFailed:
		c.end(Operation{OpID: e.CaptureID, Op: "capture", Amount: c.money(e.Amount), State: "failed", Code: e.Code})
	case paymentv1.Voided:
		c.voided(e)
	case paymentv1.VoidFailed:
		c.end(Operation{OpID: e.OpID, Op: "void", Amount: c.money(0), State: "failed", Code: e.Code})
	case paymentv1.Refunded:
		s.Refunded.Amount += money.Amount(e.Amount)
		c.end(Operation{OpID: e.RefundID, Op: "refund", Amount: c.money(e.Amount), State: "succeeded"})
	case paymentv1.RefundFailed:
		c.end(Operation{OpID: e.RefundID, Op: "refund", Amount: c.money(e.Amount), State: "failed", Code: e.Code})
	case paymentv1.AuthorizationExpired:
		s.Lapsed, s.Expired = s.Lapsed+money.Amount(e.Amount), true
	default:
		return false
	}
	return true
}

// voided ends the whole rest. If no call was made yet, it also ends the authorization.
func (c clerk) voided(e paymentv1.Voided) {
	s := c.s
	s.Voided.Amount += money.Amount(e.Amount)
	s.Lapsed += s.rest()
	i := slices.IndexFunc(s.Operations, func(o Operation) bool { return o.Op == "authorize" })
	if i < 0 || s.Operations[i].State == "requested" && !s.Begun {
		s.EarlyVoid = s.EarlyVoid || s.Authorized.Amount == 0
		if i >= 0 {
			s.Operations[i].State, s.Operations[i].Code = "failed", "voided"
		}
	}
	c.end(Operation{OpID: e.OpID, Op: "void", Amount: c.money(e.Amount), State: "succeeded"})
}

// review folds what is not known, or was not.
func (c clerk) review(body any) bool {
	switch e := body.(type) {
	case paymentv1.OutcomeUnknown:
		c.update(e.OpID, func(o *Operation) { o.State = "unknown" })
	case paymentv1.ManualReview:
		reviews := map[string]string{e.OpID: e.Reason}
		for op, reason := range c.s.Reviews {
			reviews[op] = reason
		}
		c.s.Reviews = reviews
		c.update(e.OpID, func(o *Operation) {
			if o.open() {
				o.State = "manual_review"
			}
		})
	case paymentv1.ReviewClosed:
		reviews := map[string]string{}
		for op, reason := range c.s.Reviews {
			if op != e.OpID {
				reviews[op] = reason
			}
		}
		c.s.Reviews = reviews
	default:
		return false
	}
	return true
}

// end gives an operation its definite state. One that was answered at once was never requested on its own: it is added.
func (c clerk) end(done Operation) {
	if !slices.ContainsFunc(c.s.Operations, func(o Operation) bool { return o.OpID == done.OpID }) {
		c.s.Operations = append(c.s.Operations, done)
		return
	}
	c.update(done.OpID, func(o *Operation) {
		o.State, o.Code = done.State, done.Code
		if done.State == "succeeded" {
			o.Amount = done.Amount
		}
	})
}

func (c clerk) update(id string, change func(*Operation)) {
	for i := range c.s.Operations {
		if c.s.Operations[i].OpID == id {
			change(&c.s.Operations[i])
		}
	}
}
