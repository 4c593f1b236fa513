// Package pgsink keeps the effects of messages in PostgreSQL together with how far a consumer came, so that every message has its effect once.
//
//	views := pgsink.NewTx(pool, pgsink.Config{Consumer: "query.orders", Known: known}, func(ctx context.Context, tx pgx.Tx, batch []messaging.Message) error { … })
//	commands := pgsink.NewEach(pool, pgsink.Config{Consumer: "payment.orders", Known: router.Knows}, router.Handle)
//
// [Tx] is for views: the effect of a chunk, its offset and what was parked commit in one transaction. [Each] is for consumers that send commands: messages of
// different keys are handled side by side, those of one key in order, then the offset moves; a message that was handled but not
// counted comes again and must find itself done (use its ID as the command's).
//
// Both guarantee, per consumer:
//
//   - A message is applied if its version is the next one of its stream, skipped if it is an older one, and parked if versions are missing or if the
//     last version comes again with other content. "Last id seen" plays no part.
//   - The row of a partition moves from the expected offset under the epoch of the claim, or not at all ([messaging.ErrFenced]).
//   - A message that cannot be applied parks its key: it and all later ones of that key lie in parked_record, in order, while other keys
//     flow. [Retry] and [Discard] release them; the claim that owns the partition applies them between two batches. A missing version that
//     arrives late releases its key by itself.
//   - Errors that pass (connections, deadlocks, timeouts) change nothing: the batch comes again.
//
// The tables are in [Schema]; names of consumers are state, renaming one is a migration. May be imported by adapters and composition roots.
package pgsink
