package eventsourcing_test

import (
	"context"
	"errors"
	"fmt"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
)

// ChangePrice is the only command on a product here.
type ChangePrice struct {
	Cents  int64
	Reason string
}

// PriceChanged says what the price is, what it was, and why.
type PriceChanged struct {
	Cents    int64  `json:"cents"`
	Previous int64  `json:"previous"`
	Reason   string `json:"reason"`
}

// PricedProduct is its state.
type PricedProduct struct{ Cents int64 }

var ErrNoReason = errors.New("a price changes for a reason")

var pricing = es.Decider[ChangePrice, PriceChanged, PricedProduct]{
	Initial: func() PricedProduct { return PricedProduct{} },
	Decide: func(c ChangePrice, p PricedProduct) ([]PriceChanged, error) {
		switch {
		case c.Reason == "":
			return nil, ErrNoReason
		case c.Cents == p.Cents:
			return nil, nil // nothing to do is no error, and no event
		}
		return []PriceChanged{{Cents: c.Cents, Previous: p.Cents, Reason: c.Reason}}, nil
	},
	Evolve: func(p PricedProduct, e PriceChanged) PricedProduct { return PricedProduct{Cents: e.Cents} },
}

// The price of a product: each change keeps its reason and its predecessor, a repeated command changes nothing twice, and an earlier
// price can be asked for.
func ExampleHandler_LoadVersion() {
	codec := es.NewCodec[PriceChanged]()
	es.Register[PriceChanged](codec, "product.price_changed", 1)
	ctx, store := context.Background(), memstore.New(nil)
	products := es.NewHandler("product", store, pricing, codec, es.Options{})

	for _, c := range []struct {
		id string
		ChangePrice
	}{
		{"c1", ChangePrice{1999, "launch"}},
		{"c2", ChangePrice{1499, "summer sale"}},
		{"c2", ChangePrice{1499, "summer sale"}}, // the same command once more
		{"c3", ChangePrice{1799, ""}},
		{"c4", ChangePrice{1799, "sale is over"}},
	} {
		call := es.Call{AggregateID: "mug", Metadata: es.Metadata{CommandID: c.id}}
		res, err := products.Handle(ctx, call, c.ChangePrice)
		fmt.Printf("%s: %+v, repeated %v, error: %v\n", c.id, res.Events, res.Repeated, err)
	}
	before, err := products.LoadVersion(ctx, "mug", 2, nil)
	fmt.Printf("at version %d it was %d, error: %v\n", before.Version, before.State.Cents, err)
	// Output:
	// c1: [{Cents:1999 Previous:0 Reason:launch}], repeated false, error: <nil>
	// c2: [{Cents:1499 Previous:1999 Reason:summer sale}], repeated false, error: <nil>
	// c2: [{Cents:1499 Previous:1999 Reason:summer sale}], repeated true, error: <nil>
	// c3: [], repeated false, error: a price changes for a reason
	// c4: [{Cents:1799 Previous:1499 Reason:sale is over}], repeated false, error: <nil>
	// at version 2 it was 1499, error: <nil>
}
