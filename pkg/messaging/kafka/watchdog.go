package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

// Stages of the watchdog: how long a partition may be without an answer to its fetch although there is something to read, and how long the
// consumer may be without a group.
const (
	patience  = 5 * time.Second  // then its connection is dropped
	rejoin    = 15 * time.Second // then the membership
	surrender = 60 * time.Second // then the process
)

// errRejoin is why the watchdog ends a membership.
var errRejoin = errors.New("watchdog: join the group anew")

// watchdog finds what kafka-go does not tell: connections that are silent, memberships that lead nowhere. Only time spent fetching counts: a
// sink that cannot apply is somebody else's trouble, and a restart would not help it.
type watchdog struct {
	c       *Consumer
	healthy time.Time // when all was well last
	joining time.Time // since when this membership waits for a generation
}

func newWatchdog(c *Consumer, now time.Time) *watchdog { return &watchdog{c: c, healthy: now} }

// run looks every few seconds, during one membership.
func (d *watchdog) run(ctx context.Context, leave context.CancelCauseFunc) {
	tick := time.NewTicker(d.c.cfg.rewatch)
	defer tick.Stop()
	d.joining = time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ends, err := d.ends(ctx)
		if err != nil {
			d.c.cfg.Log.WarnContext(ctx, "watchdog: read last offsets", "error", err)
		}
		if cause := d.look(time.Now(), ends); cause != nil {
			d.c.cfg.Log.WarnContext(ctx, "watchdog", "group", d.c.cfg.Group, "action", cause)
			leave(cause)
			return
		}
	}
}

// look drops silent connections and says whether the membership should end, and with it perhaps the process.
func (d *watchdog) look(now time.Time, ends map[part]int64) error {
	b := &d.c.status
	b.mu.Lock()
	defer b.mu.Unlock()
	var worst time.Duration
	recovered := b.joined
	for at, p := range b.parts {
		if end, ok := ends[at]; ok {
			p.Last = end
		}
		if !p.Owned || p.quiet.IsZero() || p.Last <= p.Next {
			continue
		}
		silent := now.Sub(p.quiet)
		if worst = max(worst, silent); silent >= patience && p.interrupt != nil {
			p.interrupt()
		}
		recovered = recovered && p.replied.After(d.healthy)
	}
	if !b.joined {
		worst = max(worst, now.Sub(later(d.joining, b.since)))
	}
	if recovered && worst < patience {
		d.healthy = now
	}
	switch {
	case now.Sub(d.healthy) >= surrender:
		return fmt.Errorf("%w for %s", ErrStalled, now.Sub(d.healthy))
	case worst >= rejoin:
		return errRejoin
	}
	return nil
}

// ends asks for the end of every partition we read, over a connection of its own.
func (d *watchdog) ends(ctx context.Context) (map[part]int64, error) {
	ask := map[string][]kafkago.OffsetRequest{}
	for _, p := range d.c.Status().Partitions {
		if p.Owned {
			ask[p.Topic] = append(ask[p.Topic], kafkago.LastOffsetOf(p.Partition))
		}
	}
	if len(ask) == 0 {
		return nil, nil
	}
	resp, err := d.c.kafka.client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{Topics: ask})
	if err != nil {
		d.c.kafka.transport.CloseIdleConnections()
		return nil, err
	}
	out := map[part]int64{}
	for topic, offsets := range resp.Topics {
		for _, o := range offsets {
			if o.Error == nil {
				out[part{topic, o.Partition}] = o.LastOffset
			}
		}
	}
	return out, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
