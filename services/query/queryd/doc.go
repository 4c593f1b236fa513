// Package queryd is the query service as a program: its configuration and its composition root, the one package of the service that
// others may import.
//
// [ConfigFrom] reads QUERY_* variables and returns every problem at once. [Run] waits until no migration is pending, opens both ports
// in the foreground, and runs the parts: the listener that wakes waiting reads, the consumers query.orders, query.payments and
// query.catalog, HTTP. They stop last-started-first, each with its grace. [Main] is the command line: serve, healthcheck, config,
// version.
//
// It logs in three times: as the role that writes views, as the one that reads under row security for customers, and as the one that
// reads for staff. It starts and serves while the broker is away; the views then stay as they are.
//
// The admin port has GET /projections: every consumer, the side it fills, and how far it came in each partition.
//
// It never migrates its own database. cmd/kontor, main and e2e import it.
package queryd
