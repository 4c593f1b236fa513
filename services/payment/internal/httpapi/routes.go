package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/payment/internal/app"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// UseCases is what requests set off; [app.App] has it.
type UseCases interface {
	Payment(ctx context.Context, who auth.Principal, id payment.ID) (app.Result, error)
	OfOrder(ctx context.Context, who auth.Principal, id payment.OrderID) ([]app.Result, error)
	CheckReconcile(ctx context.Context, d app.Decision) (app.Result, error)
}

// Jobs is where work for later goes.
type Jobs interface {
	LookUp(ctx context.Context, id payment.ID, op payment.OpID) error
	Reconcile(ctx context.Context, d app.Decision) error
}

// Deps is what the API stands on. Now may be nil.
type Deps struct {
	App           UseCases
	Jobs          Jobs
	WebhookSecret string // empty: every webhook is refused
	Now           func() time.Time
}

type server struct{ Deps }

// New returns the API. cfg says what is not particular to its routes; its name, title and problems are set here.
func New(cfg webapi.Config, d Deps) *webapi.API {
	if d.Now == nil {
		d.Now = time.Now
	}
	s := &server{Deps: d}
	cfg.Name, cfg.Title, cfg.Problem = "payment", "Kontor payments", problemOf
	api := webapi.New(cfg)
	webapi.Handle(api, huma.Operation{
		OperationID: "get-payment", Method: http.MethodGet, Path: "/v1/payments/{payment_id}", Tags: []string{"payments"},
		Summary: "A payment and its operations", Description: "For its owner, support and finance.",
	}, s.getPayment)
	webapi.Handle(api, huma.Operation{
		OperationID: "list-order-payments", Method: http.MethodGet, Path: "/v1/orders/{order_id}/payments", Tags: []string{"payments"},
		Summary: "The payments of an order, the first attempt first", Description: "For its owner, support and finance.",
	}, s.listPayments)
	webapi.Handle(api, huma.Operation{
		OperationID: "reconcile-operation", Method: http.MethodPost, Path: "/v1/payments/{payment_id}/operations/{op_id}/reconcile",
		Tags: []string{"payments"}, DefaultStatus: http.StatusAccepted,
		Summary:     "Look an operation up now, or decide a manual review",
		Description: "For finance. Without an outcome the gateway is asked. 409 operation_closed when nothing waits to be decided.",
	}, s.reconcile, webapi.WithDeadline(5*time.Second))
	webapi.Handle(api, huma.Operation{
		OperationID: "gateway-webhook", Method: http.MethodPost, Path: "/v1/webhooks/gateway", Tags: []string{"webhooks"},
		DefaultStatus: http.StatusAccepted, Security: webapi.NoToken, SkipValidateBody: true, // the raw bytes are what is signed
		Summary: "A hint of the gateway that something happened to a key", Description: "Signed by the gateway; see its headers.",
	}, s.webhook)
	return api
}
