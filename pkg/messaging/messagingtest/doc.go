// Package messagingtest is what publishers and sinks have to pass, and what tests of messages need.
//
//	func TestSink(t *testing.T) { messagingtest.TestSink(t, open) }           // the contract of messaging.Sink
//	func TestPublisher(t *testing.T) { messagingtest.TestPublisher(t, open) } // the contract of messaging.Publisher
//
//	messages := messagingtest.Stream("orders.v1", "order-1", 3) // versions 1, 2, 3
//	sink := messagingtest.NewMemory(handler)                    // a Sink in memory that passes the suite
//	network := messagingtest.NewNetwork()                       // a dialer that breaks connections on demand
//	messagingtest.CheckLog(t, log, messages)                    // nothing missing, first occurrences in order
//
// The suites wait for what they expect and never sleep; they may run in parallel. [Network] knows no broker, so the same faults hit an embedded one
// and a real one. Imported by tests only.
package messagingtest
