package publish

import (
	"time"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/product"
)

func productBody(stored es.Event) (key, typ string, body any, err error) {
	fact, err := app.ProductEvents.Decode(stored)
	if err != nil {
		return "", "", nil, err
	}
	head := func(sku product.SKU, at time.Time) catalogv1.Head {
		return catalogv1.Head{SKU: string(sku), Version: stored.Version, OccurredAt: at}
	}
	switch e := fact.(type) {
	case product.Listed:
		return string(e.SKU), catalogv1.TypeProductListed, catalogv1.ProductListed{
			Head: head(e.SKU, e.OccurredAt), Name: e.Name, TaxRateBP: e.TaxRateBP, TaxIncluded: e.TaxIncluded,
		}, nil
	case product.PriceChanged:
		return string(e.SKU), catalogv1.TypeProductPriceChanged, catalogv1.ProductPriceChanged{
			Head: head(e.SKU, e.OccurredAt), PriceID: string(e.PriceID), Currency: string(e.Currency), Amount: int64(e.Amount),
			ValidFrom: e.ValidFrom, Reason: string(e.Reason), Note: e.Note,
		}, nil
	case product.Renamed:
		return string(e.SKU), catalogv1.TypeProductRenamed, catalogv1.ProductRenamed{Head: head(e.SKU, e.OccurredAt), Name: e.Name}, nil
	case product.TaxChanged:
		return string(e.SKU), catalogv1.TypeProductTaxChanged, catalogv1.ProductTaxChanged{
			Head: head(e.SKU, e.OccurredAt), TaxRateBP: e.TaxRateBP, TaxIncluded: e.TaxIncluded, ValidFrom: e.ValidFrom,
		}, nil
	case product.Discontinued:
		return string(e.SKU), catalogv1.TypeProductDiscontinued, catalogv1.ProductDiscontinued{
			Head: head(e.SKU, e.OccurredAt), Reason: e.Reason,
		}, nil
	}
	return "", "", nil, es.ErrUnknownEvent
}
