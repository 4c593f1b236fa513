package publish

import (
	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

func stockBody(stored es.Event) (key, typ string, body any, err error) {
	fact, err := app.StockEvents.Decode(stored)
	if err != nil {
		return "", "", nil, err
	}
	head := func(h stock.Head) (catalogv1.Head, catalogv1.Level) {
		return catalogv1.Head{SKU: string(h.SKU), Version: stored.Version, OccurredAt: h.OccurredAt},
			catalogv1.Level{OnHand: h.OnHand, Reserved: h.Reserved}
	}
	switch e := fact.(type) {
	case stock.Received:
		h, level := head(e.Head)
		return string(e.SKU), catalogv1.TypeStockReceived, catalogv1.StockReceived{
			Head: h, Level: level, Quantity: e.Quantity, Source: string(e.Source), Reference: e.Reference,
			MovementID: string(e.MovementID), OrderID: string(e.OrderID),
		}, nil
	case stock.Reserved:
		h, level := head(e.Head)
		return string(e.SKU), catalogv1.TypeStockReserved, catalogv1.StockReserved{
			Head: h, Level: level, OrderID: string(e.OrderID), Quantity: e.Quantity,
		}, nil
	case stock.Released:
		h, level := head(e.Head)
		return string(e.SKU), catalogv1.TypeStockReleased, catalogv1.StockReleased{
			Head: h, Level: level, OrderID: string(e.OrderID), Quantity: e.Quantity, Reason: string(e.Reason),
		}, nil
	case stock.Shipped:
		h, level := head(e.Head)
		return string(e.SKU), catalogv1.TypeStockShipped, catalogv1.StockShipped{
			Head: h, Level: level, OrderID: string(e.OrderID), ShipmentID: string(e.ShipmentID), Quantity: e.Quantity,
		}, nil
	case stock.Adjusted:
		h, level := head(e.Head)
		return string(e.SKU), catalogv1.TypeStockAdjusted, catalogv1.StockAdjusted{
			Head: h, Level: level, MovementID: string(e.MovementID), Delta: e.Delta, ReasonCode: string(e.Reason), Note: e.Note,
		}, nil
	}
	return "", "", nil, es.ErrUnknownEvent
}
