package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// moves is what an append asks of the stock of each product.
type moves map[stock.SKU]stock.Command

// locks are the names to lock.
func (m moves) locks() []string {
	names := make([]string, 0, len(m))
	for sku := range m {
		names = append(names, lockSKU(sku))
	}
	return names
}

// stockMoves is what the events of one append of an order mean for stock. s is
// the order after them.
func stockMoves(s order.State, events []order.Event) (moves, error) {
	m := moves{}
	for _, e := range events {
		if err := m.add(s, e); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m moves) add(s order.State, e order.Event) error {
	o, at := stock.OrderID(s.ID), e.About().OccurredAt
	var err error
	switch e := e.(type) {
	case order.Placed:
		for _, l := range e.Lines {
			err = errors.Join(err, m.put(l.SKU, stock.Reserve{SKU: stock.SKU(l.SKU), OrderID: o, Quantity: int64(l.Quantity), At: at}))
		}
	case order.Cancelled:
		err = m.release(o, e.Released, stock.Cancelled, at)
	case order.Expired:
		err = m.release(o, e.Released, stock.Expired, at)
	case order.LinesCancelled:
		err = m.release(o, e.Released, stock.LinesCancelled, at)
	case order.ShipmentDispatched:
		for _, l := range e.Lines {
			line, _ := s.Line(l.LineID)
			err = errors.Join(err, m.put(line.SKU, stock.Ship{
				SKU: stock.SKU(line.SKU), OrderID: o, ShipmentID: stock.ShipmentID(e.ShipmentID), Quantity: int64(l.Quantity), At: at,
			}))
		}
	case order.ShipmentClosed:
		for _, r := range e.Restocked {
			err = errors.Join(err, m.restock(o, r.SKU, r.Quantity, string(e.ShipmentID), at))
		}
	case order.ReturnReceived:
		for _, l := range e.Lines {
			if line, _ := s.Line(l.LineID); l.Disposition == order.Restock {
				err = errors.Join(err, m.restock(o, line.SKU, l.Quantity, string(e.ReturnID), at))
			}
		}
	}
	return err
}

func (m moves) release(o stock.OrderID, units []order.SKUQuantity, why stock.ReleaseReason, at time.Time) error {
	var err error
	for _, u := range units {
		err = errors.Join(err, m.put(u.SKU, stock.Release{
			SKU: stock.SKU(u.SKU), OrderID: o, Quantity: int64(u.Quantity), Reason: why, At: at,
		}))
	}
	return err
}

func (m moves) restock(o stock.OrderID, sku order.SKU, quantity int, reference string, at time.Time) error {
	return m.put(sku, stock.Restock{SKU: stock.SKU(sku), Quantity: int64(quantity), Reference: reference, OrderID: o, At: at})
}

// put notes a command; an order has one line per product, so a second one for
// the same product is a fault of the core.
func (m moves) put(sku order.SKU, c stock.Command) error {
	if _, twice := m[stock.SKU(sku)]; twice || sku == "" {
		return fmt.Errorf("stock of %q is moved twice in one append", sku)
	}
	m[stock.SKU(sku)] = c
	return nil
}

// planStock decides the moves, products in byte order. What is short comes as one [*InsufficientStockError] with every product.
func (a *App) planStock(ctx context.Context, ask Ask, m moves) ([]es.Plan[stock.Event, stock.State], error) {
	skus := slices.Sorted(maps.Keys(m))
	calls, commands := make([]es.Call, len(skus)), map[string]stock.Command{}
	for i, sku := range skus {
		calls[i] = ask.beside(ids.StockStream(string(sku)))
		commands[calls[i].AggregateID] = m[sku]
	}
	plans, err := a.stocks.PlanAll(ctx, calls, func(_ context.Context, call es.Call, _ stock.State) (stock.Command, error) {
		return commands[call.AggregateID], nil
	})
	if short := shortSKUs(err); len(short) > 0 {
		return nil, &InsufficientStockError{Short: short}
	}
	if err != nil {
		return nil, fmt.Errorf("stock: %w", err)
	}
	for i, p := range plans {
		if p.Repeated { // the command's twin has appended since the order was read
			return nil, &es.ConflictError{Stream: es.Stream{Type: StreamStock, ID: calls[i].AggregateID}, Actual: -1}
		}
	}
	return plans, nil
}
