// Package consumer reads payments.v1: what became of the money of an order. Each
// message is one fact, told to one order stream.
//
// It guarantees that a message has its effect once: its id is the id of the
// command, so a redelivery finds itself in the stream. An order never refuses a
// fact for what it says: money that comes late is recorded and given back. What
// cannot be true of the order, a message that does not fit its key, or one that
// comes again with another body, is permanent and parks its key.
//
// Types that it does not need are passed over and counted. The offset is kept by
// pgsink under [Name], after the append.
//
// Only orderd imports it. It imports app, the order core, and contracts.
package consumer
