// Package subscription is a cursor over the positions of a log: everything after its checkpoint, in order, nothing passed over.
//
//	relay := subscription.New(subscription.Config{Name: "order.relay", Log: store, Pool: pool, Wake: store.Appended}, publish)
//	go relay.Run(ctx)
//
// [New] is for effects elsewhere: the handler returns nil, then the checkpoint moves. After a crash the same events come again, so
// the effect must bear that: at least once. [NewTx] is for effects in the same database: the handler gets the transaction that moves
// the checkpoint, and both are committed or neither: exactly once.
//
// Guarantees:
//
//   - Batches are in position order and follow one another without a gap. A handler is never called twice at once.
//   - One process works on a name, the owner of a session-level advisory lock; the others stand by, and one takes over within a second of the
//     owner's end. The lock only saves work. What is right is fenced by the checkpoint: it moves by compare-and-set, so an owner that
//     was overtaken moves nothing and, with NewTx, has had no effect.
//   - A handler that fails gets the same events again, after a pause that grows to Config.MaxPause. Nothing is skipped.
//   - When Run's context ends, the batch under way may finish for Config.Grace.
//
// It is woken by the append lane of its own process (Wake), by NOTIFY from others (Listen), and by a poll as the fallback.
//
// The name of a subscription is state: renaming it starts from the first event.
//
// It does not publish and does not translate; it may be imported by adapters and by whoever wires a service. Without a Pool the checkpoint
// is kept in memory, for tests over memstore.
package subscription
