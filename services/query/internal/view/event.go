package view

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/ids"
)

// What is wrong with an event. Trying again cures neither.
var (
	ErrUndecodable = errors.New("event cannot be decoded")
	ErrUnknownType = fmt.Errorf("%w: its type is not in the contract", ErrUndecodable) // a newer release on the other side
	ErrImpossible  = errors.New("event does not fit the view")
)

// OrderEvent is one event of orders.v1. Body is a struct of orderv1, by value.
type OrderEvent struct {
	Type string
	Head orderv1.Head
	Body any
}

// PaymentEvent is one event of payments.v1. Body is a struct of paymentv1, by value.
type PaymentEvent struct {
	Type string
	Head paymentv1.Head
	Body any
}

// CatalogEvent is one event of catalog.v1. Body is a struct of catalogv1, by value.
type CatalogEvent struct {
	Type string
	Head catalogv1.Head
	Body any
}

// DecodeOrder reads the body of an event of orders.v1.
func DecodeOrder(typ string, data []byte) (OrderEvent, error) {
	body, head, err := decode(orderv1.Types, typ, data)
	if err != nil {
		return OrderEvent{}, err
	}
	e := OrderEvent{Type: typ, Head: head.(orderv1.Head), Body: body} //nolint:forcetypeassert // every body begins with its Head
	switch {
	case !ids.Valid(e.Head.OrderID):
		return OrderEvent{}, fmt.Errorf("%w: %s without an order id", ErrUndecodable, typ)
	case e.Head.After.Status == "" || e.Head.After.PaymentStatus == "" || e.Head.After.FulfillmentStatus == "":
		return OrderEvent{}, fmt.Errorf("%w: %s without the axes after it", ErrUndecodable, typ)
	}
	return e, checkHead(typ, e.Head.Version, e.Head.OccurredAt.IsZero())
}

// DecodePayment reads the body of an event of payments.v1.
func DecodePayment(typ string, data []byte) (PaymentEvent, error) {
	body, head, err := decode(paymentv1.Types, typ, data)
	if err != nil {
		return PaymentEvent{}, err
	}
	e := PaymentEvent{Type: typ, Head: head.(paymentv1.Head), Body: body} //nolint:forcetypeassert // every body begins with its Head
	if !ids.Valid(e.Head.PaymentID) || !ids.Valid(e.Head.OrderID) {
		return PaymentEvent{}, fmt.Errorf("%w: %s without payment and order id", ErrUndecodable, typ)
	}
	return e, checkHead(typ, e.Head.Version, e.Head.OccurredAt.IsZero())
}

// DecodeCatalog reads the body of an event of catalog.v1.
func DecodeCatalog(typ string, data []byte) (CatalogEvent, error) {
	body, head, err := decode(catalogv1.Types, typ, data)
	if err != nil {
		return CatalogEvent{}, err
	}
	e := CatalogEvent{Type: typ, Head: head.(catalogv1.Head), Body: body} //nolint:forcetypeassert // every body begins with its Head
	if sku, err := ids.SKU(e.Head.SKU); err != nil || sku != e.Head.SKU {
		return CatalogEvent{}, fmt.Errorf("%w: %s without a SKU", ErrUndecodable, typ)
	}
	return e, checkHead(typ, e.Head.Version, e.Head.OccurredAt.IsZero())
}

func checkHead(typ string, version int64, noTime bool) error {
	if version < 1 || noTime {
		return fmt.Errorf("%w: %s without version or time", ErrUndecodable, typ)
	}
	return nil
}

// decode returns the body as the struct of its type, and that struct's first field.
func decode(types map[string]any, typ string, data []byte) (body, head any, err error) {
	zero, ok := types[typ]
	if !ok {
		return nil, nil, fmt.Errorf("%w: %q", ErrUnknownType, typ)
	}
	target := reflect.New(reflect.TypeOf(zero))
	if err := json.Unmarshal(data, target.Interface()); err != nil {
		return nil, nil, fmt.Errorf("%w: %s: %w", ErrUndecodable, typ, err)
	}
	value := target.Elem()
	return value.Interface(), value.Field(0).Interface(), nil
}
