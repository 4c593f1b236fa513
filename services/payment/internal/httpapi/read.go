package httpapi

import (
	"context"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

type paymentInput struct {
	PaymentID   string `path:"payment_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	IfNoneMatch string `header:"If-None-Match"`
}

type paymentOutput struct {
	ETag     string `header:"ETag" doc:"The version of the payment, in quotes"`
	Caching  string `header:"Cache-Control"`
	Location string `header:"Location"`
	Replayed string `header:"Idempotency-Replayed" doc:"true if the command was carried out before"`
	Body     Payment
}

func (s *server) getPayment(ctx context.Context, in *paymentInput) (*paymentOutput, error) {
	res, err := s.App.Payment(ctx, auth.From(ctx), payment.ID(in.PaymentID))
	if err != nil {
		return nil, err
	}
	tag := webapi.ETag(res.Version)
	if webapi.Matches(in.IfNoneMatch, tag) {
		return nil, webapi.NotModified(tag)
	}
	return &paymentOutput{ETag: tag, Caching: webapi.ReadCaching, Body: paymentOf(res)}, nil
}

type orderInput struct {
	OrderID string `path:"order_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
}

type paymentsOutput struct {
	Caching string `header:"Cache-Control"`
	Body    struct {
		Items []Payment `json:"items"`
	}
}

func (s *server) listPayments(ctx context.Context, in *orderInput) (*paymentsOutput, error) {
	all, err := s.App.OfOrder(ctx, auth.From(ctx), payment.OrderID(in.OrderID))
	if err != nil {
		return nil, err
	}
	out := &paymentsOutput{Caching: webapi.ReadCaching}
	for _, res := range all {
		out.Body.Items = append(out.Body.Items, paymentOf(res))
	}
	return out, nil
}
