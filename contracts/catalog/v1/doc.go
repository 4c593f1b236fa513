// Package catalogv1 is the contract of the topic catalog.v1: every event of
// every product and of the stock of every product, as the order service
// publishes them.
//
// The key of a record is the SKU. A SKU has two streams, its product and its
// stock, each with versions 1, 2, 3 … of its own and without a gap; the ce_stream
// header tells them apart, as does the first word of the type. The events of a
// stream keep their order; a product event and a stock event promise nothing
// about each other. The same event may arrive twice, always with the same bytes.
//
// Stock events carry on_hand and reserved as they are after the event, so a
// reader needs the last one only; what is available is their difference, and
// is negative only after a correction. Discounts and booked movements are not
// published.
//
// How to add and extend events, and what never changes: package contracts.
// Anybody may import this package.
package catalogv1
