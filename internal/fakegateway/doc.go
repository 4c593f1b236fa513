// Package fakegateway is a payment provider made for tests and for trying Kontor out: an HTTP server with a
// ledger of its own.
//
// It guarantees that a row is in the ledger before the reply leaves, so that "charged exactly once" can be
// proven from a source that the code under test does not write. A key that was answered is answered again
// without a second effect; a key with another body is refused with 409. Keys are remembered for the key
// window (24 h) by the gateway's own clock, which tests can move; after that the gateway has forgotten them,
// as real ones do, and the same key would charge again.
//
// What a payment method does is in its token ([TokenOK] and its siblings): declines, delays, lost replies,
// replies that contradict. [Server.Script] lays down the next replies of one operation instead.
//
//	POST /v1/authorizations /v1/captures /v1/voids /v1/refunds   with Idempotency-Key
//	GET  /v1/operations?key=                                     what became of a key; 404 when never seen
//	GET  /v1/capabilities                                        multi_capture, key_window_seconds
//	GET  /ledger?order_id=  GET /ledger/summary?order_id=        the proof
//	POST /clock {advance}   POST /script {order_id,op,replies[]} in the fake only
//
// A definite answer is 200 (ok), 402 (declined) or 422 (failed), each with the operation as its body.
// Webhooks are signed hints; see [Sign]. Without a path the ledger lives in memory and dies with the server.
//
// It is no model of a real provider's data and holds no card data. Only programs under cmd/, the embedded
// stack and tests may import it: no service links it. A Server is safe for concurrent use.
package fakegateway
