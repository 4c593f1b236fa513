package kafka

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/produce"
	"github.com/segmentio/kafka-go/protocol/rawproduce"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// maxBatch bounds a batch before compression, and hence after it; the broker takes 1 048 588 bytes.
const maxBatch = 900 << 10

// part is a partition of a topic.
type part struct {
	topic string
	id    int
}

// batch is bytes that are sent as often as it takes.
type batch struct {
	bytes   []byte
	records int
}

// queue holds what is not acknowledged yet, per partition in order.
type queue map[part][]batch

func (q queue) pop(p part) (records int) {
	records = q[p][0].records
	if q[p] = q[p][1:]; len(q[p]) == 0 {
		delete(q, p)
	}
	return records
}

// encode sorts messages into batches per partition. An error names the message that cannot be sent.
func (p *Publisher) encode(messages []messaging.Message) (queue, error) {
	type open struct {
		records []protocol.Record
		size    int
	}
	q, pending := queue{}, map[part]*open{}
	flush := func(to part, o *open) error {
		b, err := pack(o.records)
		if err != nil {
			return fmt.Errorf("batch for %s/%d: %w", to.topic, to.id, err)
		}
		q[to] = append(q[to], b)
		*o = open{}
		return nil
	}
	for _, m := range messages {
		partitions, ok := p.start[m.Topic]
		if !ok {
			return nil, fmt.Errorf("message %s: topic %q is not configured", m.ID, m.Topic)
		}
		if err := messaging.Validate(m); err != nil {
			return nil, fmt.Errorf("message %s: %w", m.ID, err)
		}
		record, size := encode(m)
		if size > maxBatch {
			return nil, fmt.Errorf("message %s: %d bytes are too large for a batch", m.ID, size)
		}
		to := part{m.Topic, partitionOf([]byte(m.Key), len(partitions))}
		o := pending[to]
		if o == nil {
			o = &open{}
			pending[to] = o
		}
		if o.size+size > maxBatch {
			if err := flush(to, o); err != nil {
				return nil, err
			}
		}
		o.records, o.size = append(o.records, record), o.size+size
	}
	for to, o := range pending {
		if err := flush(to, o); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func pack(records []protocol.Record) (batch, error) {
	set := protocol.RecordSet{Version: 2, Attributes: protocol.Lz4, Records: kafkago.NewRecordReader(records...)}
	var buf bytes.Buffer
	if _, err := set.WriteTo(&buf); err != nil {
		return batch{}, err
	}
	return batch{buf.Bytes(), len(records)}, nil
}

// round sends the first batch of each partition, one request per broker, and waits for all answers. Every partition of q has an answer.
func (p *Publisher) round(ctx context.Context, q queue) map[part]error {
	byLeader := map[int][]part{}
	answers := make(map[part]error, len(q))
	for to := range q {
		leader := p.leaders[to.topic][to.id]
		if leader < 0 {
			answers[to] = kafkago.LeaderNotAvailable
			continue
		}
		byLeader[leader] = append(byLeader[leader], to)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, parts := range byLeader {
		wg.Go(func() {
			got := p.send(ctx, q, parts)
			mu.Lock()
			defer mu.Unlock()
			for to, err := range got {
				answers[to] = err
			}
		})
	}
	wg.Wait()
	return answers
}

// errUnanswered is a partition that the reply does not name.
var errUnanswered = errors.New("broker did not answer for the partition")

// send makes one request for the first batches of parts, all led by one broker.
func (p *Publisher) send(ctx context.Context, q queue, parts []part) map[part]error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	p.stats.requests.Add(1)
	resp, err := p.kafka.transport.RoundTrip(ctx, p.addr, request(q, parts))
	answers := make(map[part]error, len(parts))
	for _, to := range parts {
		if answers[to] = err; err == nil {
			answers[to] = errUnanswered
		}
	}
	if err != nil {
		return answers
	}
	for _, t := range resp.(*produce.Response).Topics {
		for _, r := range t.Partitions {
			to := part{t.Topic, int(r.Partition)}
			if _, asked := answers[to]; !asked {
				continue
			}
			answers[to] = nil
			if r.ErrorCode != 0 {
				answers[to] = kafkago.Error(r.ErrorCode)
			}
		}
	}
	return answers
}

func request(q queue, parts []part) *rawproduce.Request {
	byTopic := map[string][]rawproduce.RequestPartition{}
	for _, to := range parts {
		byTopic[to.topic] = append(byTopic[to.topic], rawproduce.RequestPartition{
			Partition: int32(to.id),
			RecordSet: protocol.RawRecordSet{Reader: bytes.NewReader(q[to][0].bytes)},
		})
	}
	req := &rawproduce.Request{Acks: -1, Timeout: int32(produceTimeout.Milliseconds())}
	for topic, partitions := range byTopic {
		req.Topics = append(req.Topics, rawproduce.RequestTopic{Topic: topic, Partitions: partitions})
	}
	return req
}
