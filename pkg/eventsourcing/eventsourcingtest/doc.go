// Package eventsourcingtest has the tests that every store must pass, and decision tables for deciders.
//
//	func TestStore(t *testing.T) { eventsourcingtest.TestStore(t, newStore) }
//
// [TestStore], [TestAppender], [TestLog] and [TestSnapshots] are the contract of the interfaces in package eventsourcing as code: atomic
// appends over streams, one winner of twenty racers with a conflict for every loser, versions without gaps, a reader beside the
// writers that misses nothing and never goes back. memstore and pgstore pass them; a store of your own should.
//
// [Run] is a table of given events, a command, and the events or the refusal expected. It compares whole events.
//
// Imported by tests only.
package eventsourcingtest
