package httpapi

import (
	"context"
	"net/http"

	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

type placeBody struct {
	Token         string `json:"payment_method_token,omitempty" maxLength:"255" doc:"Needed unless the total is 0"`
	ExpectedTotal *Money `json:"expected_total,omitempty" doc:"The total that the customer has seen"`
}

type placeInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body *placeBody
}

func (s *server) place(ctx context.Context, in *placeInput) (*orderOutput, error) {
	var body placeBody
	if in.Body != nil {
		body = *in.Body
	}
	submit, err := submission(body.Token, body.ExpectedTotal)
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), body)
	if err != nil {
		return nil, err
	}
	return accepted(s.app.Place(ctx, a, order.ID(in.ID), submit))
}

type retryInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Token string `json:"payment_method_token" minLength:"1" maxLength:"255"`
	}
}

func (s *server) retryPayment(ctx context.Context, in *retryInput) (*orderOutput, error) {
	if err := checkToken(in.Body.Token); err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return accepted(s.app.RetryPayment(ctx, a, order.ID(in.ID), in.Body.Token))
}

// accepted answers a command whose money still moves.
func accepted(res app.Result, err error) (*orderOutput, error) {
	if err != nil {
		return nil, err
	}
	return orderAnswer(http.StatusAccepted, orderPath(res.State.ID), res), nil
}

// settled answers 202 while money moves, else 200.
func settled(res app.Result, err error) (*orderOutput, error) {
	if err != nil {
		return nil, err
	}
	switch res.State.PaymentStatus {
	case order.PayVoidPending, order.PayRefundPending, order.PayPending:
		return accepted(res, nil)
	default:
		return edited(res, nil)
	}
}
