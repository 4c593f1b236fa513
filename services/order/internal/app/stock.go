package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/product"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// Movement is a receipt or a correction to be booked.
type Movement struct {
	ID        stock.MovementID // made from the request's key
	SKU       stock.SKU
	Kind      stock.Kind
	Quantity  int64 // of a receipt
	Delta     int64 // of a correction
	Reference string
	Reason    stock.AdjustReason
	Note      string
}

// MovementResult is a booked movement.
type MovementResult = es.Result[stock.MovementBooked, stock.Movement]

// BookMovement books a receipt or a correction: the movement's stream and the
// stock's in one append. The same movement again gets its first answer.
func (a *App) BookMovement(ctx context.Context, ask Ask, m Movement) (MovementResult, error) {
	if err := ask.may(auth.Warehouse); err != nil {
		return MovementResult{}, err
	}
	if _, err := a.Product(ctx, product.SKU(m.SKU)); err != nil {
		return MovementResult{}, err
	}
	unlock, err := a.queue.lock(ctx, lockSKU(m.SKU))
	if err != nil {
		return MovementResult{}, err
	}
	defer unlock()
	var res MovementResult
	err = es.Retry(ctx, func(ctx context.Context) error {
		var moved es.Write
		booked, err := a.movements.Plan(ctx, ask.beside(string(m.ID)), func(ctx context.Context, _ stock.Movement) (stock.Book, error) {
			plan, err := a.planMovement(ctx, ask, m)
			if err != nil {
				return stock.Book{}, err
			}
			moved = plan.Write
			return m.book(plan), nil
		})
		res = booked.Result
		if err != nil || booked.Repeated {
			return err
		}
		return a.store.Append(ctx, booked.Write, moved)
	})
	if err != nil {
		return MovementResult{}, fmt.Errorf("book a %s of %s: %w", m.Kind, m.SKU, err)
	}
	return res, nil
}

func (a *App) planMovement(ctx context.Context, ask Ask, m Movement) (es.Plan[stock.Event, stock.State], error) {
	var c stock.Command = stock.Receive{SKU: m.SKU, Quantity: m.Quantity, Reference: m.Reference, MovementID: m.ID, At: a.now()}
	if m.Kind == stock.Adjustment {
		c = stock.Adjust{SKU: m.SKU, Delta: m.Delta, Reason: m.Reason, Note: m.Note, MovementID: m.ID, At: a.now()}
	}
	plan, err := a.stocks.Plan(ctx, ask.call(ids.StockStream(string(m.SKU))), func(context.Context, stock.State) (stock.Command, error) {
		return c, nil
	})
	if err == nil && plan.Repeated { // the movement was read before its twin was booked, the stock after
		err = &es.ConflictError{Stream: es.Stream{Type: StreamMovement, ID: string(m.ID)}, Actual: -1}
	}
	return plan, err
}

// book is the command on the movement for the stock event that was planned.
func (m Movement) book(plan es.Plan[stock.Event, stock.State]) stock.Book {
	b := stock.Book{
		MovementID: m.ID, Kind: m.Kind, Quantity: m.Quantity, Delta: m.Delta, Reference: m.Reference, Reason: m.Reason, Note: m.Note,
		StockVersion: plan.Version,
	}
	switch e := plan.Events[0].(type) {
	case stock.Received:
		b.After = e.Head
	case stock.Adjusted:
		b.After = e.Head
	}
	return b
}

// StockResult is the stock of a SKU.
type StockResult = es.Result[stock.Event, stock.State]

// Stock is the stock of a listed product; one that never had any has version 0.
func (a *App) Stock(ctx context.Context, by auth.Principal, sku stock.SKU) (StockResult, error) {
	if err := (Ask{By: by}).may(auth.Support, auth.Warehouse, auth.Finance, auth.Admin); err != nil {
		return StockResult{}, err
	}
	if _, err := a.Product(ctx, product.SKU(sku)); err != nil {
		return StockResult{}, err
	}
	return a.stocks.Load(ctx, ids.StockStream(string(sku)))
}

func lockSKU(sku stock.SKU) string { return "sku " + string(sku) }

// shortSKUs are the products that the refusals joined in err say there is too
// little of.
func shortSKUs(err error) []*stock.InsufficientError {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all []*stock.InsufficientError
		for _, e := range joined.Unwrap() {
			all = append(all, shortSKUs(e)...)
		}
		return all
	}
	var short *stock.InsufficientError
	if errors.As(err, &short) {
		return []*stock.InsufficientError{short}
	}
	return nil
}
