// Package app holds the use cases of the order service: one file each, one
// method of [App] each. A use case loads, asks the cores, and writes once.
//
// It guarantees:
//
//   - Idempotency by the stream: a command id that a stream knows gets its first
//     answer again; with another fingerprint it is es.ErrCommandReused.
//   - One append per command over all streams it touches: an order and the stock
//     of its products move together or not at all.
//   - A lost race is decided again on the new state, for 2 s at most; then it is
//     es.ErrConflict and nothing was stored. Commands of one process on the same
//     SKU queue up instead of racing.
//   - Ownership is checked where the stream is loaded: for somebody else an
//     order does not exist ([ErrNotFound]), before any role is looked at.
//
// It knows no HTTP, no Kafka and no SQL: who asks, and under which key, is in
// [Ask]; clock and configuration come with [Deps]. Refusals of the cores pass
// through unchanged.
//
// Stored names of events are in codec.go. They are state: renaming one is a
// migration. testdata/events holds every shape ever stored.
//
// Imported by the adapters of this service (httpapi, consumer, jobs, publish)
// and by orderd. It imports the cores, pkg/eventsourcing and
// internal/{money,ids,auth}.
package app
