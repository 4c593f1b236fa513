package httpapi

import (
	"time"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// Money is an amount with its currency.
type Money struct {
	Amount   int64  `json:"amount" doc:"Minor units, such as cents"`
	Currency string `json:"currency" doc:"ISO 4217" example:"EUR"`
}

// Payment is one attempt to pay an order.
type Payment struct {
	PaymentID       string      `json:"payment_id" format:"uuid"`
	OrderID         string      `json:"order_id" format:"uuid"`
	Attempt         int         `json:"attempt"`
	Status          string      `json:"status" enum:"requested,authorizing,authorized,partially_captured,captured,partially_refunded,refunded,declined,voided,expired"`
	OperationStatus string      `json:"operation_status" enum:"idle,in_progress,outcome_unknown,manual_review"`
	Currency        string      `json:"currency"`
	Amount          Money       `json:"amount" doc:"What is to be paid"`
	Authorized      Money       `json:"authorized"`
	Captured        Money       `json:"captured"`
	Refunded        Money       `json:"refunded"`
	Voided          Money       `json:"voided"`
	AuthExpiresAt   *time.Time  `json:"auth_expires_at,omitempty"`
	Operations      []Operation `json:"operations"`
}

// Operation is one call for the gateway.
type Operation struct {
	OpID   string `json:"op_id" format:"uuid"`
	Op     string `json:"op" enum:"authorize,capture,void,refund"`
	Amount Money  `json:"amount"`
	State  string `json:"state" enum:"requested,unknown,manual_review,succeeded,failed"`
	Code   string `json:"code,omitempty" doc:"Why it failed, or why it is in manual review"`
}

func paymentOf(res app.Result) Payment {
	s := res.State
	amount := func(a money.Amount) Money { return Money{Amount: int64(a), Currency: string(s.Currency)} }
	p := Payment{
		PaymentID: string(s.ID), OrderID: string(s.OrderID), Attempt: s.Attempt, Status: string(s.Status()),
		OperationStatus: string(s.OperationStatus()), Currency: string(s.Currency), Amount: amount(s.Amount),
		Authorized: amount(s.Authorized), Captured: amount(s.Captured), Refunded: amount(s.Refunded), Voided: amount(s.Released),
		Operations: []Operation{},
	}
	if !s.ExpiresAt.IsZero() {
		p.AuthExpiresAt = &s.ExpiresAt
	}
	for _, o := range s.Operations {
		p.Operations = append(p.Operations, operationOf(o, amount(o.Amount)))
	}
	return p
}

func operationOf(o payment.Operation, amount Money) Operation {
	out := Operation{OpID: string(o.OpID), Op: string(o.Op), Amount: amount, State: string(o.State), Code: o.Code}
	if o.Review != "" {
		out.State, out.Code = string(payment.OpReview), string(o.Review)
	}
	return out
}
