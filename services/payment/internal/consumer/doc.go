// Package consumer reads orders.v1: what orders want of their payments. Each message is one command on one
// payment stream.
//
// It guarantees that a message has its effect once: its id is the id of the command, so a redelivery finds
// itself in the stream; and that a request which cannot be met is answered by an event, never refused. A
// message that is impossible all the same, or that comes again with another body, is permanent and parks its
// key. Nothing is called from here: the intent is recorded, and a worker carries it out.
//
// Types that it does not need are passed over. The offset is kept by pgsink under [Name], after the append.
// Only paymentd imports it.
package consumer
