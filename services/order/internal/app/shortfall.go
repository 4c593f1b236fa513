package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// ShortfallName is the name of the checkpoint of [App.FollowStock]. This name is
// state: another one tells every order again, which changes nothing.
const ShortfallName = "order.shortfall"

// FollowStock tells orders how many of their units are reserved and not on hand,
// whenever an event of stock changes that: first reserved, first covered. It is the handler of a subscription;
// the same events again change nothing.
func (a *App) FollowStock(ctx context.Context, events []es.Recorded) error {
	for _, stored := range events {
		if stored.AggregateType != StreamStock {
			continue
		}
		if err := a.followStock(ctx, stored); err != nil {
			return fmt.Errorf("shortfall at position %d: %w", stored.Position, err)
		}
	}
	return nil
}

func (a *App) followStock(ctx context.Context, stored es.Recorded) error {
	e, err := StockEvents.Decode(stored.Event)
	if errors.Is(err, es.ErrUnknownEvent) {
		return nil // a newer release writes it, and follows it
	}
	if err != nil || plenty(e) {
		return err
	}
	before, err := a.stocks.LoadVersion(ctx, stored.AggregateID, stored.Version-1, nil)
	if err != nil {
		return err
	}
	was, is := uncovered(before.State), uncovered(stock.Evolve(before.State, e))
	for o := range was {
		if _, still := is[o]; !still {
			is[o] = 0
		}
	}
	for o, missing := range is {
		if missing == was[o] {
			continue
		}
		if err := a.markBackordered(ctx, stored, o, skuOf(e), missing); err != nil {
			return err
		}
	}
	return nil
}

// plenty says whether everything reserved was on hand before the event and is so
// after it: then nobody needs to hear of it, and nothing needs to be read.
func plenty(e stock.Event) bool {
	switch e := e.(type) {
	case stock.Received:
		return e.OnHand-e.Quantity >= e.Reserved
	case stock.Adjusted:
		return min(e.OnHand, e.OnHand-e.Delta) >= e.Reserved
	case stock.Reserved:
		return e.OnHand >= e.Reserved
	case stock.Released:
		return e.OnHand >= e.Reserved+e.Quantity
	case stock.Shipped:
		return e.OnHand >= e.Reserved
	}
	return false
}

func skuOf(e stock.Event) stock.SKU {
	switch e := e.(type) {
	case stock.Received:
		return e.SKU
	case stock.Adjusted:
		return e.SKU
	case stock.Reserved:
		return e.SKU
	case stock.Released:
		return e.SKU
	case stock.Shipped:
		return e.SKU
	}
	return ""
}

func uncovered(s stock.State) map[stock.OrderID]int64 {
	units := map[stock.OrderID]int64{}
	for _, r := range s.Uncovered() {
		units[r.OrderID] = r.Quantity
	}
	return units
}

// markBackordered is one command of one event on one of several orders. An order
// that has ended meanwhile changes nothing.
func (a *App) markBackordered(ctx context.Context, stored es.Recorded, o stock.OrderID, sku stock.SKU, missing int64) error {
	ask := Ask{
		CommandID: ids.CommandFor(stored.EventID, string(o)), Fingerprint: fmt.Sprint("backordered ", missing),
		CorrelationID: stored.Metadata.CorrelationID, CausationID: stored.EventID, TraceParent: stored.Metadata.TraceParent,
	}
	_, err := a.onOrder(ctx, ask, order.ID(o), systemOnly, given(func(cause order.Cause) order.Command {
		return order.MarkBackordered{Cause: cause, SKU: order.SKU(sku), Quantity: int(missing)}
	}))
	var refused order.Refusal
	if errors.As(err, &refused) {
		return nil
	}
	return err
}
