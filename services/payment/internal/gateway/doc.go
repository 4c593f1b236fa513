// Package gateway is the adapter to the payment provider over HTTP: it implements the port of package app.
//
// It guarantees that every error is of one of the four kinds of the port. A request that never got through
// (no connection, a breaker that is open, a 429) is not sent; a decline or failure is definite only if the
// reply is readable, names the same key, and says so; everything else is unknown: a timeout, a reset, a 5xx,
// a redirect, a reply beyond 64 KiB or one that belongs to another request.
//
// Limits: 1 s to connect, 10 s for a call, 3 s for a look-up, 16 connections. Nothing is repeated in here,
// also not by net/http, which would repeat what carries an Idempotency-Key: retries are the worker's. The
// breaker opens when half of at least 20 calls in 10 s failed, and probes every 2 s.
//
// Only the daemon of this service imports it. A Client is safe for concurrent use.
package gateway
