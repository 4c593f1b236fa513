package app

import (
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/product"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// The codecs of the service's streams. Their names are state: a stored name is
// never renamed, a stored shape never forgotten. They are read-only.
var (
	OrderEvents    = orderCodec()
	ProductEvents  = productCodec()
	DiscountEvents = discountCodec()
	StockEvents    = stockCodec()
	MovementEvents = movementCodec()
)

func productCodec() *es.Codec[product.Event] {
	c := es.NewCodec[product.Event]()
	es.Register[product.Listed](c, "product.listed", 1)
	es.Register[product.PriceChanged](c, "product.price_changed", 1)
	es.Register[product.Renamed](c, "product.renamed", 1)
	es.Register[product.TaxChanged](c, "product.tax_changed", 1)
	es.Register[product.Discontinued](c, "product.discontinued", 1)
	return c
}

func discountCodec() *es.Codec[product.DiscountEvent] {
	c := es.NewCodec[product.DiscountEvent]()
	es.Register[product.DiscountDefined](c, "discount.defined", 1)
	es.Register[product.DiscountWithdrawn](c, "discount.withdrawn", 1)
	return c
}

func stockCodec() *es.Codec[stock.Event] {
	c := es.NewCodec[stock.Event]()
	es.Register[stock.Received](c, "stock.received", 1)
	es.Register[stock.Reserved](c, "stock.reserved", 1)
	es.Register[stock.Released](c, "stock.released", 1)
	es.Register[stock.Shipped](c, "stock.shipped", 1)
	es.Register[stock.Adjusted](c, "stock.adjusted", 1)
	return c
}

func movementCodec() *es.Codec[stock.MovementBooked] {
	c := es.NewCodec[stock.MovementBooked]()
	es.Register[stock.MovementBooked](c, "stockmove.booked", 1)
	return c
}
