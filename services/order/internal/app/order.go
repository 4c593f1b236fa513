package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/kontor-dev/kontor/internal/auth"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Result is an order at the version that a command reached.
type Result = es.Result[order.Event, order.State]

// right says who may give a command: the customer of the order, staff with one of the
// roles, or, with neither, the system alone.
type right struct {
	owner   bool
	roles   []auth.Role
	creates bool // the order need not be there
}

// The rights that commands have.
var (
	create         = right{owner: true, roles: []auth.Role{auth.Support}, creates: true}
	ownerOrSupport = right{owner: true, roles: []auth.Role{auth.Support}}
	support        = right{roles: []auth.Role{auth.Support}}
	warehouse      = right{roles: []auth.Role{auth.Warehouse}}
	finance        = right{roles: []auth.Role{auth.Finance}}
	anyStaff       = right{roles: []auth.Role{auth.Support, auth.Warehouse, auth.Finance, auth.Admin}}
	systemOnly     = right{}
)

// check refuses who must not even know of the order, then who may not do this.
func (r right) check(ask Ask, s order.State) error {
	owns := ask.By.Owns(string(s.CustomerID))
	switch {
	case !s.Exists() || !ask.system() && !ask.By.IsStaff() && !owns:
		return ErrNotFound
	case ask.system() || r.owner && owns || ask.By.HasAny(r.roles...):
		return nil
	}
	return ErrForbidden
}

// prepare makes the command for the order as it is; it may look things up.
type prepare func(ctx context.Context, cause order.Cause, s order.State) (order.Command, error)

// given is a command that needs no look-up.
func given(c func(order.Cause) order.Command) prepare {
	return func(_ context.Context, cause order.Cause, _ order.State) (order.Command, error) { return c(cause), nil }
}

// onOrder carries a command out: on the order, and on the stock of the products
// that its events touch, in one append.
func (a *App) onOrder(ctx context.Context, ask Ask, id order.ID, who right, make prepare) (Result, error) {
	return a.onOrderAhead(ctx, ask, id, who, nil, make)
}

// onOrderAhead is onOrder for a command that knows beforehand what it will look
// up: one read for that and the order.
func (a *App) onOrderAhead(ctx context.Context, ask Ask, id order.ID, who right, needs func() []es.Tails, make prepare) (Result, error) {
	if ask.CommandID == "" { // ids of what the command creates are made from it
		ask.CommandID = es.NewID()
	}
	unlock, err := a.queue.lock(ctx, lockOrder(id))
	if err != nil {
		return Result{}, err
	}
	defer unlock()
	var res Result
	err = es.Retry(ctx, func(ctx context.Context) (err error) {
		if needs != nil {
			if ctx, err = es.ReadAhead(ctx, a.store, append(needs(), a.orders.Tails(string(id)))...); err != nil {
				return fmt.Errorf("order %s: %w", id, err)
			}
		}
		plan, err := a.planOrder(ctx, ask, id, who, make)
		res = plan.Result
		if err != nil || len(plan.Write.Events) == 0 {
			return err
		}
		return a.appendWithStock(ctx, ask, plan)
	})
	if err != nil {
		return Result{}, err
	}
	return res, nil
}

func (a *App) planOrder(ctx context.Context, ask Ask, id order.ID, who right, make prepare) (es.Plan[order.Event, order.State], error) {
	var denied error
	plan, err := a.orders.Plan(ctx, ask.call(string(id)), func(ctx context.Context, s order.State) (order.Command, error) {
		if s.Exists() || !who.creates { // before any look-up
			if denied = who.check(ask, s); denied != nil {
				return nil, denied
			}
		}
		return make(ctx, order.Cause{CommandID: order.CommandID(ask.CommandID), At: a.now()}, s)
	})
	// Also of a repeat, of a failed IfVersion and of an order that is not there: who
	// must not know of it learns nothing.
	if denied == nil && (plan.State.Exists() || errors.Is(err, es.ErrConflict)) {
		denied = who.check(ask, plan.State)
	}
	switch {
	case denied != nil:
		return es.Plan[order.Event, order.State]{}, denied
	case err != nil:
		return plan, fmt.Errorf("order %s: %w", id, err)
	}
	return plan, nil
}

// appendWithStock appends what was planned for an order together with what follows for stock.
func (a *App) appendWithStock(ctx context.Context, ask Ask, plan es.Plan[order.Event, order.State]) error {
	moves, err := stockMoves(plan.State, plan.Events)
	if err != nil {
		return err
	}
	if len(moves) == 0 {
		return a.store.Append(ctx, plan.Write)
	}
	unlock, free := a.queue.tryLock(moves.locks()...)
	if !free { // what was read ahead will be out of date after the wait
		ctx = es.ReadAnew(ctx)
		if unlock, err = a.queue.lock(ctx, moves.locks()...); err != nil {
			return err
		}
	}
	defer unlock()
	stocks, err := a.planStock(ctx, ask, moves)
	if err != nil {
		return a.unlessMoved(ctx, plan.Write, err)
	}
	writes := []es.Write{plan.Write}
	for _, p := range stocks {
		writes = append(writes, p.Write)
	}
	if err := a.store.Append(ctx, writes...); err != nil {
		return err
	}
	a.stocks.Saved(stocks...)
	return nil
}

// unlessMoved is a refusal of stock, or a conflict if the order was moved on
// meanwhile: then the refusal may be the work of the very same command elsewhere.
func (a *App) unlessMoved(ctx context.Context, w es.Write, refusal error) error {
	newer, err := a.store.Load(ctx, w.Stream, w.Expected)
	switch {
	case err != nil:
		return err
	case len(newer) > 0:
		return &es.ConflictError{Stream: w.Stream, Expected: w.Expected, Actual: w.Expected + int64(len(newer))}
	}
	return refusal
}

func lockOrder(id order.ID) string { return "order " + string(id) }
