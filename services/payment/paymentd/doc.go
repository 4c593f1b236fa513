// Package paymentd is the payment service as a program: its configuration and its composition root, the one
// package of the service that others may import.
//
// [ConfigFrom] reads PAYMENT_* variables and returns every problem at once. [Run] waits until no migration is
// pending, opens both ports in the foreground, and runs the parts: append lane, job starter, workers, consumer
// of orders.v1, relay to payments.v1, HTTP. They stop last-started-first, each with its grace, within 30 s.
// [Main] is the command line: serve, healthcheck, config, version.
//
// The service starts and serves while the broker or the gateway is away; it waits for both. With captures at
// dispatch (on_shipment) it refuses a gateway that captures an authorization only once. It does not start on
// topics that hold records its store does not know: that store was restored to an earlier point.
//
// It never migrates its own database. cmd/kontor, main and e2e import it.
package paymentd
