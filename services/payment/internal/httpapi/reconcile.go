package httpapi

import (
	"context"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

type reconcileInput struct {
	webapi.Keyed
	PaymentID string         `path:"payment_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	OpID      string         `path:"op_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	Body      *reconcileBody `required:"false"`
}

type reconcileBody struct {
	Outcome    string     `json:"outcome,omitempty" enum:"succeeded,failed" doc:"Absent: ask the gateway"`
	GatewayRef string     `json:"gateway_ref,omitempty" maxLength:"128" doc:"Of an operation that succeeded"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty" doc:"Of an authorization that succeeded"`
	Code       string     `json:"code,omitempty" maxLength:"64" doc:"Of an operation that failed"`
	Note       string     `json:"note,omitempty" maxLength:"500"`
}

// reconcile answers with the payment as it is: the decision is carried out by a job.
func (s *server) reconcile(ctx context.Context, in *reconcileInput) (*paymentOutput, error) {
	who := auth.From(ctx)
	if !who.Has(auth.Finance) {
		if _, err := s.App.Payment(ctx, who, payment.ID(in.PaymentID)); err != nil {
			return nil, err // a foreign payment is not there, whatever the role
		}
		return nil, app.ErrForbidden
	}
	if in.Body == nil || in.Body.Outcome == "" {
		return s.lookUp(ctx, who, in)
	}
	d := app.Decision{
		PaymentID: payment.ID(in.PaymentID), OpID: payment.OpID(in.OpID), Succeeded: in.Body.Outcome == "succeeded",
		GatewayRef: in.Body.GatewayRef, Code: in.Body.Code, Note: in.Body.Note,
		CommandID: ids.Command(who.Key(), in.Key()), Actor: who.Actor(),
	}
	if in.Body.ExpiresAt != nil {
		d.ExpiresAt = in.Body.ExpiresAt.UTC().Truncate(time.Microsecond)
	}
	var err error
	if d.Fingerprint, err = in.Fingerprint(in.Body); err != nil {
		return nil, err
	}
	res, err := s.App.CheckReconcile(ctx, d)
	if err != nil {
		return nil, err
	}
	if !res.Repeated {
		if err := s.Jobs.Reconcile(ctx, d); err != nil {
			return nil, err
		}
	}
	return accepted(res), nil
}

func (s *server) lookUp(ctx context.Context, who auth.Principal, in *reconcileInput) (*paymentOutput, error) {
	res, err := s.App.Payment(ctx, who, payment.ID(in.PaymentID))
	if err != nil {
		return nil, err
	}
	if _, ok := res.State.Operation(payment.OpID(in.OpID)); !ok {
		return nil, app.ErrPaymentNotFound
	}
	if err := s.Jobs.LookUp(ctx, payment.ID(in.PaymentID), payment.OpID(in.OpID)); err != nil {
		return nil, err
	}
	return accepted(res), nil
}

func accepted(res app.Result) *paymentOutput {
	out := &paymentOutput{
		ETag: webapi.ETag(res.Version), Caching: "no-store", Location: "/v1/payments/" + string(res.State.ID), Body: paymentOf(res),
	}
	if res.Repeated {
		out.Replayed = "true"
	}
	return out
}
