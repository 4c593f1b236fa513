// Package kafkatest gives a test Kafka topics of its own, and brokers to break.
//
//	brokers := kafkatest.Brokers(t)   // shared by the process
//	topic := kafkatest.Topic(t, 12)   // empty, deleted when the test ends
//	cluster := kafkatest.Cluster(t)   // a private one, for faults
//
// The shared cluster is kfake: three brokers in this process that speak
// Kafka's protocol over TCP and keep everything in memory. It starts in
// milliseconds and ends with the process. With KAFKA_TEST_BROKERS set (a
// comma-separated list), Brokers and Topic use those instead; Cluster is always
// kfake. Groups may have sessions as short as a second on kfake; a real broker
// has a minimum of its own, six seconds by default.
//
// What kfake cannot show: replication, throttling, the initial rebalance delay
// and static membership. It creates no topic that nobody asked for.
//
// Topic names are unique, so parallel tests may share brokers; so must be the
// group names that tests choose: [Name] makes one. A package that checks for
// leaked goroutines wraps its M in [Closing]. Imported by tests only.
package kafkatest
