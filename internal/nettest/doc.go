// Package nettest gives tests ports that nobody else takes.
//
//	addr := nettest.Addr(t) // "127.0.0.1:21417"
//
// To ask the system for a free port, close it and use it later is a race: connections going out, and other tests asking, get ports from the
// same range. These come from below that range, are locked for the life of the process that asked, and were free when it looked. A test
// fails when there is none. Safe for concurrent use, also by several processes.
//
// It may be imported by tests only.
package nettest
