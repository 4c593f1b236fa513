package readstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// Payments returns a page of the payments that who may see.
func (s *Store) Payments(ctx context.Context, who auth.Principal, ask view.PaymentQuery) (view.Page[view.Payment], error) {
	q := newQuery("payments", who, ask.Sort)
	q.conditions = append(q.conditions, "visible")
	q.owned(who)
	q.anyOf("status", "status", ask.Status)
	q.anyOf("operation_status", "operation_status", ask.OperationStatus)
	q.filter("order_id", "order_id = %s::text::uuid", ask.OrderID)
	_, descending := strings.CutPrefix(ask.Sort, "-")
	by := order{column: "requested_at", unique: "payment_id", cast: castInstant, ucast: castUUID, descending: descending}
	return list(ctx, s, who, view.UnitPayments, "select doc from payments", q, by, ask.Paging, document[view.Payment],
		func(p view.Payment) (string, string) {
			return strconv.FormatInt(micros(p.RequestedAt), 10), p.PaymentID
		})
}

// Products returns a page of the products, with the prices in force at ask.At. Everybody may see them.
func (s *Store) Products(ctx context.Context, who auth.Principal, ask view.ProductQuery) (view.Page[view.Product], error) {
	q := newQuery("products", who, ask.Sort)
	q.filter("currency", "%s = any(currencies)", ask.Currency)
	at := func(row pgx.CollectableRow) (view.Product, error) {
		state, err := document[view.ProductState](row)
		return state.At(ask.At), err
	}
	return list(ctx, s, who, view.UnitCatalog, "select doc from products", q, bySKU(ask.Sort), ask.Paging, at,
		func(p view.Product) (string, string) { return p.SKU, p.SKU })
}

// Stock returns a page of the stock. Only staff see any.
func (s *Store) Stock(ctx context.Context, who auth.Principal, ask view.StockQuery) (view.Page[view.Stock], error) {
	q := newQuery("stock", who, ask.Sort)
	return list(ctx, s, who, view.UnitCatalog, "select sku, on_hand, reserved, on_hand - reserved, version from stock", q, bySKU(ask.Sort), ask.Paging,
		pgx.RowToStructByPos[view.Stock], func(st view.Stock) (string, string) { return st.SKU, st.SKU })
}

// bySKU sorts by a key that is unique by itself.
func bySKU(sort string) order {
	return order{column: "sku", unique: "sku", cast: castText, ucast: castText, descending: strings.HasPrefix(sort, "-")}
}

// document reads a row that is one JSON document.
func document[T any](row pgx.CollectableRow) (v T, err error) {
	var doc []byte
	if err := row.Scan(&doc); err != nil {
		return v, err
	}
	if err := json.Unmarshal(doc, &v); err != nil {
		return v, fmt.Errorf("decode view: %w", err)
	}
	return v, nil
}

// list reads a page by the statement that begins with from.
func list[T any](ctx context.Context, s *Store, who auth.Principal, unit, from string, q *query, by order, p view.Paging,
	scan pgx.RowToFunc[T], key func(T) (key, id string),
) (view.Page[T], error) {
	end, err := q.page(s, by, p)
	if err != nil {
		return view.Page[T]{}, err
	}
	items := []T{}
	err = s.read(ctx, who, unit, statement{sql: from + end, args: q.args, rows: func(rows pgx.Rows) (err error) {
		items, err = pgx.AppendRows(items, rows, scan)
		return err
	}})
	if err != nil {
		return view.Page[T]{}, fmt.Errorf("list %s: %w", q.scope[0], err)
	}
	return pageOf(s, q, p, items, key), nil
}
