// Package orderd puts the order service together: the one place that knows all of its parts, and the one package of the service that
// others may import.
//
// [Run] opens the database and the ports, waits until no migration is pending, and runs the parts until its context ends: append lane,
// relay, job starter, timers, consumer, HTTP. They stop last-started first. A broker that is away holds none of them up: commands go on,
// the event table is the outbox.
//
// cmd/kontor, tests and the benchmark may import it.
package orderd
