package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
)

// server is the handlers; one use case each.
type server struct{ app *app.App }

// New returns the API of the order service. cfg says who verifies tokens and
// where logs and metrics go; what is particular about this service is set here.
func New(a *app.App, cfg webapi.Config) *webapi.API {
	cfg.Name, cfg.Title = "order", "Kontor orders"
	cfg.Description = "Commands on orders, price book and stock; reads of a single stream. Lists are the query service's."
	cfg.Problem = problemOf
	api := webapi.New(cfg)
	s := &server{a}
	s.orders(api)
	s.parcels(api)
	s.catalog(api)
	return api
}

// orders are the routes of an order until it ships.
func (s *server) orders(api *webapi.API) {
	handle(api, "create-order", http.MethodPost, "/v1/orders", "Create an order, as a draft or placed at once", s.create, 201)
	handle(api, "get-order-state", http.MethodGet, "/v1/orders/{id}/state", "The order from its stream: now, at a version or at a moment", s.getState)
	handle(api, "add-line", http.MethodPost, "/v1/orders/{id}/lines", "Put units of a product on a draft", s.addLine)
	handle(api, "change-line", http.MethodPatch, "/v1/orders/{id}/lines/{line_id}", "Give a line of a draft another quantity", s.changeLine)
	handle(api, "remove-line", http.MethodDelete, "/v1/orders/{id}/lines/{line_id}", "Take a line off a draft", s.removeLine)
	handle(api, "set-shipping-address", http.MethodPut, "/v1/orders/{id}/shipping-address", "Say where a draft goes", s.setAddress)
	handle(api, "apply-discount", http.MethodPost, "/v1/orders/{id}/discounts", "Put a discount on a draft", s.applyDiscount)
	handle(api, "remove-discount", http.MethodDelete, "/v1/orders/{id}/discounts/{discount_id}", "Take a discount off a draft", s.removeDiscount)
	handle(api, "place-order", http.MethodPost, "/v1/orders/{id}/place", "Place a draft", s.place, 202)
	handle(api, "retry-payment", http.MethodPost, "/v1/orders/{id}/payments", "Try again to pay what is outstanding", s.retryPayment, 202)
	handle(api, "cancel-order", http.MethodPost, "/v1/orders/{id}/cancel", "Cancel all; 202 while money moves", s.cancel)
	handle(api, "cancel-lines", http.MethodPost, "/v1/orders/{id}/lines/cancel", "Cancel unshipped units", s.cancelLines)
	handle(api, "add-note", http.MethodPost, "/v1/orders/{id}/notes", "Write something down", s.addNote)
}

// parcels are the routes of an order from its first parcel on.
func (s *server) parcels(api *webapi.API) {
	handle(api, "dispatch-shipment", http.MethodPost, "/v1/orders/{id}/shipments", "Ship units as one parcel", s.ship, 201)
	handle(api, "deliver-shipment", http.MethodPost, "/v1/orders/{id}/shipments/{shipment_id}/delivered", "A parcel arrived", s.deliver)
	handle(api, "correct-tracking", http.MethodPut, "/v1/orders/{id}/shipments/{shipment_id}/tracking", "How a parcel is really tracked", s.correctTracking)
	handle(api, "close-shipment", http.MethodPost, "/v1/orders/{id}/shipments/{shipment_id}/close", "A parcel was lost or came back", s.closeShipment)
	handle(api, "request-return", http.MethodPost, "/v1/orders/{id}/returns", "Announce units that come back", s.requestReturn, 201)
	handle(api, "approve-return", http.MethodPost, "/v1/orders/{id}/returns/{return_id}/approve", "Let the customer send them", s.approveReturn)
	handle(api, "reject-return", http.MethodPost, "/v1/orders/{id}/returns/{return_id}/reject", "Leave them with the customer", s.rejectReturn)
	handle(api, "receive-return", http.MethodPost, "/v1/orders/{id}/returns/{return_id}/receive", "Units arrived", s.receiveReturn)
	handle(api, "close-return", http.MethodPost, "/v1/orders/{id}/returns/{return_id}/close", "Nothing more will arrive", s.closeReturn)
	handle(api, "request-refund", http.MethodPost, "/v1/orders/{id}/refunds", "Give money back", s.refund, 202)
	handle(api, "request-capture", http.MethodPost, "/v1/orders/{id}/captures", "Take what a failed capture left behind", s.capture, 202)
}

// catalog are the routes of price book, discounts and stock.
func (s *server) catalog(api *webapi.API) {
	handle(api, "get-product", http.MethodGet, "/v1/products/{sku}", "A product with its prices", s.getProduct)
	handle(api, "put-product", http.MethodPut, "/v1/products/{sku}", "List a product, or rename it", s.putProduct)
	handle(api, "put-price", http.MethodPut, "/v1/products/{sku}/price", "Set a price from a moment on", s.putPrice)
	handle(api, "get-prices", http.MethodGet, "/v1/products/{sku}/prices", "The price history", s.getPrices)
	handle(api, "put-tax", http.MethodPut, "/v1/products/{sku}/tax", "Change the tax from a moment on", s.putTax)
	handle(api, "discontinue-product", http.MethodPost, "/v1/products/{sku}/discontinue", "End the sale of a product", s.discontinue)
	handle(api, "put-discount", http.MethodPut, "/v1/discounts/{code}", "Say what a code is worth", s.putDiscount)
	handle(api, "get-discount", http.MethodGet, "/v1/discounts/{code}", "What a code is worth", s.getDiscount)
	handle(api, "withdraw-discount", http.MethodDelete, "/v1/discounts/{code}", "End a discount", s.deleteDiscount)
	handle(api, "get-stock", http.MethodGet, "/v1/stock/{sku}", "What there is of a product", s.getStock)
	handle(api, "receive-stock", http.MethodPost, "/v1/stock/{sku}/receipts", "Take units in", s.receiveStock, 201)
	handle(api, "adjust-stock", http.MethodPost, "/v1/stock/{sku}/adjustments", "Correct the count", s.adjustStock, 201)
}

// handle registers one operation. status is the default one of a success, 200 if
// left out.
func handle[I, O any](api *webapi.API, id, method, path, summary string, fn func(context.Context, *I) (*O, error), status ...int) {
	op := huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: http.StatusOK}
	if len(status) > 0 {
		op.DefaultStatus = status[0]
	}
	webapi.Handle(api, op, fn)
}
