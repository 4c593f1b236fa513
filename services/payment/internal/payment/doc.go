// Package payment is the core of payments: one stream is one attempt to pay one order, with its
// authorization, captures, voids and refunds.
//
// It guarantees, after every event, that
//
//	P1 captured ≤ authorized   P2 refunded ≤ captured   P3 a void releases what is not captured, also 0
//	P4 one idempotency key per operation, recorded before any call and never made anew
//	P5 amount and currency never change; an answer with others goes to manual review
//	P7 a payment that was voided before it was requested is never sent to the gateway
//	P8 the operations of a payment are carried out one at a time, in the order requested ([State.Current])
//	P9 every request that comes by message is answered by an event, also one that cannot be met
//	P10 the first definite answer stays; a different second one goes to manual review
//
// The status follows the money; each operation has its own life:
//
//	requested ─► authorizing ─► authorized ─► partially_captured ─► captured ─► …refunded
//	    └─► voided     └─► declined   └─► voided, expired
//	operation: requested ─► succeeded | failed, by way of unknown and manual_review
//
// What is left to capture is decided on the rest (authorized − captured − released), not on the label. It
// calls nobody: that is the worker's part, between [Begin] and [RecordOutcome]. It has no clock, no ids of
// its own making beyond those derived from the stream, and no I/O: standard library, money and ids only.
// Packages of this service may import it.
package payment
