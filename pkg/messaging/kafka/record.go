package kafka

import (
	"errors"
	"fmt"
	"unicode/utf8"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// partitionOf is where Java clients put key.
func partitionOf(key []byte, partitions int) int {
	all := make([]int, partitions)
	for i := range all {
		all[i] = i
	}
	return kafkago.Murmur2Balancer{}.Balance(kafkago.Message{Key: key}, all...)
}

// encode turns m into a record and says how large it is at most.
func encode(m messaging.Message) (protocol.Record, int) {
	size := len(m.Key) + len(m.Data) + 64
	attributes := messaging.EncodeHeaders(m)
	headers := make([]kafkago.Header, len(attributes))
	for i, h := range attributes {
		headers[i] = kafkago.Header{Key: h.Key, Value: h.Value}
		size += len(h.Key) + len(h.Value) + 8
	}
	return protocol.Record{
		Time: m.Time, Key: protocol.NewBytes([]byte(m.Key)), Value: protocol.NewBytes(m.Data), Headers: headers,
	}, size
}

// decode turns a record into a message, an [messaging.Message.Invalid] one if need be. partitions is how many the topic has.
func decode(r kafkago.Message, partitions int) messaging.Message {
	m := messaging.Message{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Data: r.Value}
	var keyErr error
	switch {
	case len(r.Key) == 0:
		keyErr = errors.New("record without a key")
	case !utf8.Valid(r.Key):
		keyErr = errors.New("key is not text")
	default:
		m.Key = string(r.Key)
		if want := partitionOf(r.Key, partitions); want != r.Partition {
			keyErr = fmt.Errorf("key belongs to partition %d", want)
		}
	}
	headers := make([]messaging.Header, len(r.Headers))
	for i, h := range r.Headers {
		headers[i] = messaging.Header{Key: h.Key, Value: h.Value}
	}
	m.Invalid = errors.Join(keyErr, messaging.DecodeHeaders(&m, headers)) // the data is for the sink to look at
	return m
}
