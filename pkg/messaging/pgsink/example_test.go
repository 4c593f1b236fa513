package pgsink_test

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
)

// A view: totals per customer, kept in the transaction that moves the offset. It needs a database, so it is compiled only.
func ExampleNewTx() {
	var pool *pgxpool.Pool
	totals := pgsink.NewTx(pool, pgsink.Config{
		Consumer: "query.totals", // this name is state
		Known:    func(typ string) bool { return typ == "order.placed" },
		AfterApply: func(ctx context.Context, tx pgx.Tx, _ []messaging.Message) error {
			_, err := tx.Exec(ctx, `notify totals`)
			return err
		},
	}, func(ctx context.Context, tx pgx.Tx, messages []messaging.Message) error {
		sums := map[string]int64{} // fold first, then one statement
		for _, m := range messages {
			var placed struct {
				Customer string
				Total    int64
			}
			if err := json.Unmarshal(m.Data, &placed); err != nil {
				return messaging.Permanent(err)
			}
			sums[placed.Customer] += placed.Total
		}
		_, err := tx.Exec(ctx, `insert into totals select * from json_each_text($1) on conflict (customer) do update set total = totals.total + excluded.total`, sums)
		return err
	})
	_ = totals // kafka.NewConsumer(cfg, totals).Run(ctx)
}

// A consumer that sends commands: each message is one, with the message's ID, so a repeat changes nothing.
func ExampleNewEach() {
	var pool *pgxpool.Pool
	router := messaging.NewRouter()
	messaging.On(router, "order.placed", func(ctx context.Context, m messaging.Message, placed struct{ Total int64 }) error {
		return requestPayment(ctx, m.ID, placed.Total)
	})
	payments := pgsink.NewEach(pool, pgsink.Config{Consumer: "payment.orders", Known: router.Knows}, router.Handle)
	_ = payments // kafka.NewConsumer(cfg, payments).Run(ctx)
}

func requestPayment(context.Context, string, int64) error { return nil }

// An operator looks at what waits, and lets it go on.
func ExampleParked() {
	ctx := context.Background()
	var pool *pgxpool.Pool
	records, err := pgsink.Parked(ctx, pool, "query.totals")
	if err != nil {
		return
	}
	for _, r := range records {
		switch r.Reason {
		case "unknown type":
			// released by the next release
		case "gap":
			// released when the relay publishes the missing versions again
		case "behind":
			// waits for an earlier one of its key
		case "refused":
			_ = pgsink.Retry(ctx, pool, r.Consumer, r.Key)
		default:
			_ = pgsink.Discard(ctx, pool, r.Consumer, r.Key, "test order, agreed with support")
		}
	}
}
