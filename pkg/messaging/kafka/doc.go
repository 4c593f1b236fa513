// Package kafka publishes and consumes messages over Apache Kafka, with the protocol layer of segmentio/kafka-go.
//
//	p, err := kafka.NewPublisher(ctx, kafka.PublisherConfig{Connection: conn, Topics: []string{"orders.v1"}})
//	err = p.Publish(ctx, messages...)
//
//	c := kafka.NewConsumer(kafka.ConsumerConfig{Connection: conn, Group: "query.orders", Topics: []string{"orders.v1"}}, sink)
//	err = c.Run(ctx)
//
// Guarantees:
//
//   - Publish returns nil once every in-sync replica has every message. Messages of one key keep their order: one batch of a partition is in
//     flight, the next one leaves after the acknowledgement, an error stops the partition. What is sent again is the same bytes. A lost
//     reply makes duplicates, never a gap and never disorder of first occurrences.
//   - A key goes to the partition that Java clients choose. The partitions of a topic are read once; when their number changes, publishers and
//     consumers refuse to go on ([ErrPartitionsChanged]), because keys would move.
//   - A Consumer reads from the offset its sink remembers, never from one that Kafka keeps. Groups only spread partitions over
//     members: a paused member and its successor may run at once, and the sink decides who is right.
//   - An offset that the log does not have, or a log that was made again, halts the partition ([HaltError]). Nothing is skipped.
//
// Not guaranteed: that a message arrives once ([messaging.Sink] sees to its effect), or anything across partitions. Topics are never created on
// the way; [ApplyTopics] does that, [CheckTopics] is for start-up.
//
// Everybody outside the cores may import the package; it is the only one that imports kafka-go.
package kafka
