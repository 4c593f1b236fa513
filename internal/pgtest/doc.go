// Package pgtest gives a test an empty PostgreSQL database of its own.
//
//	pool := pgtest.Pool(t)    // connected, closed when the test ends
//	url := pgtest.URL(t)      // the same as a connection string
//	server := pgtest.Start(t) // a private server: Stop, Kill, Restart
//
// Databases are dropped when the test ends, connections in them or not. They
// live on one server per test process, started on first use (about half a
// second) from the installed binaries, so packages that go test runs side by
// side never meet. With POSTGRES_TEST_URL set, databases are made on that server
// instead; its role must be allowed to create them. [Start] always runs a
// server of its own.
//
// The server runs with fsync off: what a test kills is Postgres, not the
// computer, and for that nothing is lost. It listens on 127.0.0.1 only and takes
// any password. Its keeper is a shell at the other end of a pipe: when the
// test process ends, in whatever way, the pipe closes, the server stops and its
// folder is removed. So a kill -9 leaves nothing behind and no TestMain is needed.
//
// A test fails, it is never skipped, when there is no PostgreSQL 15 or later.
// Safe for concurrent use by parallel tests. Imported by tests only.
package pgtest
