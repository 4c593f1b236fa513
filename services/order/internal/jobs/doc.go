// Package jobs is the time of the order service: River's timers, and what starts
// them.
//
// [Client.Start] is the handler of the job starter, a subscription on the
// service's own events: it inserts jobs in the transaction that moves the
// checkpoint, so each event arms its timer exactly once, also over a crash.
//
//	payment_due      an order waits for its payment: placed, declined or tried again
//	draft_abandoned  an order was drafted: 30 days after its last event
//
// Workers are thin: one use case each, with an id made from the event that armed
// the timer, so a job that runs twice finds itself in the stream. The order
// decides whether the deadline has passed: a job that is early, as its deadline
// moved, sleeps until it; one that is late or has become pointless does no harm.
//
// Arguments are ids only. The only package that knows River, beside orderd, which
// imports it.
package jobs
