package httpapi

import (
	"context"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

type paymentsInput struct {
	Status          []string `query:"status" doc:"Comma list"`
	OperationStatus []string `query:"operation_status" doc:"Comma list"`
	OrderID         string   `query:"order_id" maxLength:"64"`
	Sort            string   `query:"sort" enum:"requested_at,-requested_at" default:"-requested_at"`
	Paging
}

// PaymentsPage is a page of payments.
type PaymentsPage struct {
	Items []view.Payment `json:"items"`
	Next  string         `json:"next,omitempty" doc:"Cursor of the next page"`
}

type paymentsOutput struct {
	ListHead
	Body PaymentsPage
}

var (
	paymentStatuses = []string{
		"requested", "authorizing", "authorized", "partially_captured", "captured", "partially_refunded", "refunded", "declined", "voided", "expired",
	}
	operationStatuses = []string{"idle", "in_progress", "outcome_unknown", "manual_review"}
)

func (s *server) listPayments(ctx context.Context, in *paymentsInput) (_ *paymentsOutput, err error) {
	ask := view.PaymentQuery{OrderID: in.OrderID, Paging: in.by(in.Sort)}
	if ask.Status, err = listed("status", in.Status, paymentStatuses); err != nil {
		return nil, err
	}
	if ask.OperationStatus, err = listed("operation_status", in.OperationStatus, operationStatuses); err != nil {
		return nil, err
	}
	if in.OrderID != "" {
		if err := orderID(in.OrderID, "query.order_id"); err != nil {
			return nil, err
		}
	}
	page, err := s.Views.Payments(ctx, auth.From(ctx), ask)
	if err != nil {
		return nil, err
	}
	return &paymentsOutput{ListHead: ListHead{Lag: s.lag()}, Body: PaymentsPage{Items: page.Items, Next: page.Next}}, nil
}

type productsInput struct {
	Currency string `query:"currency" maxLength:"3" doc:"Only products that ever had a price in it"`
	Sort     string `query:"sort" enum:"sku,-sku" default:"sku"`
	Paging
}

// ProductsPage is a page of products.
type ProductsPage struct {
	Items []view.Product `json:"items"`
	Next  string         `json:"next,omitempty" doc:"Cursor of the next page"`
}

type productsOutput struct {
	ListHead
	Body ProductsPage
}

func (s *server) listProducts(ctx context.Context, in *productsInput) (*productsOutput, error) {
	if err := currency(in.Currency); err != nil {
		return nil, err
	}
	page, err := s.Views.Products(ctx, auth.From(ctx), view.ProductQuery{Currency: in.Currency, At: s.Now(), Paging: in.by(in.Sort)})
	if err != nil {
		return nil, err
	}
	return &productsOutput{ListHead: ListHead{Lag: s.lag()}, Body: ProductsPage{Items: page.Items, Next: page.Next}}, nil
}

type stockInput struct {
	Sort string `query:"sort" enum:"sku,-sku" default:"sku"`
	Paging
}

// StockPage is a page of what there is.
type StockPage struct {
	Items []view.Stock `json:"items"`
	Next  string       `json:"next,omitempty" doc:"Cursor of the next page"`
}

type stockOutput struct {
	ListHead
	Body StockPage
}

func (s *server) listStock(ctx context.Context, in *stockInput) (*stockOutput, error) {
	page, err := s.Views.Stock(ctx, auth.From(ctx), view.StockQuery{Paging: in.by(in.Sort)})
	if err != nil {
		return nil, err
	}
	return &stockOutput{ListHead: ListHead{Lag: s.lag()}, Body: StockPage{Items: page.Items, Next: page.Next}}, nil
}
