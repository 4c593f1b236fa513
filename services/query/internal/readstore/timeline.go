package readstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

const sqlTimeline = `select version, event_id::text, type, occurred_at, actor, before_status, before_payment, before_fulfillment,
  after_status, after_payment, after_fulfillment, summary, data from timeline`

// Timeline returns a page of the timeline of an order that who may see, and the version of the order, wish.Version or later.
func (s *Store) Timeline(ctx context.Context, who auth.Principal, id string, ask view.TimelineQuery, wish view.Wait) (page view.Page[view.Entry], version int64, err error) {
	q := newQuery("timeline", who, ask.Sort)
	q.filter("order_id", "order_id = %s::text::uuid", id)
	q.anyOf("type", "type", ask.Types)
	_, descending := strings.CutPrefix(ask.Sort, "-")
	by := order{column: "version", unique: "order_id", cast: castNumber, ucast: castUUID, descending: descending}
	end, err := q.page(s, by, ask.Paging)
	if err != nil {
		return page, 0, err
	}
	var head query // the order itself: whether it may be seen, and how far it is
	head.where("order_id = %s", id)
	head.owned(who)
	var entries []view.Entry
	err = s.await(ctx, id, wish, func(ctx context.Context) (int64, error) {
		version, entries = 0, []view.Entry{}
		err := s.read(ctx, who, view.UnitOrders,
			statement{sql: "select version from orders where " + strings.Join(head.conditions, " and "), args: head.args, rows: one(&version)},
			statement{sql: sqlTimeline + end, args: q.args, rows: func(rows pgx.Rows) (err error) {
				entries, err = pgx.AppendRows(entries, rows, entry)
				return err
			}})
		if err != nil {
			return 0, fmt.Errorf("read timeline of %s: %w", id, err)
		}
		if version == 0 {
			return 0, view.ErrNotFound
		}
		return version, nil
	})
	if err != nil {
		return page, 0, err
	}
	page = pageOf(s, q, ask.Paging, entries, func(e view.Entry) (string, string) { return strconv.FormatInt(e.Version, 10), id })
	return page, version, nil
}

func entry(row pgx.CollectableRow) (view.Entry, error) {
	var e view.Entry
	var status, payment, fulfillment *string
	err := row.Scan(&e.Version, &e.EventID, &e.Type, &e.OccurredAt, &e.Actor, &status, &payment, &fulfillment,
		&e.After.Status, &e.After.PaymentStatus, &e.After.FulfillmentStatus, &e.Summary, &e.Data)
	if status != nil && payment != nil && fulfillment != nil {
		e.Before = &view.Axes{Status: *status, PaymentStatus: *payment, FulfillmentStatus: *fulfillment}
	}
	e.OccurredAt = e.OccurredAt.UTC()
	return e, err
}

// utc turns an instant that may be missing to UTC, in its place.
func utc(t *time.Time) {
	if t != nil {
		*t = t.UTC()
	}
}
