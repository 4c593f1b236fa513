// Package eventsourcing keeps aggregates as streams of events and decides commands on them.
//
// A [Decider] is the pure core of one kind of aggregate: a command and a state give events or a refusal, and folding the events
// gives the next state. A [Handler] is the shell around it: it loads a stream, answers a command that the stream has already
// seen, checks the version the caller asked for, decides, and saves; after a lost race it does all of that again.
//
//	h := eventsourcing.NewHandler("account", store, decider, codec, eventsourcing.Options{})
//	res, err := h.Handle(ctx, eventsourcing.Call{AggregateID: id}, Deposit{Amount: 100})
//
// Guarantees, of every [Store], [Appender] and [Log] that passes the suites of package eventsourcingtest:
//
//   - An append names the version it was decided on. It is stored whole or not at all; the loser of a race gets [ErrConflict].
//   - An append may span streams: all of them, or none.
//   - Versions of a stream are 1, 2, 3 … without gaps; positions follow the order of commits, so a reader of the [Log] that has seen
//     position p never meets a smaller one later.
//   - Nothing is changed or deleted.
//
// Idempotency lives in the stream: every event carries the id of the command that caused it ([Metadata]) and a fingerprint of
// what was asked, so a repeated command finds itself and gets its first answer again. There is no table of keys and nothing expires.
//
// What it does not do: it publishes nothing (that is a subscription on the [Log]) and it has no saga engine.
//
// The package imports the standard library alone and may be imported by anybody. Implementations: pgstore (PostgreSQL), memstore
// (memory). The classical surface, [AggregateBase] and [AggregateStore], stands beside the Decider over the same stores.
package eventsourcing
