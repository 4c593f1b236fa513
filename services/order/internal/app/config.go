package app

import (
	"cmp"
	"slices"

	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Config is what the shop has decided. The zero value places in every currency,
// ships free and captures at shipment.
type Config struct {
	CapturePolicy order.CapturePolicy // of orders placed from now on; default on_shipment
	Currencies    []money.Currency    // that orders are placed in; empty: every one
	Shipping      map[money.Currency]order.ShippingRate
}

func (c Config) withDefaults() Config {
	c.CapturePolicy = cmp.Or(c.CapturePolicy, order.OnShipment)
	return c
}

// places says whether orders are placed in the currency.
func (c Config) places(in money.Currency) error {
	if len(c.Currencies) > 0 && !slices.Contains(c.Currencies, in) {
		return ErrCurrency
	}
	return nil
}
