package kafka

import (
	"errors"
	"fmt"

	kafkago "github.com/segmentio/kafka-go"
)

// ErrUnknownTopic is a topic that the cluster does not have. It is never created on the way.
var ErrUnknownTopic = errors.New("topic is unknown to the cluster")

// ErrPartitionsChanged is a topic with another number of partitions than at the start. Keys would move, and their order break.
var ErrPartitionsChanged = errors.New("number of partitions changed")

// ErrStalled is a consumer that could not read for a minute although it tried everything: its process should start again.
var ErrStalled = errors.New("consumer is stalled")

// HaltError is a partition that cannot be read on without leaving something out: the log does not have the next offset, or is not the log that
// was read before. It needs an operator: the messages are published again and the consumer reset.
type HaltError struct {
	Topic       string
	Partition   int
	Next        int64 // offset to read from
	First, Last int64 // what the log has: First ≤ offset < Last
	Remade      bool  // the record before Next is not the one that was read
}

func (e *HaltError) Error() string {
	if e.Remade {
		return fmt.Sprintf("halt %s/%d: topic was made again, record before offset %d is another one", e.Topic, e.Partition, e.Next)
	}
	return fmt.Sprintf("halt %s/%d: offset %d is outside of [%d, %d]", e.Topic, e.Partition, e.Next, e.First, e.Last)
}

// refused says whether sending the same bytes again is pointless.
func refused(err error) bool {
	for _, code := range []kafkago.Error{
		kafkago.MessageSizeTooLarge, kafkago.RecordListTooLarge, kafkago.InvalidRecord, kafkago.TopicAuthorizationFailed,
		kafkago.UnsupportedForMessageFormat, kafkago.PolicyViolation,
	} {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}
