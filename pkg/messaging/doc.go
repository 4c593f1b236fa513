// Package messaging is how facts leave one service and enter another: messages with a key and a version, published at least once
// in the order of each key, and consumed with an effect that happens once.
//
//	r := messaging.NewRouter()
//	messaging.On(r, orderv1.TypePlaced, func(ctx context.Context, m messaging.Message, e orderv1.Placed) error { … })
//
// Guarantees, of every [Publisher] and [Sink] that passes the suites of package messagingtest:
//
//   - Publish returns nil only when every message is acknowledged as durable. Messages of one key keep their order; after an error each
//     partition holds the messages up to some point and none beyond it, and publishing all of them again is right.
//   - A message may arrive more than once, also long after newer ones. Consumers deduplicate by (Stream, Version): up to the last
//     version seen is skipped, the next one is applied, a gap parks the key. Never by "the last id seen".
//   - The offset of a consumer lies beside its effect and moves with it; a consumer that lost its partition is refused ([ErrFenced]).
//
// A message that can never be applied parks its key: later messages of that key wait behind it, all others flow.
//
// The package imports the standard library alone and may be imported by anybody. Package kafka is the adapter to Apache Kafka,
// package pgsink keeps offsets, effects and parked messages in PostgreSQL.
package messaging
