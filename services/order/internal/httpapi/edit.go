package httpapi

import (
	"context"
	"net/http"

	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// ids in paths have one spelling. Struct tags cannot share a constant.

type addLineInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatchRequired
	Body NewLine
}

func (s *server) addLine(ctx context.Context, in *addLineInput) (*orderOutput, error) {
	sku, err := parseSKU(in.Body.SKU, "body.sku")
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return edited(s.app.AddLine(ctx, a, order.ID(in.ID), app.LineRequest{SKU: order.SKU(sku), Quantity: in.Body.Quantity}))
}

type changeLineInput struct {
	ID     string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	LineID string `path:"line_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.KeyedOptional
	webapi.IfMatchRequired
	Body struct {
		Quantity int `json:"quantity" minimum:"1" maximum:"999"`
	}
}

func (s *server) changeLine(ctx context.Context, in *changeLineInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return edited(s.app.ChangeQuantity(ctx, a, order.ID(in.ID), order.LineID(in.LineID), in.Body.Quantity))
}

type removeLineInput struct {
	ID     string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	LineID string `path:"line_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.KeyedOptional
	webapi.IfMatchRequired
}

func (s *server) removeLine(ctx context.Context, in *removeLineInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), nil)
	if err != nil {
		return nil, err
	}
	return edited(s.app.RemoveLine(ctx, a, order.ID(in.ID), order.LineID(in.LineID)))
}

type addressInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.KeyedOptional
	webapi.IfMatchRequired
	Body Address
}

func (s *server) setAddress(ctx context.Context, in *addressInput) (*orderOutput, error) {
	to, err := in.Body.parse("body")
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return edited(s.app.SetAddress(ctx, a, order.ID(in.ID), to))
}

type applyDiscountInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatchRequired
	Body struct {
		Code string `json:"code" maxLength:"64"`
	}
}

func (s *server) applyDiscount(ctx context.Context, in *applyDiscountInput) (*orderOutput, error) {
	code, err := parseCode(in.Body.Code, "body.code")
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return edited(s.app.ApplyDiscount(ctx, a, order.ID(in.ID), code))
}

type removeDiscountInput struct {
	ID         string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	DiscountID string `path:"discount_id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.KeyedOptional
	webapi.IfMatchRequired
}

func (s *server) removeDiscount(ctx context.Context, in *removeDiscountInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), nil)
	if err != nil {
		return nil, err
	}
	return edited(s.app.RemoveDiscount(ctx, a, order.ID(in.ID), order.DiscountID(in.DiscountID)))
}

type noteInput struct {
	ID string `path:"id" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"500"`
	}
}

func (s *server) addNote(ctx context.Context, in *noteInput) (*orderOutput, error) {
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return edited(s.app.AddNote(ctx, a, order.ID(in.ID), text(in.Body.Note)))
}

// edited answers a command that is done when it is answered.
func edited(res app.Result, err error) (*orderOutput, error) {
	if err != nil {
		return nil, err
	}
	return orderAnswer(http.StatusOK, "", res), nil
}
