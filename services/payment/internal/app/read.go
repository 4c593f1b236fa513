package app

import (
	"context"
	"errors"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

var (
	// ErrPaymentNotFound is a payment that is not there, or not the caller's own.
	ErrPaymentNotFound = errors.New("there is no such payment")
	// ErrForbidden is a caller whose role may not see payments.
	ErrForbidden = errors.New("the caller's role may not do this")
)

// maxAttempts is how many payments an order can have.
const maxAttempts = 5

// Payment returns a payment to its owner, support or finance.
func (a *App) Payment(ctx context.Context, who auth.Principal, id payment.ID) (Result, error) {
	if err := mayAsk(who); err != nil {
		return Result{}, err
	}
	res, err := a.payments.Load(ctx, string(id))
	if err != nil {
		return Result{}, err
	}
	if !sees(who, res.State) {
		return Result{}, ErrPaymentNotFound
	}
	return res, nil
}

// OfOrder returns the payments of an order, the first attempt first. Their ids follow from the order's, so
// they are read from their streams and are as fresh as these.
func (a *App) OfOrder(ctx context.Context, who auth.Principal, id payment.OrderID) ([]Result, error) {
	if err := mayAsk(who); err != nil {
		return nil, err
	}
	streams := make([]string, maxAttempts)
	for i := range streams {
		streams[i] = ids.Payment(string(id), i+1)
	}
	all, err := a.payments.LoadMany(ctx, streams...)
	if err != nil {
		return nil, err
	}
	var mine []Result
	for _, res := range all {
		if sees(who, res.State) {
			mine = append(mine, res)
		}
	}
	if len(mine) == 0 {
		return nil, ErrPaymentNotFound
	}
	return mine, nil
}

func mayAsk(who auth.Principal) error {
	if who.HasAny(auth.Support, auth.Finance) || who.IsCustomer() {
		return nil
	}
	return ErrForbidden
}

// sees is the one place that says whose payments are whose. What was never requested, only answered, has no
// owner and shows to nobody.
func sees(who auth.Principal, s payment.State) bool {
	if s.Attempt == 0 {
		return false
	}
	return who.HasAny(auth.Support, auth.Finance) || who.Owns(string(s.CustomerID))
}
