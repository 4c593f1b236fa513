// Package app holds the use cases of the payment service: what a message, a worker, a timer or a person may
// have done to one payment, and what each may see.
//
// It guarantees that no gateway is called before the intent and its idempotency key are stored, that each
// operation has one definite outcome however often it is tried, and that a lost answer is unknown and never
// "declined". A use case that is repeated with the same command id finds itself in the stream.
//
//	message  RequestPayment RequestCapture RequestVoid RequestRefund   one command on one stream
//	worker   Execute: begin → call → outcome; LookUp: what became of a key
//	timer    Expire
//	person   Payment, OfOrder; CheckReconcile, then Reconcile by a worker
//
// A call to the gateway is made outside of any transaction; a crash anywhere means the same key again.
// [Later] tells the caller to come back without having spent a try, any other error that it may try again.
//
// It does not know HTTP, Kafka, Postgres or River: [Gateway] is the port to the outside, the store comes in
// as an interface. Only the adapters of this service and its daemon import it. Safe for concurrent use.
package app
