// Package projection keeps the views: it takes batches of messages, folds them in memory with package view, and writes what they come
// to.
//
// There are three consumers, each a unit of rebuild: [Orders] (orders and timeline, from orders.v1), [Payments] (from payments.v1) and
// [Catalog] (products and stock, from catalog.v1). [Consumers] makes their sinks for one side of the views, a or b.
//
// Guarantees:
//
//   - A batch is one read, one fold per stream in memory, and one upsert per table, however many streams it has.
//   - The rows, the offset and the parked records are one transaction (pkg/messaging/pgsink): a message has its effect once.
//   - A row's version says what it has: what is not newer is skipped, what is not the next one parks its key, as does an event that
//     cannot be decoded or cannot be. Nothing else is held up by it.
//   - What changed is told on the channel [view.Channel] when, and only when, the transaction commits.
//   - The rows are a function of the events alone, so views that are rebuilt are the same byte for byte.
//
// It never reads a clock, publishes nothing and issues no command. Only the composition root imports it.
package projection
