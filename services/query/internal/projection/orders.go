package projection

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// orders keeps the orders and their timeline.
type orders struct{ load, upsert, append string }

func newOrders(schema string) *orders {
	in := func(sql string) string { return strings.ReplaceAll(sql, "{view}", schema) }
	return &orders{load: in(sqlLoadOrders), upsert: in(sqlUpsertOrders), append: in(sqlAppendTimeline)}
}

// apply folds a batch and writes the orders it touched, once each, and a line of the timeline per event.
func (p *orders) apply(ctx context.Context, tx pgx.Tx, batch []messaging.Message) error {
	events := make([]view.OrderEvent, len(batch))
	keys := make([]string, 0, len(batch))
	seen := make(map[string]bool, len(batch))
	for i, m := range batch {
		e, err := view.DecodeOrder(m.Type, m.Data)
		if err != nil {
			return impossible(err)
		}
		if err := fits(m, e.Head.OrderID, e.Head.OrderID, e.Head.Version); err != nil {
			return err
		}
		if events[i] = e; !seen[m.Key] {
			seen[m.Key] = true
			keys = append(keys, m.Key)
		}
	}
	states, err := load[view.OrderState](ctx, tx, p.load, keys)
	if err != nil {
		return fmt.Errorf("load orders: %w", err)
	}
	var lines timelineRows
	changed := make(map[string]bool, len(keys))
	for i, m := range batch {
		before := states[m.Key]
		if next, err := follows(before.Version, m); err != nil {
			return err
		} else if !next {
			continue
		}
		after, err := view.ApplyOrder(before, events[i])
		if err != nil {
			return impossible(err)
		}
		entry, err := view.EntryOf(before.Order, after.Order, events[i], m.Data)
		if err != nil {
			return impossible(err)
		}
		entry.EventID, entry.Actor = m.ID, m.Headers[messaging.HeaderActor]
		lines.add(m.Key, entry)
		states[m.Key], changed[m.Key] = after, true
	}
	return p.write(ctx, tx, keys, changed, states, &lines)
}

func (p *orders) write(ctx context.Context, tx pgx.Tx, keys []string, changed map[string]bool, states map[string]view.OrderState, lines *timelineRows) error {
	if len(changed) == 0 {
		return nil
	}
	var rows orderRows
	for _, key := range keys {
		if !changed[key] {
			continue
		}
		if err := rows.add(states[key]); err != nil {
			return impossible(err)
		}
	}
	var both pgx.Batch
	both.Queue(p.upsert, rows.columns()...)
	both.Queue(p.append, lines.columns()...)
	if err := tx.SendBatch(ctx, &both).Close(); err != nil {
		return fmt.Errorf("write orders: %w", err)
	}
	return nil
}

// orderRows are rows of orders, column by column.
type orderRows struct {
	ids, numbers, customers, channels, statuses, payments, fulfillments, currencies, docs []string
	versions, totals, captured, refunded                                                  []int64
	counts                                                                                []int32
	created, sorted, updated                                                              []time.Time
	placed, expires                                                                       []*time.Time
}

func (r *orderRows) add(s view.OrderState) error {
	doc, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode order %s: %w", s.OrderID, err)
	}
	item := s.Item()
	r.ids, r.versions = append(r.ids, s.OrderID), append(r.versions, s.Version)
	r.numbers, r.customers = append(r.numbers, s.OrderNumber), append(r.customers, s.CustomerID)
	r.channels, r.statuses = append(r.channels, s.Channel), append(r.statuses, s.Status)
	r.payments, r.fulfillments = append(r.payments, s.PaymentStatus), append(r.fulfillments, s.FulfillmentStatus)
	r.currencies, r.totals = append(r.currencies, string(s.Currency)), append(r.totals, int64(s.GrandTotal.Amount))
	r.captured, r.refunded = append(r.captured, int64(s.Captured.Amount)), append(r.refunded, int64(s.Refunded.Amount))
	r.counts, r.created = append(r.counts, int32(item.LineCount)), append(r.created, s.CreatedAt)
	r.placed, r.sorted = append(r.placed, s.PlacedAt), append(r.sorted, s.SortedAt())
	r.updated, r.expires = append(r.updated, s.UpdatedAt), append(r.expires, item.AuthExpiresAt)
	r.docs = append(r.docs, string(doc))
	return nil
}

func (r *orderRows) columns() []any {
	return []any{
		r.ids, r.versions, r.numbers, r.customers, r.channels, r.statuses, r.payments, r.fulfillments, r.currencies, r.totals,
		r.captured, r.refunded, r.counts, r.created, r.placed, r.sorted, r.updated, r.expires, r.docs,
	}
}

// timelineRows are rows of the timeline, column by column.
type timelineRows struct {
	orders, events, types, actors, summaries, data []string
	versions                                       []int64
	occurred                                       []time.Time
	status, payment, fulfillment                   []*string // before
	afterStatus, afterPayment, afterFulfillment    []string
}

func (r *timelineRows) add(order string, e view.Entry) {
	r.orders, r.versions = append(r.orders, order), append(r.versions, e.Version)
	r.events, r.types = append(r.events, e.EventID), append(r.types, e.Type)
	r.occurred, r.actors = append(r.occurred, e.OccurredAt), append(r.actors, e.Actor)
	var status, payment, fulfillment *string
	if e.Before != nil {
		status, payment, fulfillment = &e.Before.Status, &e.Before.PaymentStatus, &e.Before.FulfillmentStatus
	}
	r.status, r.payment, r.fulfillment = append(r.status, status), append(r.payment, payment), append(r.fulfillment, fulfillment)
	r.afterStatus = append(r.afterStatus, e.After.Status)
	r.afterPayment = append(r.afterPayment, e.After.PaymentStatus)
	r.afterFulfillment = append(r.afterFulfillment, e.After.FulfillmentStatus)
	r.summaries, r.data = append(r.summaries, e.Summary), append(r.data, string(e.Data))
}

func (r *timelineRows) columns() []any {
	return []any{
		r.orders, r.versions, r.events, r.types, r.occurred, r.actors, r.status, r.payment, r.fulfillment,
		r.afterStatus, r.afterPayment, r.afterFulfillment, r.summaries, r.data,
	}
}
