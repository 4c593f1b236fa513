package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// Views are what the API shows. Errors match those of package view; what is not the caller's is [view.ErrNotFound].
type Views interface {
	Order(ctx context.Context, who auth.Principal, id string, wish view.Wait) (view.Order, error)
	Timeline(ctx context.Context, who auth.Principal, id string, ask view.TimelineQuery, wish view.Wait) (view.Page[view.Entry], int64, error)
	Orders(ctx context.Context, who auth.Principal, ask view.OrderQuery) (view.Page[view.OrderItem], error)
	Payments(ctx context.Context, who auth.Principal, ask view.PaymentQuery) (view.Page[view.Payment], error)
	Products(ctx context.Context, who auth.Principal, ask view.ProductQuery) (view.Page[view.Product], error)
	Stock(ctx context.Context, who auth.Principal, ask view.StockQuery) (view.Page[view.Stock], error)
}

// Deps are what the API works with.
type Deps struct {
	Views Views
	Lag   func() time.Duration // how far the views are behind; default: not known, 0
	Now   func() time.Time     // default time.Now
}

type server struct{ Deps }

// Who may ask. Whose things they see is for the views.
var (
	anybody     = []auth.Role{auth.Customer, auth.Support, auth.Warehouse, auth.Finance, auth.Admin}
	ownersStaff = anybody
	moneyPeople = []auth.Role{auth.Customer, auth.Support, auth.Finance}
	staff       = []auth.Role{auth.Support, auth.Warehouse, auth.Finance, auth.Admin}
)

// New returns the API of the query service. cfg says who verifies tokens and where logs and metrics go; what is particular about this
// service is set here.
func New(cfg webapi.Config, deps Deps) *webapi.API {
	cfg.Name, cfg.Title = "query", "Kontor views"
	cfg.Description = "Reads: orders, their timelines, payments, products and stock, as of the events seen so far."
	cfg.Problem = problemOf
	if deps.Lag == nil {
		deps.Lag = func() time.Duration { return 0 }
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	api := webapi.New(cfg)
	s := &server{deps}
	handle(api, "list-orders", "/v1/orders", "Orders, newest first", ownersStaff, s.listOrders)
	handle(api, "get-order", "/v1/orders/{id}", "An order in detail", ownersStaff, s.getOrder)
	handle(api, "get-timeline", "/v1/orders/{id}/timeline", "What happened to an order, event by event", ownersStaff, s.getTimeline)
	handle(api, "list-customer-orders", "/v1/customers/{customer_id}/orders", "The orders of a customer", ownersStaff, s.listCustomerOrders)
	handle(api, "list-payments", "/v1/payments", "Payments, newest first", moneyPeople, s.listPayments)
	handle(api, "list-products", "/v1/products", "Products with their present prices", anybody, s.listProducts)
	handle(api, "list-stock", "/v1/stock", "What there is of each product", staff, s.listStock)
	return api
}

// deadline leaves a read that waits as long as it may the time to read.
const deadline = maxWait + 2*time.Second

func handle[I, O any](api *webapi.API, id, path, summary string, roles []auth.Role, fn func(context.Context, *I) (*O, error)) {
	webapi.Handle(api, huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, DefaultStatus: http.StatusOK},
		func(ctx context.Context, in *I) (*O, error) {
			if !auth.From(ctx).HasAny(roles...) {
				return nil, problem.New(problem.Forbidden, "")
			}
			return fn(ctx, in)
		}, webapi.WithDeadline(deadline))
}
