package app

import (
	"context"
	"math"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// reader is who may look at an order: its customer and all staff.
var reader = right{owner: true, roles: anyStaff.roles}

// State is an order as it is now.
func (a *App) State(ctx context.Context, by auth.Principal, id order.ID) (Result, error) {
	res, err := a.orders.Load(ctx, string(id))
	return visible(by, res, err)
}

// StateAtVersion is an order as it was at a version; one that it has not reached
// is [ErrVersionUnknown].
func (a *App) StateAtVersion(ctx context.Context, by auth.Principal, id order.ID, version int64) (Result, error) {
	res, err := a.orders.LoadVersion(ctx, string(id), version, nil)
	res, err = visible(by, res, err)
	if err == nil && res.Version != version {
		return Result{}, ErrVersionUnknown
	}
	return res, err
}

// StateAt is an order as it was recorded at a moment; before it was created it
// is not found.
func (a *App) StateAt(ctx context.Context, by auth.Principal, id order.ID, at time.Time) (Result, error) {
	res, err := a.orders.LoadVersion(ctx, string(id), math.MaxInt64, func(e es.Event) bool { return !e.Timestamp.After(at) })
	return visible(by, res, err)
}

func visible(by auth.Principal, res Result, err error) (Result, error) {
	if err != nil {
		return Result{}, err
	}
	if by.IsZero() { // reads are for people
		return Result{}, ErrForbidden
	}
	if err := reader.check(Ask{By: by}, res.State); err != nil {
		return Result{}, err
	}
	return res, nil
}
