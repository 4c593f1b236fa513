package kafka

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Status is how far a consumer came.
type Status struct {
	Joined     bool              // it is a member of its group now
	Partitions []PartitionStatus // those it has, and those it had
}

// PartitionStatus is how far a consumer came in one partition.
type PartitionStatus struct {
	Topic     string
	Partition int
	Owned     bool      // it reads it now; the other fields are the last it knew
	Next      int64     // offset the sink wants next
	Last      int64     // offset the next message of the log will get
	Applied   int64     // messages handed to the sink since the start
	EventTime time.Time // of the last one
	Err       error     // why it does not get on; nil when it does. A [HaltError] waits for an operator.
}

// Lag is how many offsets lie between the sink and the end of the log; 0 for a partition it does not read.
func (p PartitionStatus) Lag() int64 {
	if !p.Owned {
		return 0
	}
	return max(0, p.Last-p.Next)
}

// progress is what the watchdog needs beyond the status.
type progress struct {
	PartitionStatus
	quiet     time.Time          // since when it waits for the answer to a fetch; zero when it does something else
	replied   time.Time          // when the last answer came
	interrupt context.CancelFunc // makes the worker connect anew
}

// board is where workers write and others read.
type board struct {
	mu     sync.Mutex
	parts  map[part]*progress
	joined bool
	since  time.Time // of joined
	gen    int       // generations so far: what an old one says late does not count
}

func (b *board) read() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := Status{Joined: b.joined}
	for _, p := range b.parts {
		s.Partitions = append(s.Partitions, p.PartitionStatus)
	}
	slices.SortFunc(s.Partitions, func(x, y PartitionStatus) int {
		return cmp.Or(cmp.Compare(x.Topic, y.Topic), cmp.Compare(x.Partition, y.Partition))
	})
	return s
}

func (b *board) update(p part, change func(*progress)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.parts[p] == nil {
		b.parts[p] = &progress{PartitionStatus: PartitionStatus{Topic: p.topic, Partition: p.id}}
	}
	change(b.parts[p])
}

// generation is a new generation of the group with these partitions. Its number goes with what its goroutines say at their end.
func (b *board) generation(mine []part, now time.Time) (gen int) {
	b.mu.Lock()
	b.joined, b.since = true, now
	b.gen++
	gen = b.gen
	b.mu.Unlock()
	for _, p := range mine {
		b.update(p, func(pr *progress) { pr.Owned, pr.Err = true, nil })
	}
	return gen
}

func (b *board) ended(gen int, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if gen == b.gen {
		b.joined, b.since = false, now
	}
}

func (b *board) lost(p part, gen int) {
	b.update(p, func(pr *progress) {
		if gen == b.gen {
			pr.Owned, pr.interrupt, pr.quiet = false, nil, time.Time{}
		}
	})
}

// claimed: from now on the partition waits for Kafka, until it is answered.
func (b *board) claimed(p part, next int64, interrupt context.CancelFunc, now time.Time) {
	b.update(p, func(pr *progress) { pr.Next, pr.interrupt = next, interrupt })
	b.waiting(p, now)
}

func (b *board) waiting(p part, now time.Time) {
	b.update(p, func(pr *progress) {
		if pr.quiet.IsZero() { // a new connection does not end an old silence
			pr.quiet = now
		}
	})
}

func (b *board) answered(p part, now time.Time) {
	b.update(p, func(pr *progress) { pr.quiet, pr.replied = time.Time{}, now })
}

func (b *board) seen(p part, last int64) { b.update(p, func(pr *progress) { pr.Last = last }) }

func (b *board) moved(p part, next int64, n int, event time.Time) {
	b.update(p, func(pr *progress) {
		pr.Next, pr.Applied, pr.EventTime, pr.Err = next, pr.Applied+int64(n), event, nil
	})
}

func (b *board) failed(p part, err error) { b.update(p, func(pr *progress) { pr.Err = err }) }

// unclaimed: it is the sink that does not answer.
func (b *board) unclaimed(p part) { b.update(p, func(pr *progress) { pr.quiet = time.Time{} }) }

func (b *board) applied(p part) (n int64) {
	b.update(p, func(pr *progress) { n = pr.Applied })
	return n
}
