package pgstore_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/jackc/pgx/v5/pgxpool"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
)

// One Store for each process; Run is its append lane.
func Example() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	defer pool.Close()
	store := pgstore.New(pool, pgstore.Options{
		Observe: func(f pgstore.Flush) { fmt.Println(f.Appends, "appends in", f.Took) },
	})
	lane := make(chan error, 1)
	go func() { lane <- store.Run(ctx) }()

	s := es.Stream{Type: "order", ID: es.NewID()}
	err = store.Save(ctx, s, 0, es.Event{
		EventID: es.NewID(), EventType: "order.placed", AggregateType: s.Type, AggregateID: s.ID, Version: 1, Data: []byte(`{"total":3998}`),
	})
	fmt.Println("saved:", err)

	stop()
	fmt.Println("everybody was answered:", <-lane)
}
