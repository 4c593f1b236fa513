// Package orderv1 is the contract of the topic orders.v1: every event of every
// order, one struct each, as the order service publishes it.
//
// The key of a record is the order id, so the events of one order keep their
// order. Its stream is the order; [Head].Version counts 1, 2, 3 … without a
// gap, because every event of an order is published, each as one record. A
// reader therefore skips a version up to its last, applies the next one, and
// stops that order at a gap. The same event may arrive twice, always with the
// same bytes.
//
// Every body has a [Head] and says in After where the order stands; all events
// of one append carry the axes after its last one. Amounts are int64 minor
// units of the order's currency, which [Drafted], [Placed] and
// [PaymentRetryRequested] name.
//
// Personal data is in Address and in notes only. The payment method token is
// in [Placed] and [PaymentRetryRequested] for the payment service; any other
// reader must not keep it.
//
// How to add and extend events, and what never changes: package contracts.
// Anybody may import this package.
package orderv1
