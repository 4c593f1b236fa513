package gateway

import (
	"errors"
	"time"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// body is what an operation sends.
type body struct {
	OrderID   string `json:"order_id"`
	PaymentID string `json:"payment_id"`
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
	Token     string `json:"token,omitempty"`
	AuthRef   string `json:"authorization_ref,omitempty"`
}

// reply is what the gateway answers.
type reply struct {
	status     int
	Op         string     `json:"op"`
	Key        string     `json:"key"`
	Amount     int64      `json:"amount"`
	Currency   string     `json:"currency"`
	Outcome    string     `json:"outcome"`
	Code       string     `json:"code"`
	Class      string     `json:"class"`
	Message    string     `json:"message"`
	GatewayRef string     `json:"gateway_ref"`
	At         time.Time  `json:"at"`
	ExpiresAt  *time.Time `json:"expires_at"`
	Card       *card      `json:"card"`
}

type card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// answer is the reply to an operation. Amount and currency are passed on as the gateway names them: whether
// they fit is decided by the core.
func (r reply) answer(op payment.Op) (app.Authorization, error) {
	out, err := r.outcome()
	switch {
	case err != nil:
		return app.Authorization{}, err
	case r.Op != string(op):
		return app.Authorization{}, bad("reply is about another operation")
	case out.Result == payment.Refused:
		return app.Authorization{}, &app.Declined{Code: out.Code, Class: out.Class, Message: out.Message}
	case out.Result == payment.Failed:
		return app.Authorization{}, &app.Failed{Code: out.Code}
	}
	return app.Authorization{
		Receipt:   app.Receipt{GatewayRef: out.GatewayRef, Amount: out.Amount, Currency: out.Currency, At: out.At},
		ExpiresAt: out.ExpiresAt, Card: out.Card,
	}, nil
}

func bad(why string) error { return &app.Unknown{Class: "bad_reply", Err: errors.New(why)} }

// outcome is the reply as a definite answer, if it is one.
func (r reply) outcome() (payment.Outcome, error) {
	out := payment.Outcome{
		Amount: money.Amount(r.Amount), Currency: money.Currency(r.Currency), GatewayRef: r.GatewayRef,
		At: r.At.UTC().Truncate(time.Microsecond), Code: r.Code, Class: payment.Class(r.Class), Message: r.Message,
	}
	switch r.Outcome {
	case "ok":
		out.Result = payment.Succeeded
	case "declined":
		out.Result = payment.Refused
	case "failed":
		out.Result = payment.Failed
	default:
		return payment.Outcome{}, bad("reply names no outcome")
	}
	if r.ExpiresAt != nil {
		out.ExpiresAt = r.ExpiresAt.UTC().Truncate(time.Microsecond)
	}
	if r.Card != nil {
		out.Card = &payment.Card{Brand: r.Card.Brand, Last4: r.Card.Last4}
	}
	switch {
	case out.Result == payment.Succeeded && (r.GatewayRef == "" || r.At.IsZero()):
		return payment.Outcome{}, bad("success without reference or time")
	case out.Result == payment.Succeeded && r.Op == string(payment.OpAuthorize) && r.ExpiresAt == nil:
		return payment.Outcome{}, bad("authorization without expiry")
	case out.Result == payment.Refused && out.Class != payment.Soft:
		out.Class = payment.Hard
	}
	return out, nil
}
