package projection

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// The units of rebuild.
const (
	Orders   = view.UnitOrders
	Payments = view.UnitPayments
	Catalog  = view.UnitCatalog
)

// Units are all of them.
var Units = []string{Orders, Payments, Catalog}

// Side is one of the two copies of every view.
type Side string

// The sides.
const (
	SideA Side = "a"
	SideB Side = "b"
)

// Config configures [Consumers].
type Config struct {
	Side Side         // default SideA
	Log  *slog.Logger // hears of parked keys; default: nobody
	// Hook is called at the points of [pgsink.Config]. Its error fails the batch. Default: none.
	Hook func(point string) error
	// Topics replaces the topics of the contracts, by unit, for tests that have topics of their own.
	Topics map[string]string
}

// Consumer is one consumer of views: what it reads and where that goes.
type Consumer struct {
	Unit  string // Orders, Payments or Catalog
	Name  string // of its offsets and of its group; state
	Topic string
	Side  Side
	Sink  *pgsink.Tx
}

// Name is the name of the consumer that fills one side of a unit's views. It is state.
func Name(unit string, side Side) string {
	if side == SideB {
		return unit + "@b"
	}
	return unit
}

// Consumers returns the consumers that fill one side of all views. pool writes as the role query_project.
func Consumers(pool *pgxpool.Pool, cfg Config) []Consumer {
	return []Consumer{
		NewConsumer(pool, Orders, cfg),
		NewConsumer(pool, Payments, cfg),
		NewConsumer(pool, Catalog, cfg),
	}
}

// NewConsumer returns the consumer of one unit. It panics for a unit or side that does not exist.
func NewConsumer(pool *pgxpool.Pool, unit string, cfg Config) Consumer {
	if cfg.Side == "" {
		cfg.Side = SideA
	}
	if cfg.Side != SideA && cfg.Side != SideB {
		panic(fmt.Sprintf("projection: there is no side %q", cfg.Side))
	}
	schema := "view_" + string(cfg.Side)
	c := Consumer{Unit: unit, Name: Name(unit, cfg.Side), Side: cfg.Side}
	sink := pgsink.Config{Consumer: c.Name, Log: cfg.Log, Hook: cfg.Hook}
	var apply pgsink.ApplyFunc
	switch unit {
	case Orders:
		c.Topic, sink.Known, sink.AfterApply = orderv1.Topic, knows(orderv1.Types), notify
		apply = newOrders(schema).apply
	case Payments:
		c.Topic, sink.Known = paymentv1.Topic, knows(paymentv1.Types)
		apply = newPayments(schema).apply
	case Catalog:
		c.Topic, sink.Known = catalogv1.Topic, knows(catalogv1.Types)
		apply = newCatalog(schema).apply
	default:
		panic(fmt.Sprintf("projection: there is no unit %q", unit))
	}
	if topic := cfg.Topics[unit]; topic != "" {
		c.Topic = topic
	}
	c.Sink = pgsink.NewTx(pool, sink, apply)
	return c
}

func knows(types map[string]any) func(string) bool {
	return func(typ string) bool { _, ok := types[typ]; return ok }
}

// follows applies the version rule to a view that has seen have: whether m is to be applied. That it is not the next one can only be if
// somebody emptied a view and kept its offsets.
func follows(have int64, m messaging.Message) (bool, error) {
	switch {
	case m.Version <= have:
		return false, nil
	case m.Version > have+1:
		return false, messaging.Permanent(fmt.Errorf("%s has version %d, the view has %d", m.Type, m.Version, have))
	}
	return true, nil
}

// fits refuses a message whose key, stream or version is not that of its body.
func fits(m messaging.Message, key, stream string, version int64) error {
	if m.Key != key || stream != "" && m.Stream != stream || m.Version != version {
		return messaging.Permanent(fmt.Errorf("%s has another key, stream or version than its body", m.Type))
	}
	return nil
}

// impossible marks an error of the core as one that trying again does not cure.
func impossible(err error) error { return messaging.Permanent(err) }

// notify tells which orders a transaction changed, once it commits.
func notify(ctx context.Context, tx pgx.Tx, applied []messaging.Message) error {
	changes := make([]view.Change, len(applied))
	for i, m := range applied {
		changes[i] = view.Change{OrderID: m.Key, Version: m.Version}
	}
	if _, err := tx.Exec(ctx, sqlNotify, view.Channel, view.Payloads(changes)); err != nil {
		return fmt.Errorf("notify %s: %w", view.Channel, err)
	}
	return nil
}
