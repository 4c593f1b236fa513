package httpapi

import (
	"context"
	"reflect"
	"strings"
	"time"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/problem"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// OrderFilters are what lists of orders are filtered and sorted by.
type OrderFilters struct {
	Status            []string  `query:"status" doc:"Comma list"`
	PaymentStatus     []string  `query:"payment_status" doc:"Comma list"`
	FulfillmentStatus []string  `query:"fulfillment_status" doc:"Comma list"`
	Currency          string    `query:"currency" maxLength:"3" doc:"ISO 4217"`
	PlacedFrom        time.Time `query:"placed_from" doc:"Placed at or after this moment"`
	PlacedTo          time.Time `query:"placed_to" doc:"Placed before this moment"`
	Sort              string    `query:"sort" enum:"placed_at,-placed_at,updated_at,-updated_at,grand_total,-grand_total" default:"-placed_at" doc:"By total only with a currency; a draft sorts by its creation"`
	Paging
}

type ordersInput struct {
	CustomerID string `query:"customer_id" maxLength:"255"`
	OrderFilters
}

type customerOrdersInput struct {
	CustomerID string `path:"customer_id" maxLength:"255"`
	OrderFilters
}

// OrdersPage is a page of orders.
type OrdersPage struct {
	Items []view.OrderItem `json:"items"`
	Next  string           `json:"next,omitempty" doc:"Cursor of the next page"`
}

// ListHead is what the answers of lists say of the views.
type ListHead struct {
	Lag string `header:"X-Read-Model-Lag-Ms" doc:"How far the views are behind the events, as far as this process knows"`
}

type ordersOutput struct {
	ListHead
	Body OrdersPage
}

func (s *server) listOrders(ctx context.Context, in *ordersInput) (*ordersOutput, error) {
	return s.orders(ctx, in.CustomerID, in.OrderFilters)
}

func (s *server) listCustomerOrders(ctx context.Context, in *customerOrdersInput) (*ordersOutput, error) {
	if err := ownOr404(ctx, in.CustomerID); err != nil {
		return nil, err
	}
	return s.orders(ctx, in.CustomerID, in.OrderFilters)
}

func (s *server) orders(ctx context.Context, customer string, f OrderFilters) (*ordersOutput, error) {
	ask := view.OrderQuery{
		CustomerID: customer, Currency: f.Currency, PlacedFrom: f.PlacedFrom, PlacedTo: f.PlacedTo, Paging: f.by(f.Sort),
	}
	if err := f.into(&ask); err != nil {
		return nil, err
	}
	page, err := s.Views.Orders(ctx, auth.From(ctx), ask)
	if err != nil {
		return nil, err
	}
	return &ordersOutput{ListHead: ListHead{Lag: s.lag()}, Body: OrdersPage{Items: page.Items, Next: page.Next}}, nil
}

// into checks what the schema cannot say.
func (f OrderFilters) into(ask *view.OrderQuery) (err error) {
	if ask.Status, err = listed("status", f.Status, values("Status")); err != nil {
		return err
	}
	if ask.PaymentStatus, err = listed("payment_status", f.PaymentStatus, values("PaymentStatus")); err != nil {
		return err
	}
	if ask.FulfillmentStatus, err = listed("fulfillment_status", f.FulfillmentStatus, values("FulfillmentStatus")); err != nil {
		return err
	}
	switch {
	case strings.HasSuffix(f.Sort, "grand_total") && f.Currency == "":
		return problem.At(problem.BadRequest, "query.sort", "expected a currency beside it: totals of several cannot be compared")
	case !f.PlacedFrom.IsZero() && !f.PlacedTo.IsZero() && f.PlacedFrom.After(f.PlacedTo):
		return problem.At(problem.BadRequest, "query.placed_from", "expected a moment before placed_to")
	}
	return currency(f.Currency)
}

// values are those that an axis may have, as the contract lists them.
func values(axis string) []string {
	field, ok := reflect.TypeFor[orderv1.Axes]().FieldByName(axis)
	if !ok {
		panic("httpapi: no axis " + axis)
	}
	return strings.Split(field.Tag.Get("enum"), ",")
}
