// Package pgstore keeps streams of events in PostgreSQL 15 or later: Store, Appender, Log and SnapshotStore of package eventsourcing.
//
//	store := pgstore.New(pool, pgstore.Options{})
//	go store.Run(ctx) // the append lane; returns nil after ctx ended and everybody was answered
//	err := store.Append(ctx, es.Write{Stream: order, Expected: 3, Events: events}, es.Write{…})
//
// Guarantees:
//
//   - An append is stored whole or not at all, over all its streams; the loser of a race gets a [*eventsourcing.ConflictError] and
//     has written nothing. A neighbour in the same flush changes nothing about that.
//   - Positions are in commit order: a reader that has seen position p is never shown a smaller one later.
//   - Nil means committed and on disk; the lane does not start on a server that would lose it.
//   - An answer is true. When a reply is lost the lane reads back what was stored, under the lock that all writers take, before it
//     answers; [eventsourcing.ErrOutcomeUnknown] is left for when even that fails. Any other error means that nothing was stored.
//   - Everything is bounded: 4,096 appends wait, 256 or 1 MiB share a flush, an event has at most 256 KiB.
//
// Each process has one lane: a goroutine with a connection of its own, which writes whatever is queued in one round trip. While a flush is under
// way the next one gathers, so that flushes grow with the load by themselves. Loads are gathered in the same way on two connections. There
// is no transaction twin of Append: what must follow an append is a subscription.
//
// Every writer of the events table must take the append lock (Options.Log). One that does not is caught by the unique key of
// (stream_id, version), but its positions are not in commit order. Stream and event ids are UUIDs in lower case.
//
// It may be imported by whoever wires a service, and by tests; use cases know the interfaces only.
package pgstore
