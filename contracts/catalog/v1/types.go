package catalogv1

// Topic is the topic of every product and stock event. This name is state.
const Topic = "catalog.v1"

// Source is the CloudEvents source of every catalog event: the order service
// owns the price book and the stock.
const Source = "/kontor/order"

// The names of the events on the wire. They are state: a published name is
// never renamed and never used for another meaning.
const (
	TypeProductListed       = "product.listed"
	TypeProductPriceChanged = "product.price_changed"
	TypeProductRenamed      = "product.renamed"
	TypeProductTaxChanged   = "product.tax_changed"
	TypeProductDiscontinued = "product.discontinued"
	TypeStockReceived       = "stock.received"
	TypeStockReserved       = "stock.reserved"
	TypeStockReleased       = "stock.released"
	TypeStockShipped        = "stock.shipped"
	TypeStockAdjusted       = "stock.adjusted"
)

// Types leads from the name of every event to the zero value of its struct.
// It is read-only.
var Types = map[string]any{
	TypeProductListed:       ProductListed{},
	TypeProductPriceChanged: ProductPriceChanged{},
	TypeProductRenamed:      ProductRenamed{},
	TypeProductTaxChanged:   ProductTaxChanged{},
	TypeProductDiscontinued: ProductDiscontinued{},
	TypeStockReceived:       StockReceived{},
	TypeStockReserved:       StockReserved{},
	TypeStockReleased:       StockReleased{},
	TypeStockShipped:        StockShipped{},
	TypeStockAdjusted:       StockAdjusted{},
}
