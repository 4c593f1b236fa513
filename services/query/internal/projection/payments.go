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

// payments keeps the payments. Several payments share the key of one order; each is a stream of its own.
type payments struct{ load, upsert string }

func newPayments(schema string) *payments {
	in := func(sql string) string { return strings.ReplaceAll(sql, "{view}", schema) }
	return &payments{load: in(sqlLoadPayments), upsert: in(sqlUpsertPayments)}
}

func (p *payments) apply(ctx context.Context, tx pgx.Tx, batch []messaging.Message) error {
	events := make([]view.PaymentEvent, len(batch))
	var streams []string
	changed := make(map[string]bool, len(batch))
	for i, m := range batch {
		e, err := view.DecodePayment(m.Type, m.Data)
		if err != nil {
			return impossible(err)
		}
		if err := fits(m, e.Head.OrderID, e.Head.PaymentID, e.Head.Version); err != nil {
			return err
		}
		events[i] = e
		if _, twice := changed[m.Stream]; !twice {
			changed[m.Stream] = false
			streams = append(streams, m.Stream)
		}
	}
	states, err := load[view.PaymentState](ctx, tx, p.load, streams)
	if err != nil {
		return fmt.Errorf("load payments: %w", err)
	}
	for i, m := range batch {
		if next, err := follows(states[m.Stream].Version, m); err != nil {
			return err
		} else if !next {
			continue
		}
		after, err := view.ApplyPayment(states[m.Stream], events[i])
		if err != nil {
			return impossible(err)
		}
		states[m.Stream], changed[m.Stream] = after, true
	}
	return p.write(ctx, tx, streams, changed, states)
}

func (p *payments) write(ctx context.Context, tx pgx.Tx, streams []string, changed map[string]bool, states map[string]view.PaymentState) error {
	var ids, orders, customers, statuses, operations, docs []string
	var versions []int64
	var requested []time.Time
	var visible []bool
	for _, stream := range streams {
		if !changed[stream] {
			continue
		}
		s := states[stream]
		doc, err := json.Marshal(s)
		if err != nil {
			return impossible(fmt.Errorf("encode payment %s: %w", stream, err))
		}
		ids, orders, versions = append(ids, stream), append(orders, s.OrderID), append(versions, s.Version)
		customers, statuses = append(customers, s.CustomerID), append(statuses, s.Status)
		operations, requested = append(operations, s.OperationStatus), append(requested, s.RequestedAt)
		visible, docs = append(visible, s.Requested), append(docs, string(doc))
	}
	if len(ids) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, p.upsert, ids, orders, versions, customers, statuses, operations, requested, visible, docs); err != nil {
		return fmt.Errorf("write payments: %w", err)
	}
	return nil
}
