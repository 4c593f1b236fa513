// Package order is the order: what can be asked of it, what has happened to it,
// and the rules between the two.
//
// [Decide] turns a [Command] and a [State] into [Event]s or a refusal, [Evolve]
// folds an event into a state. Both are pure functions of their arguments:
// clocks, prices, discount definitions and the id of the command come with the
// command, every other id is derived from them. So the same command on the same
// state always leads to the same events, and a refusal leaves nothing behind.
//
// An order has three axes. Status guards commands; the payment and fulfillment
// statuses are derived from what has happened, and stand in After of every event:
//
//	draft ─► placed ─► confirmed ─► completed
//	  │        │ ▲▼        │
//	  │        │ payment_failed
//	  ▼        ▼           ▼
//	expired, cancelled
//
// Whatever a command did, its events pass through settle: money that the order
// no longer has a use for is refunded, an authorization that nothing can be taken
// from any more is voided, and the axes are written down, all in the same append.
//
// Facts from the payment service (Record…) are never refused for what they say:
// a repeat changes nothing, money that comes too late is recorded and given
// back. What cannot have happened, like a capture that nobody requested, is
// [ErrImpossible].
//
// Stock is kept by another core in the same append. The events of this one name
// the units that it must release or restock, and [State.OpenReservations] says
// what it must hold.
//
// A State may be shared and read concurrently: Evolve never changes its
// argument. Amounts are minor units of the order's currency. Times are cut to
// microseconds, as that is what is stored.
//
// Standard library, internal/money and internal/ids only. Whoever is inside of
// the order service may import it.
package order
