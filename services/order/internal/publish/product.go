package publish

import (
	"time"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

func productFact(stored es.Event) (fact, error) {
	decoded, err := app.ProductEvents.Decode(stored)
	if err != nil {
		return fact{}, err
	}
	head := func(sku product.SKU, at time.Time) catalogv1.Head {
		return catalogv1.Head{SKU: string(sku), Version: stored.Version, OccurredAt: at}
	}
	switch e := decoded.(type) {
	case product.Listed:
		return fact{string(e.SKU), catalogv1.TypeProductListed, e.OccurredAt, catalogv1.ProductListed{
			Head: head(e.SKU, e.OccurredAt), Name: e.Name, TaxRateBP: e.TaxRateBP, TaxIncluded: e.TaxIncluded,
		}}, nil
	case product.PriceChanged:
		return fact{string(e.SKU), catalogv1.TypeProductPriceChanged, e.OccurredAt, catalogv1.ProductPriceChanged{
			Head: head(e.SKU, e.OccurredAt), PriceID: string(e.PriceID), Currency: string(e.Currency), Amount: int64(e.Amount),
			ValidFrom: e.ValidFrom, Reason: string(e.Reason), Note: e.Note,
		}}, nil
	case product.Renamed:
		return fact{string(e.SKU), catalogv1.TypeProductRenamed, e.OccurredAt, catalogv1.ProductRenamed{Head: head(e.SKU, e.OccurredAt), Name: e.Name}}, nil
	case product.TaxChanged:
		return fact{string(e.SKU), catalogv1.TypeProductTaxChanged, e.OccurredAt, catalogv1.ProductTaxChanged{
			Head: head(e.SKU, e.OccurredAt), TaxRateBP: e.TaxRateBP, TaxIncluded: e.TaxIncluded, ValidFrom: e.ValidFrom,
		}}, nil
	case product.Discontinued:
		return fact{string(e.SKU), catalogv1.TypeProductDiscontinued, e.OccurredAt, catalogv1.ProductDiscontinued{
			Head: head(e.SKU, e.OccurredAt), Reason: e.Reason,
		}}, nil
	}
	return fact{}, es.ErrUnknownEvent
}
