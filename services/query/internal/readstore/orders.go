package readstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// Order returns an order that who may see, at wish.Version or later.
func (s *Store) Order(ctx context.Context, who auth.Principal, id string, wish view.Wait) (view.Order, error) {
	var order view.Order
	err := s.await(ctx, id, wish, func(ctx context.Context) (int64, error) {
		var q query
		q.where("order_id = %s", id)
		q.owned(who)
		var doc []byte
		err := s.read(ctx, who, view.UnitOrders, statement{
			sql: "select doc from orders where " + strings.Join(q.conditions, " and "), args: q.args, rows: one(&doc),
		})
		if err != nil {
			return 0, fmt.Errorf("read order %s: %w", id, err)
		}
		if doc == nil {
			return 0, view.ErrNotFound
		}
		order = view.Order{}
		if err := json.Unmarshal(doc, &order); err != nil {
			return 0, fmt.Errorf("decode order %s: %w", id, err)
		}
		return order.Version, nil
	})
	return order, err
}

// one scans the only row there may be.
func one(dest ...any) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		_, err := pgx.ForEachRow(rows, dest, func() error { return nil })
		return err
	}
}

const sqlOrders = `select order_id::text, version, order_number, customer_id, channel, status, payment_status, fulfillment_status,
  currency, grand_total, captured, refunded, line_count, created_at, placed_at, updated_at, auth_expires_at from orders`

// Orders returns a page of the orders that who may see.
func (s *Store) Orders(ctx context.Context, who auth.Principal, ask view.OrderQuery) (view.Page[view.OrderItem], error) {
	q := newQuery("orders", who, ask.Sort)
	q.owned(who)
	q.anyOf("status", "status", ask.Status)
	q.anyOf("payment_status", "payment_status", ask.PaymentStatus)
	q.anyOf("fulfillment_status", "fulfillment_status", ask.FulfillmentStatus)
	q.filter("customer_id", "customer_id = %s", ask.CustomerID)
	q.filter("currency", "currency = %s", ask.Currency)
	// Of what was placed, sorted_at is placed_at, and has the indexes.
	q.since("placed_from", "placed_at is not null and sorted_at >= %s", ask.PlacedFrom)
	q.since("placed_to", "placed_at is not null and sorted_at < %s", ask.PlacedTo)
	by, key := orderSort(ask.Sort)
	end, err := q.page(s, by, ask.Paging)
	if err != nil {
		return view.Page[view.OrderItem]{}, err
	}
	items := []view.OrderItem{}
	err = s.read(ctx, who, view.UnitOrders, statement{sql: sqlOrders + end, args: q.args, rows: func(rows pgx.Rows) (err error) {
		items, err = pgx.AppendRows(items, rows, orderItem)
		return err
	}})
	if err != nil {
		return view.Page[view.OrderItem]{}, fmt.Errorf("list orders: %w", err)
	}
	return pageOf(s, q, ask.Paging, items, key), nil
}

// orderSort is the order that a sort stands for, and the key of a row in it.
func orderSort(sort string) (order, func(view.OrderItem) (key, id string)) {
	name, descending := strings.CutPrefix(sort, "-")
	by := order{column: "sorted_at", unique: "order_id", cast: castInstant, ucast: castUUID, descending: descending}
	switch name {
	case "updated_at":
		by.column = "updated_at"
		return by, func(o view.OrderItem) (string, string) { return strconv.FormatInt(micros(o.UpdatedAt), 10), o.OrderID }
	case "grand_total":
		by.column, by.cast = "grand_total", castNumber
		return by, func(o view.OrderItem) (string, string) {
			return strconv.FormatInt(int64(o.GrandTotal.Amount), 10), o.OrderID
		}
	default:
		return by, func(o view.OrderItem) (string, string) {
			at := o.CreatedAt
			if o.PlacedAt != nil {
				at = *o.PlacedAt
			}
			return strconv.FormatInt(micros(at), 10), o.OrderID
		}
	}
}

func orderItem(row pgx.CollectableRow) (view.OrderItem, error) {
	var o view.OrderItem
	err := row.Scan(&o.OrderID, &o.Version, &o.OrderNumber, &o.CustomerID, &o.Channel, &o.Status, &o.PaymentStatus, &o.FulfillmentStatus,
		&o.Currency, &o.GrandTotal.Amount, &o.Captured.Amount, &o.Refunded.Amount, &o.LineCount, &o.CreatedAt, &o.PlacedAt, &o.UpdatedAt,
		&o.AuthExpiresAt)
	for _, m := range []*money.Money{&o.GrandTotal, &o.Captured, &o.Refunded} {
		m.Currency = o.Currency
	}
	o.CreatedAt, o.UpdatedAt = o.CreatedAt.UTC(), o.UpdatedAt.UTC()
	utc(o.PlacedAt)
	utc(o.AuthExpiresAt)
	return o, err
}
