package app

import (
	"context"

	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// AddLine puts units of a product on a draft; a product that is there gets more.
func (a *App) AddLine(ctx context.Context, ask Ask, id order.ID, l LineRequest) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, func(ctx context.Context, cause order.Cause, s order.State) (order.Command, error) {
		c := order.AddLine{Cause: cause, Line: order.NewLine{Quantity: l.Quantity}, Shipping: a.config.Shipping[s.Currency]}
		if s.Status != order.StatusDraft {
			return c, nil // the core says no
		}
		prices, err := a.pricesAt(ctx, []order.SKU{l.SKU}, s.Currency, cause.At)
		if err != nil {
			return nil, err
		}
		c.Line.Price = prices[0]
		return c, nil
	})
}

// ChangeQuantity gives a line of a draft another quantity.
func (a *App) ChangeQuantity(ctx context.Context, ask Ask, id order.ID, line order.LineID, quantity int) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, func(_ context.Context, cause order.Cause, s order.State) (order.Command, error) {
		return order.ChangeQuantity{Cause: cause, LineID: line, Quantity: quantity, Shipping: a.config.Shipping[s.Currency]}, nil
	})
}

// RemoveLine takes a line off a draft.
func (a *App) RemoveLine(ctx context.Context, ask Ask, id order.ID, line order.LineID) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, func(_ context.Context, cause order.Cause, s order.State) (order.Command, error) {
		return order.RemoveLine{Cause: cause, LineID: line, Shipping: a.config.Shipping[s.Currency]}, nil
	})
}

// ApplyDiscount puts a discount on a draft.
func (a *App) ApplyDiscount(ctx context.Context, ask Ask, id order.ID, code string) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, func(ctx context.Context, cause order.Cause, s order.State) (order.Command, error) {
		offers, err := a.offers(ctx, []string{code})
		if err != nil {
			return nil, err
		}
		return order.ApplyDiscount{Cause: cause, Offer: offers[0], Shipping: a.config.Shipping[s.Currency]}, nil
	})
}

// RemoveDiscount takes a discount off a draft.
func (a *App) RemoveDiscount(ctx context.Context, ask Ask, id order.ID, discount order.DiscountID) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, func(_ context.Context, cause order.Cause, s order.State) (order.Command, error) {
		return order.RemoveDiscount{Cause: cause, DiscountID: discount, Shipping: a.config.Shipping[s.Currency]}, nil
	})
}

// SetAddress says where a draft goes.
func (a *App) SetAddress(ctx context.Context, ask Ask, id order.ID, to order.Address) (Result, error) {
	return a.onOrder(ctx, ask, id, ownerOrSupport, given(func(cause order.Cause) order.Command {
		return order.SetAddress{Cause: cause, Address: to}
	}))
}

// AddNote writes something down.
func (a *App) AddNote(ctx context.Context, ask Ask, id order.ID, note string) (Result, error) {
	return a.onOrder(ctx, ask, id, anyStaff, given(func(cause order.Cause) order.Command {
		return order.AddNote{Cause: cause, Note: note}
	}))
}
