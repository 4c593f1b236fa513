package kafka

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// LastRecords reads the last message of every partition of topics that has one, in no order. A relay compares them with its store
// before it starts: a message whose ID the store does not have, or whose Position lies beyond the store's head, means that the store was restored
// to an earlier point.
func LastRecords(ctx context.Context, conn Connection, topics ...string) ([]messaging.Message, error) {
	c, err := conn.cluster(topics...)
	if err != nil {
		return nil, err
	}
	defer c.close()
	l, err := c.await(ctx)
	if err != nil {
		return nil, fmt.Errorf("last records: %w", err)
	}
	found := make(chan messaging.Message)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	go func() {
		defer close(found)
		for topic, leaders := range l {
			for id := range leaders {
				group.Go(func() error {
					return c.again(ctx, func() error { return lastRecord(ctx, conn, part{topic, id}, len(leaders), found) })
				})
			}
		}
		_ = group.Wait() // waited for again below, for its error
	}()
	var out []messaging.Message
	for m := range found {
		out = append(out, m)
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("last records: %w", err)
	}
	return out, nil
}

func lastRecord(ctx context.Context, c Connection, p part, partitions int, found chan<- messaging.Message) error {
	d, err := c.dialer()
	if err != nil {
		return err
	}
	conn, err := dialLeader(ctx, d, c.Brokers, p)
	if err != nil {
		return fmt.Errorf("%s/%d: %w", p.topic, p.id, err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(readDeadline))
	first, last, err := conn.ReadOffsets()
	if err != nil || first == last {
		return err
	}
	record, err := recordAt(conn, last-1)
	if err != nil {
		return fmt.Errorf("%s/%d: record %d: %w", p.topic, p.id, last-1, err)
	}
	found <- decode(record, partitions)
	return nil
}
