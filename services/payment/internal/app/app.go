package app

import (
	"time"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/payment/internal/payment"
)

// StreamType is the type of the streams of payments. This name is state.
const StreamType = "payment"

// Result is a payment at a version.
type Result = es.Result[payment.Event, payment.State]

// Deps is what the use cases stand on. All but Now are needed.
type Deps struct {
	Store       es.Store
	Gateway     Gateway
	GatewayName string           // written into every payment
	Now         func() time.Time // default time.Now
	// Hook is called at the points worker.after_begin, call_sent, after_call, before_outcome, after_outcome and
	// lookup. An error fails the step. For fault injection.
	Hook func(point string) error
}

// App is the use cases. Make one with [New].
type App struct {
	payments *es.Handler[payment.Command, payment.Event, payment.State]
	gateway  Gateway
	name     string
	clock    func() time.Time
	hook     func(point string) error
}

// New returns the use cases over a store and a gateway.
func New(d Deps) *App {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Hook == nil {
		d.Hook = func(string) error { return nil }
	}
	decider := es.Decider[payment.Command, payment.Event, payment.State]{
		Initial: func() payment.State { return payment.State{} },
		Decide:  payment.Decide,
		Evolve:  payment.Evolve,
	}
	return &App{
		payments: es.NewHandler(StreamType, d.Store, decider, NewCodec(), es.Options{}),
		gateway:  d.Gateway, name: d.GatewayName, clock: d.Now, hook: d.Hook,
	}
}

// now is the time as events keep it: UTC, whole microseconds.
func (a *App) now() time.Time { return a.clock().UTC().Truncate(time.Microsecond) }

func stream(id payment.ID, meta es.Metadata) es.Call {
	return es.Call{AggregateID: string(id), Metadata: meta}
}
