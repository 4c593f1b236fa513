// Package publish translates stored events of the order service into the
// messages of its contracts: order streams into orders.v1, product and stock
// streams into catalog.v1. The relay runs it.
//
// It guarantees: a published stream is published whole, one event one message
// with the event's own id, version and position, so versions on a topic have no
// gaps; the same event gives the same bytes, however often it is translated. An
// event that it does not know is an error, never a hole: a relay that is too old
// stops and lets a newer one take over. Streams of movements and discounts are
// not published.
//
// Stored shapes and contracts are kept apart on purpose: each is copied field by
// field, so that either may grow alone.
//
// It is pure: no clock, no I/O. Imported by orderd. It imports app for the
// codecs, the cores, and contracts.
package publish
