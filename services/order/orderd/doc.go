// Package orderd is the order service as a program: its configuration and its
// composition root, the one package of the service that others may import.
//
// [ConfigFrom] reads ORDER_* variables and returns every problem at once. [Run]
// waits until no migration is pending, opens both ports in the foreground, and
// runs the parts: append lane, relay to orders.v1 and catalog.v1, job starter,
// workers, consumer of payments.v1, HTTP. They stop last-started-first, each with
// its grace, within 30 s. [Main] is the command line: serve, healthcheck, config,
// version. [Rewind] and [Position] are what cmd/kontor may ask of the relay.
//
// The service starts and serves while the broker is away; it waits for it, and
// the event table is the outbox meanwhile. It does not publish to topics that
// hold records its store does not know: that store was restored to an earlier
// point.
//
// It never migrates its own database. cmd/kontor, main and e2e import it.
package orderd
