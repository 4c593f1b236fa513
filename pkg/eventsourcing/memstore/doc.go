// Package memstore keeps streams of events in memory: Store, Appender, Log and SnapshotStore of package eventsourcing.
//
// It passes the same conformance suites as pgstore and is meant for tests and examples. Appends are atomic over streams and get their
// positions in commit order; everything is gone with the process. Stream ids may be any non-empty string. All methods are safe for
// concurrent use and return copies: what a caller changes is not changed in the store.
//
// It may be imported by tests and examples; a service imports pgstore.
package memstore
