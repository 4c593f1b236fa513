package app

import (
	"context"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/money"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// LineRequest is a product and how many units of it.
type LineRequest struct {
	SKU      order.SKU
	Quantity int
}

// Submit is what placing needs beyond the book.
type Submit struct {
	PaymentMethodToken string
	ExpectedTotal      *money.Amount  // what the customer agreed to; nil: the total of the drafted prices
	Currency           money.Currency // of ExpectedTotal
}

// NewOrder is an order to be created.
type NewOrder struct {
	ID            order.ID // made from the request's key
	CustomerID    order.CustomerID
	Currency      money.Currency
	Channel       order.Channel // of a customer; default api. Staff's is staff
	Lines         []LineRequest // a SKU at most once
	DiscountCodes []string
	Address       *order.Address
	Submit        *Submit // not nil: place it in the same append
}

// Draft creates an order, as a draft or placed at once. A customer's is their
// own; staff say whose it is.
func (a *App) Draft(ctx context.Context, ask Ask, n NewOrder) (Result, error) {
	if err := n.owned(ask); err != nil {
		return Result{}, err
	}
	if err := a.config.places(n.Currency); err != nil {
		return Result{}, err
	}
	skus := make([]order.SKU, len(n.Lines))
	for i, l := range n.Lines {
		skus[i] = l.SKU
	}
	var at time.Time
	needs := func() []es.Tails {
		at = a.now() // before the read: what the book says of it is known by then
		return a.bookTails(skus, n)
	}
	return a.onOrderAhead(ctx, ask, n.ID, create, needs, func(ctx context.Context, cause order.Cause, _ order.State) (order.Command, error) {
		cause.At = at
		prices, err := a.pricesAt(ctx, skus, n.Currency, cause.At)
		if err != nil {
			return nil, err
		}
		offers, err := a.offers(ctx, n.DiscountCodes)
		if err != nil {
			return nil, err
		}
		c := order.Draft{
			Cause: cause, OrderID: n.ID, OrderNumber: ids.OrderNumber(string(n.ID)), CustomerID: n.CustomerID, Currency: n.Currency,
			Channel: n.Channel, Offers: offers, Address: n.Address, Shipping: a.config.Shipping[n.Currency], Submit: a.submit(n.Submit),
		}
		for i, l := range n.Lines {
			c.Lines = append(c.Lines, order.NewLine{Price: prices[i], Quantity: l.Quantity})
		}
		return c, nil
	})
}

// bookTails is what creating the order looks up: prices, discounts and, to place
// it, stock.
func (a *App) bookTails(skus []order.SKU, n NewOrder) []es.Tails {
	products, stocks, codes := make([]string, len(skus)), make([]string, len(skus)), make([]string, len(n.DiscountCodes))
	for i, sku := range skus {
		products[i], stocks[i] = ids.ProductStream(string(sku)), ids.StockStream(string(sku))
	}
	for i, code := range n.DiscountCodes {
		codes[i] = ids.DiscountStream(code)
	}
	tails := []es.Tails{a.prices.Tails(products...), a.discounts.Tails(codes...)}
	if n.Submit != nil {
		tails = append(tails, a.stocks.Tails(stocks...))
	}
	return tails
}

// owned says whose the order will be, and by which channel it came.
func (n *NewOrder) owned(ask Ask) error {
	own := order.CustomerID(ask.By.Customer())
	switch {
	case ask.By.Has(auth.Support):
		if n.CustomerID == "" {
			n.CustomerID = own
		}
		if n.CustomerID == "" {
			return ErrCustomerMissing
		}
		n.Channel = order.Staff
	case own == "", n.CustomerID != "" && n.CustomerID != own:
		return ErrForbidden
	default:
		n.CustomerID = own
		if n.Channel == "" {
			n.Channel = order.API
		}
	}
	return nil
}

func (a *App) submit(s *Submit) *order.Submit {
	if s == nil {
		return nil
	}
	return &order.Submit{
		CapturePolicy: a.config.CapturePolicy, PaymentMethodToken: s.PaymentMethodToken, ExpectedTotal: s.ExpectedTotal,
	}
}
