package projection

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// catalog keeps products and stock. Both have the SKU as key, and each a stream of its own.
type catalog struct{ loadProducts, loadStock, upsertProducts, upsertStock string }

func newCatalog(schema string) *catalog {
	in := func(sql string) string { return strings.ReplaceAll(sql, "{view}", schema) }
	return &catalog{
		loadProducts: in(sqlLoadProducts), loadStock: in(sqlLoadStock),
		upsertProducts: in(sqlUpsertProducts), upsertStock: in(sqlUpsertStock),
	}
}

func (c *catalog) apply(ctx context.Context, tx pgx.Tx, batch []messaging.Message) error {
	events := make([]view.CatalogEvent, len(batch))
	products, stocks := map[string]bool{}, map[string]bool{} // whether they changed
	for i, m := range batch {
		e, err := view.DecodeCatalog(m.Type, m.Data)
		if err != nil {
			return impossible(err)
		}
		if err := fits(m, e.Head.SKU, "", e.Head.Version); err != nil {
			return err
		}
		if events[i] = e; view.IsStock(m.Type) {
			stocks[m.Key] = false
		} else {
			products[m.Key] = false
		}
	}
	product, err := load[view.ProductState](ctx, tx, c.loadProducts, sorted(products))
	if err != nil {
		return fmt.Errorf("load products: %w", err)
	}
	stock, err := load[view.Stock](ctx, tx, c.loadStock, sorted(stocks))
	if err != nil {
		return fmt.Errorf("load stock: %w", err)
	}
	for i, m := range batch {
		if view.IsStock(m.Type) {
			err = fold(stock, stocks, m, stock[m.Key].Version, events[i], view.ApplyStock)
		} else {
			err = fold(product, products, m, product[m.Key].Version, events[i], view.ApplyProduct)
		}
		if err != nil {
			return err
		}
	}
	if err := c.writeProducts(ctx, tx, products, product); err != nil {
		return err
	}
	return c.writeStock(ctx, tx, stocks, stock)
}

// fold applies one event to the state under the key of its message, if it is the next one.
func fold[S any](states map[string]S, changed map[string]bool, m messaging.Message, have int64, e view.CatalogEvent, apply func(S, view.CatalogEvent) (S, error)) error {
	next, err := follows(have, m)
	if err != nil || !next {
		return err
	}
	after, err := apply(states[m.Key], e)
	if err != nil {
		return impossible(err)
	}
	states[m.Key], changed[m.Key] = after, true
	return nil
}

func (c *catalog) writeProducts(ctx context.Context, tx pgx.Tx, changed map[string]bool, states map[string]view.ProductState) error {
	var skus, names, currencies, docs []string
	var versions []int64
	var gone []bool
	for _, sku := range sorted(changed) {
		if !changed[sku] {
			continue
		}
		s := states[sku]
		doc, err := json.Marshal(s)
		if err != nil {
			return impossible(fmt.Errorf("encode product %s: %w", sku, err))
		}
		var list []string
		for _, p := range s.Prices {
			if !slices.Contains(list, string(p.Currency)) {
				list = append(list, string(p.Currency))
			}
		}
		skus, versions, names, gone = append(skus, sku), append(versions, s.Version), append(names, s.Name), append(gone, s.Discontinued)
		currencies, docs = append(currencies, strings.Join(list, ",")), append(docs, string(doc))
	}
	if len(skus) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, c.upsertProducts, skus, versions, names, gone, currencies, docs); err != nil {
		return fmt.Errorf("write products: %w", err)
	}
	return nil
}

func (c *catalog) writeStock(ctx context.Context, tx pgx.Tx, changed map[string]bool, states map[string]view.Stock) error {
	var skus []string
	var versions, onHand, reserved []int64
	for _, sku := range sorted(changed) {
		if !changed[sku] {
			continue
		}
		s := states[sku]
		skus, versions = append(skus, sku), append(versions, s.Version)
		onHand, reserved = append(onHand, s.OnHand), append(reserved, s.Reserved)
	}
	if len(skus) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, c.upsertStock, skus, versions, onHand, reserved); err != nil {
		return fmt.Errorf("write stock: %w", err)
	}
	return nil
}
