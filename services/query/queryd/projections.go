package queryd

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
	"github.com/kontor-dev/kontor/services/query/internal/projection"
)

// Projection is how far one consumer of views came, as far as this process knows.
type Projection struct {
	Name       string      `json:"name"`
	Topic      string      `json:"topic"`
	Side       string      `json:"side"`
	Joined     bool        `json:"joined"` // it is a member of its group now
	Lag        int64       `json:"lag"`    // records it has still to read
	LagMs      int64       `json:"lag_ms"` // age of the oldest event it may lack, 0 when it lacks none
	Applied    int64       `json:"applied"`
	Duplicates int64       `json:"duplicates"`
	Parked     int64       `json:"parked"` // records set aside since the start
	Partitions []Partition `json:"partitions"`
}

// Partition is how far a consumer came in one partition that it reads.
type Partition struct {
	Partition int       `json:"partition"`
	Next      int64     `json:"next"`
	End       int64     `json:"end"`
	EventTime time.Time `json:"event_time,omitzero"` // of the last event applied since the start
	Error     string    `json:"error,omitempty"`
}

// projections answers with every consumer. It is for the admin port: errors are shown as they are.
func (d *service) projections() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		all := make([]Projection, 0, len(d.readers))
		for _, r := range d.readers {
			all = append(all, describe(r, r.kafka.Status(), r.Sink.Stats(), time.Now()))
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(map[string]any{"items": all}) // a client that left needs no answer
	})
}

func describe(r reader, s kafka.Status, stats pgsink.Stats, now time.Time) Projection {
	p := Projection{
		Name: r.Name, Topic: r.Topic, Side: string(r.Side), Joined: s.Joined, Lag: s.Lag(), LagMs: behind(s, now).Milliseconds(),
		Applied: stats.Applied, Duplicates: stats.Duplicates, Parked: stats.Parked, Partitions: []Partition{},
	}
	for _, part := range s.Partitions {
		if !part.Owned {
			continue
		}
		out := Partition{Partition: part.Partition, Next: part.Next, End: part.Last, EventTime: part.EventTime}
		if part.Err != nil {
			out.Error = part.Err.Error()
		}
		p.Partitions = append(p.Partitions, out)
	}
	return p
}

// behind is how old the oldest event may be that a consumer lacks: the age of the last one it has, in the partition that lags most.
func behind(s kafka.Status, now time.Time) (most time.Duration) {
	for _, p := range s.Partitions {
		if p.Lag() > 0 && !p.EventTime.IsZero() {
			most = max(most, now.Sub(p.EventTime))
		}
	}
	return most
}

// lag is that of the orders, for the answers of the API. It knows the partitions that this process reads.
func (d *service) lag() time.Duration {
	for _, r := range d.readers {
		if r.Unit == projection.Orders {
			return behind(r.kafka.Status(), time.Now())
		}
	}
	return 0
}
