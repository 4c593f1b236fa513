package httpapi

import (
	"context"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

type refundInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Lines      []LineUnits `json:"lines,omitempty" maxItems:"200" doc:"Shipped units"`
		Shipping   *Money      `json:"shipping,omitempty"`
		Adjustment *Money      `json:"adjustment,omitempty" doc:"Goodwill on top"`
		ReasonCode string      `json:"reason_code" enum:"return,damaged,goodwill,lost,price,other"`
		Note       string      `json:"note,omitempty" maxLength:"500"`
	}
}

func (s *server) refund(ctx context.Context, in *refundInput) (*orderOutput, error) {
	lines, err := parseUnits(in.Body.Lines)
	if err != nil {
		return nil, err
	}
	r := app.Refund{Lines: lines, Reason: order.RefundReason(in.Body.ReasonCode), Note: text(in.Body.Note)}
	if r.Shipping, err = part(in.Body.Shipping, "body.shipping", &r.Currency); err != nil {
		return nil, err
	}
	if r.Adjustment, err = part(in.Body.Adjustment, "body.adjustment", &r.Currency); err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return accepted(s.app.RequestRefund(ctx, a, order.ID(in.ID), r))
}

type captureInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body *struct{}
}

func (s *server) capture(ctx context.Context, in *captureInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), struct{}{})
	if err != nil {
		return nil, err
	}
	return accepted(s.app.RequestCapture(ctx, a, order.ID(in.ID)))
}

// part is an amount of a refund; all parts are in one currency.
func part(m *Money, location string, c *money.Currency) (money.Amount, error) {
	if m == nil {
		return 0, nil
	}
	currency, err := parseCurrency(m.Currency, location+".currency")
	if err != nil {
		return 0, err
	}
	if *c != "" && *c != currency {
		return 0, problem.At(problem.ValidationFailed, location+".currency", "expected the currency of the order")
	}
	*c = currency
	return amountOf(m.Amount, location+".amount")
}
