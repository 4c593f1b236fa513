// Package migrations holds the schema of every service's database and brings a database up to it.
//
// Files are services' own: order/, payment/ and query/ hold NNNNN_what.sql, run by goose in order, each once, under a session lock, so
// that several runs at a time are safe. A released file is never edited: released.sum holds the hash of each, a test compares them, and
// a release adds its own by `go test ./migrations -run Released -release`. A change is expanded in one release and contracted in a
// later one, so the previous release keeps working. grants/ holds what each database role may do; it is run after every migration, and may be
// edited; testdata/grants.golden shows what they come to. River's tables live in the schema river.
//
// Only `kontor migrate` (and `kontor dev`, which calls it) runs them. A service waits with [Wait] until nothing is pending.
//
// It may be imported by cmd/kontor, the daemons and tests.
package migrations
