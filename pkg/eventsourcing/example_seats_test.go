package eventsourcing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
)

var ErrSoldOut = errors.New("no such number of seats is free")

// Conference is an aggregate in the classical style: an object with methods that decide, over the same stores.
type Conference struct {
	es.AggregateBase
	free int
}

// seats is the data of all its events.
type seats struct {
	Seats int    `json:"seats"`
	By    string `json:"by,omitempty"`
}

// NewConference returns a conference of which nothing is known yet.
func NewConference(id string) *Conference {
	c := &Conference{}
	c.AggregateBase = es.NewAggregateBase("conference", id, c.when)
	return c
}

func (c *Conference) when(e es.Event) error {
	var s seats
	if err := json.Unmarshal(e.Data, &s); err != nil {
		return err
	}
	switch e.EventType {
	case "conference.opened", "seats.released":
		c.free += s.Seats
	case "seats.reserved":
		c.free -= s.Seats
	default:
		return es.ErrUnknownEvent
	}
	return nil
}

// Open offers seats.
func (c *Conference) Open(n int) error { return c.record("conference.opened", seats{Seats: n}) }

// Reserve takes n seats, all or none.
func (c *Conference) Reserve(n int, by string) error {
	if n > c.free {
		return ErrSoldOut
	}
	return c.record("seats.reserved", seats{Seats: n, By: by})
}

// Cancel gives n seats back.
func (c *Conference) Cancel(n int, by string) error {
	return c.record("seats.released", seats{Seats: n, By: by})
}

func (c *Conference) record(typ string, s seats) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return c.Apply(es.Event{EventType: typ, Data: data})
}

// Seats of a conference: two are reserved, one comes back, selling more than there are is refused, and the whole history stays.
func Example_conferenceSeats() {
	ctx, store := context.Background(), memstore.New(nil)
	conferences := es.NewAggregateStore(store)
	do := func(what string, decide func(*Conference) error) {
		c := NewConference("gophers")
		err := conferences.Load(ctx, c)
		if err == nil {
			err = decide(c)
		}
		if err == nil {
			err = conferences.Save(ctx, c)
		}
		fmt.Printf("%s: %d free, error: %v\n", what, c.free, err)
	}
	do("open", func(c *Conference) error { return c.Open(3) })
	do("reserve two", func(c *Conference) error { return c.Reserve(2, "ada") })
	do("cancel one", func(c *Conference) error { return c.Cancel(1, "ada") })
	do("reserve three", func(c *Conference) error { return c.Reserve(3, "bob") })

	history, err := store.Load(ctx, es.Stream{Type: "conference", ID: "gophers"}, 0)
	for _, e := range history {
		fmt.Println(e.Version, e.EventType, string(e.Data))
	}
	fmt.Println("error:", err)
	// Output:
	// open: 3 free, error: <nil>
	// reserve two: 1 free, error: <nil>
	// cancel one: 2 free, error: <nil>
	// reserve three: 2 free, error: no such number of seats is free
	// 1 conference.opened {"seats":3}
	// 2 seats.reserved {"seats":2,"by":"ada"}
	// 3 seats.released {"seats":1,"by":"ada"}
	// error: <nil>
}
