package catalogv1_test

import (
	"testing"
	"time"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	"github.com/kontor-dev/kontor/internal/contractstest"
)

func TestWire(t *testing.T) { contractstest.Run(t, catalogv1.Types, examples) }

const (
	orderID    = "6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01"
	priceID    = "b0a1c2d3-0000-5002-8002-000000000002"
	shipmentID = "b0a1c2d3-0000-5006-8006-000000000006"
	movementID = "b0a1c2d3-0000-500a-800a-00000000000a"
)

// at is an instant with microseconds, so many minutes after ten.
func at(minutes int) time.Time {
	return time.Date(2026, 3, 14, 10, minutes, 5, 123456000, time.UTC)
}

func head(version int64) catalogv1.Head {
	return catalogv1.Head{SKU: "TEA-01", Version: version, OccurredAt: at(int(version))}
}

var examples = map[string]any{
	catalogv1.TypeProductListed: catalogv1.ProductListed{
		Head: head(1), Name: "Grüner Tee", TaxRateBP: 1900, TaxIncluded: true,
	},
	catalogv1.TypeProductPriceChanged: catalogv1.ProductPriceChanged{
		Head: head(2), PriceID: priceID, Currency: "EUR", Amount: 1999, ValidFrom: at(30), Reason: "promotion", Note: "spring",
	},
	catalogv1.TypeProductPriceChanged + "+free": catalogv1.ProductPriceChanged{
		Head: head(2), PriceID: priceID, Currency: "JPY", ValidFrom: at(2), Reason: "initial",
	},
	catalogv1.TypeProductRenamed: catalogv1.ProductRenamed{Head: head(3), Name: "Sencha"},
	catalogv1.TypeProductTaxChanged: catalogv1.ProductTaxChanged{
		Head: head(4), TaxRateBP: 700, TaxIncluded: true, ValidFrom: at(45),
	},
	catalogv1.TypeProductDiscontinued: catalogv1.ProductDiscontinued{Head: head(5), Reason: "end of season"},
	catalogv1.TypeStockReceived: catalogv1.StockReceived{
		Head: head(1), Level: catalogv1.Level{OnHand: 10, Reserved: 1}, Quantity: 10, Source: "return", Reference: "PO-7",
		MovementID: movementID, OrderID: orderID,
	},
	catalogv1.TypeStockReceived + "+purchase": catalogv1.StockReceived{
		Head: head(1), Level: catalogv1.Level{OnHand: 10}, Quantity: 10, Source: "purchase", Reference: "PO-7", MovementID: movementID,
	},
	catalogv1.TypeStockReserved: catalogv1.StockReserved{
		Head: head(2), Level: catalogv1.Level{OnHand: 10, Reserved: 2}, OrderID: orderID, Quantity: 2,
	},
	catalogv1.TypeStockReleased: catalogv1.StockReleased{
		Head: head(3), Level: catalogv1.Level{OnHand: 10, Reserved: 1}, OrderID: orderID, Quantity: 1, Reason: "lines_cancelled",
	},
	catalogv1.TypeStockShipped: catalogv1.StockShipped{
		Head: head(4), Level: catalogv1.Level{OnHand: 9, Reserved: 1}, OrderID: orderID, ShipmentID: shipmentID, Quantity: 1,
	},
	catalogv1.TypeStockAdjusted: catalogv1.StockAdjusted{
		Head: head(5), Level: catalogv1.Level{OnHand: 7, Reserved: 1}, MovementID: movementID, Delta: -2, ReasonCode: "damage", Note: "wet",
	},
}
