package subscription_test

import (
	"context"
	"fmt"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/memstore"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
)

// A relay: what was appended is handed over in order, at least once.
func ExampleNew() {
	ctx, stop := context.WithCancel(context.Background())
	store := memstore.New(nil)
	relay := subscription.New(subscription.Config{Name: "example.relay", Log: store, Wake: store.Appended},
		func(_ context.Context, events []es.Recorded) error {
			for _, e := range events {
				fmt.Println("published", e.Position, e.EventType)
			}
			return nil
		})
	done := make(chan error)
	go func() { done <- relay.Run(ctx) }()

	for _, name := range []string{"order.placed", "order.confirmed"} {
		s := es.Stream{Type: "order", ID: name}
		err := store.Save(ctx, s, 0, es.Event{EventID: es.NewID(), EventType: name, AggregateType: s.Type, AggregateID: s.ID, Version: 1, Data: []byte(`{}`)})
		if err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("handled:", relay.WaitFor(ctx, 2) == nil)
	stop()
	fmt.Println("stopped:", <-done == nil)
	// Output:
	// published 1 order.placed
	// published 2 order.confirmed
	// handled: true
	// stopped: true
}
