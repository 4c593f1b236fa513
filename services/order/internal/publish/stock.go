package publish

import (
	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

func stockFact(stored es.Event) (fact, error) {
	decoded, err := app.StockEvents.Decode(stored)
	if err != nil {
		return fact{}, err
	}
	head := func(h stock.Head) (catalogv1.Head, catalogv1.Level) {
		return catalogv1.Head{SKU: string(h.SKU), Version: stored.Version, OccurredAt: h.OccurredAt},
			catalogv1.Level{OnHand: h.OnHand, Reserved: h.Reserved}
	}
	switch e := decoded.(type) {
	case stock.Received:
		h, level := head(e.Head)
		return fact{string(e.SKU), catalogv1.TypeStockReceived, e.OccurredAt, catalogv1.StockReceived{
			Head: h, Level: level, Quantity: e.Quantity, Source: string(e.Source), Reference: e.Reference,
			MovementID: string(e.MovementID), OrderID: string(e.OrderID),
		}}, nil
	case stock.Reserved:
		h, level := head(e.Head)
		return fact{string(e.SKU), catalogv1.TypeStockReserved, e.OccurredAt, catalogv1.StockReserved{
			Head: h, Level: level, OrderID: string(e.OrderID), Quantity: e.Quantity,
		}}, nil
	case stock.Released:
		h, level := head(e.Head)
		return fact{string(e.SKU), catalogv1.TypeStockReleased, e.OccurredAt, catalogv1.StockReleased{
			Head: h, Level: level, OrderID: string(e.OrderID), Quantity: e.Quantity, Reason: string(e.Reason),
		}}, nil
	case stock.Shipped:
		h, level := head(e.Head)
		return fact{string(e.SKU), catalogv1.TypeStockShipped, e.OccurredAt, catalogv1.StockShipped{
			Head: h, Level: level, OrderID: string(e.OrderID), ShipmentID: string(e.ShipmentID), Quantity: e.Quantity,
		}}, nil
	case stock.Adjusted:
		h, level := head(e.Head)
		return fact{string(e.SKU), catalogv1.TypeStockAdjusted, e.OccurredAt, catalogv1.StockAdjusted{
			Head: h, Level: level, MovementID: string(e.MovementID), Delta: e.Delta, ReasonCode: string(e.Reason), Note: e.Note,
		}}, nil
	}
	return fact{}, es.ErrUnknownEvent
}
