// Package paymentv1 is the contract of the topic payments.v1: every event of
// every payment, one struct each, as the payment service publishes it.
//
// A payment is one attempt to pay one order. The key of a record is the order
// id, so payments of one order share a partition; its stream is the payment,
// and [Head].Version counts 1, 2, 3 … within it, without a gap. The events of
// one payment keep their order; those of two payments of one order promise
// nothing about each other. The same event may arrive twice, always with the
// same bytes.
//
// Amounts are int64 minor units of the currency that [Requested] names. A
// payment that was voided before it was requested begins with [Voided] of 0.
//
// An operation is one call for the gateway: its id is the capture id, the
// refund id, or an id of its own. Source says how its outcome became known.
// The payment method token is never published.
//
// How to add and extend events, and what never changes: package contracts.
// Anybody may import this package.
package paymentv1
