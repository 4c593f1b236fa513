package httpapi

import (
	"context"
	"net/http"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// Stock is what there is of a product.
type Stock struct {
	SKU       string `json:"sku"`
	OnHand    int64  `json:"on_hand"`
	Reserved  int64  `json:"reserved"`
	Available int64  `json:"available" doc:"on_hand − reserved; below 0 only after a correction"`
	Version   int64  `json:"version"`
}

// Movement is a booked receipt or correction, and the stock after it.
type Movement struct {
	MovementID string `json:"movement_id"`
	SKU        string `json:"sku"`
	OnHand     int64  `json:"on_hand"`
	Reserved   int64  `json:"reserved"`
}

type stockInput struct {
	SKU         string `path:"sku" maxLength:"64"`
	IfNoneMatch string `header:"If-None-Match"`
}

type stockOutput struct {
	Status int
	Head
	Body Stock
}

func (s *server) getStock(ctx context.Context, in *stockInput) (*stockOutput, error) {
	sku, err := parseSKU(in.SKU, "path.sku")
	if err != nil {
		return nil, err
	}
	res, err := s.app.Stock(ctx, auth.From(ctx), stock.SKU(sku))
	if err != nil {
		return nil, err
	}
	if err := unchanged(in.IfNoneMatch, res.Version); err != nil {
		return nil, err
	}
	return &stockOutput{Status: http.StatusOK, Head: Head{ETag: webapi.ETag(res.Version), Caching: webapi.ReadCaching}, Body: Stock{
		SKU: sku, OnHand: res.State.OnHand, Reserved: res.State.Reserved, Available: res.State.Available(), Version: res.Version,
	}}, nil
}

type receiptInput struct {
	SKU string `path:"sku" maxLength:"64"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Quantity  int64  `json:"quantity" minimum:"1" maximum:"1000000000"`
		Reference string `json:"reference,omitempty" maxLength:"64" doc:"Such as the number of the purchase"`
	}
}

type adjustmentInput struct {
	SKU string `path:"sku" maxLength:"64"`
	webapi.Keyed
	webapi.IfMatch
	Body struct {
		Delta      int64  `json:"delta" minimum:"-1000000000" maximum:"1000000000" doc:"What to add to the units on hand; not 0"`
		ReasonCode string `json:"reason_code" enum:"count,damage,loss,found"`
		Note       string `json:"note,omitempty" maxLength:"500"`
	}
}

type movementOutput struct {
	Status int
	Head
	Body Movement
}

func (s *server) receiveStock(ctx context.Context, in *receiptInput) (*movementOutput, error) {
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return s.book(ctx, a, in.Key(), in.SKU, app.Movement{
		Kind: stock.Receipt, Quantity: in.Body.Quantity, Reference: text(in.Body.Reference),
	})
}

func (s *server) adjustStock(ctx context.Context, in *adjustmentInput) (*movementOutput, error) {
	a, err := ask(ctx, in, in.Version(), in.Body)
	if err != nil {
		return nil, err
	}
	return s.book(ctx, a, in.Key(), in.SKU, app.Movement{
		Kind: stock.Adjustment, Delta: in.Body.Delta, Reason: stock.AdjustReason(in.Body.ReasonCode), Note: text(in.Body.Note),
	})
}

func (s *server) book(ctx context.Context, a app.Ask, key, rawSKU string, m app.Movement) (*movementOutput, error) {
	sku, err := parseSKU(rawSKU, "path.sku")
	if err != nil {
		return nil, err
	}
	m.ID, m.SKU = stock.MovementID(ids.Movement(a.By.Key(), key)), stock.SKU(sku)
	res, err := s.app.BookMovement(ctx, a, m)
	if err != nil {
		return nil, err
	}
	booked := res.State.Booked
	return &movementOutput{
		Status: http.StatusCreated,
		Head: Head{
			ETag: webapi.ETag(booked.StockVersion), Location: "/v1/stock/" + sku, Replayed: replayed(res.Repeated),
		},
		Body: Movement{MovementID: string(booked.MovementID), SKU: sku, OnHand: booked.OnHand, Reserved: booked.Reserved},
	}, nil
}
