// Package jobs is what waits or calls outside: River's jobs of the payment service, and what starts them.
//
// [Client.Start] is the handler of the job starter, a subscription on the service's own events: it inserts
// jobs in the transaction that moves the checkpoint, so each intent has its job exactly once, also over a
// crash. Workers are thin: one use case each, which loads, calls and appends.
//
//	gateway_call          an operation was requested: call the gateway until there is an answer
//	gateway_lookup        a webhook hinted, or a person asks: what became of an operation
//	gateway_reconcile     a person decided an operation in manual review
//	authorization_expiry  an authorization's time is over
//
// A worker that is too early, or whose gateway takes no calls, is put to sleep without having spent a try;
// anything else that fails is tried again after 1 s to 5 min with full jitter. A job whose process was killed
// is rescued within a minute; the same key then tells what happened.
//
// Arguments are ids, and in gateway_reconcile what the person decided; no token, no amount. The only package
// that knows River, beside paymentd, which imports it.
package jobs
