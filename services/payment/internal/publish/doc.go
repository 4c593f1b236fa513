// Package publish translates stored events of payments into the messages of payments.v1. The relay runs it.
//
// It guarantees: a stream is published whole, one event one message with the event's own id, version and
// position, so versions on the topic have no gaps; the same event gives the same bytes, however often it is
// translated. The payment method token is left out. An event that it does not know is an error, never a
// hole: a relay that is too old stops and lets a newer one take over.
//
// Stored shapes and contracts are kept apart on purpose: each is copied field by field, so that either may
// grow alone.
//
// It is pure: no clock, no I/O. Imported by paymentd. It imports app for the codec, the core, and contracts.
package publish
