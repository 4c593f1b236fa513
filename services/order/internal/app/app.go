package app

import (
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/product"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// Stream types. They are state: renaming one is a migration.
const (
	StreamOrder    = "order"
	StreamProduct  = "product"
	StreamDiscount = "discount"
	StreamStock    = "stock"
	StreamMovement = "stockmove"
)

// Limits of what is kept in memory, and how long a stock stream grows between
// two snapshots.
const (
	stockBaselines = 20_000
	priceBaselines = 20_000
	stockSnapshots = 200
	stockSchema    = 1 // of stock.State as JSON; another shape needs another number
)

// Store is what the use cases read and write.
type Store interface {
	es.Store
	es.Appender
}

// Deps are what an [App] is built from.
type Deps struct {
	Store     Store
	Snapshots es.SnapshotStore // of stock streams; nil: none
	Clock     func() time.Time // default: the system clock
	Config    Config
	NewID     func() string // of events; default: UUIDv7
}

// App is the use cases. Make one with [New]; safe for concurrent use.
type App struct {
	store  Store
	clock  func() time.Time
	config Config
	queue  locks

	orders    *es.Handler[order.Command, order.Event, order.State]
	products  *es.Handler[product.Command, product.Event, product.State]
	prices    *es.Handler[product.Command, product.Event, product.State] // reads only: folds from what it kept in memory
	discounts *es.Handler[product.DiscountCommand, product.DiscountEvent, product.Discount]
	stocks    *es.Handler[stock.Command, stock.Event, stock.State]
	movements *es.Handler[stock.Book, stock.MovementBooked, stock.Movement]
}

// New builds the use cases. The zero Config takes its defaults.
func New(d Deps) *App {
	if d.Clock == nil {
		d.Clock = time.Now
	}
	keyed := es.Options{NewID: d.NewID}
	kept := func(n int) es.Options { return es.Options{NewID: d.NewID, Baselines: n} }
	stocked := kept(stockBaselines)
	if d.Snapshots != nil {
		stocked.Snapshots, stocked.SnapshotEvery, stocked.SnapshotSchema = d.Snapshots, stockSnapshots, stockSchema
	}
	return &App{
		store: d.Store, clock: d.Clock, config: d.Config.withDefaults(),
		orders:    es.NewHandler(StreamOrder, d.Store, orderDecider, OrderEvents, keyed),
		products:  es.NewHandler(StreamProduct, d.Store, productDecider, ProductEvents, keyed),
		prices:    es.NewHandler(StreamProduct, d.Store, productDecider, ProductEvents, kept(priceBaselines)),
		discounts: es.NewHandler(StreamDiscount, d.Store, discountDecider, DiscountEvents, keyed),
		stocks:    es.NewHandler(StreamStock, d.Store, stockDecider, StockEvents, stocked),
		movements: es.NewHandler(StreamMovement, d.Store, movementDecider, MovementEvents, keyed),
	}
}

// now is the instant of a command, as it is stored.
func (a *App) now() time.Time { return a.clock().UTC().Truncate(time.Microsecond) }

var (
	orderDecider = es.Decider[order.Command, order.Event, order.State]{
		Initial: order.Initial, Decide: order.Decide, Evolve: order.Evolve,
	}
	productDecider = es.Decider[product.Command, product.Event, product.State]{
		Initial: product.Initial, Decide: product.Decide, Evolve: product.Evolve,
	}
	discountDecider = es.Decider[product.DiscountCommand, product.DiscountEvent, product.Discount]{
		Initial: product.NoDiscount, Decide: product.DecideDiscount, Evolve: product.EvolveDiscount,
	}
	stockDecider = es.Decider[stock.Command, stock.Event, stock.State]{
		Initial: stock.Initial, Decide: stock.Decide, Evolve: stock.Evolve,
	}
	movementDecider = es.Decider[stock.Book, stock.MovementBooked, stock.Movement]{
		Initial: stock.NoMovement, Decide: stock.DecideMovement, Evolve: stock.EvolveMovement,
	}
)
