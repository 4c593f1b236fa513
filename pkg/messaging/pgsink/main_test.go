package pgsink_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
)

const topic = "things.v1"

// fixture is a consumer in a database with the tables of sinks and one for effects. A primary key proves that an effect is had once.
type fixture struct {
	pool     *pgxpool.Pool
	consumer string
}

func database(t *testing.T) fixture {
	t.Helper()
	pool := pgtest.Pool(t)
	if _, err := pool.Exec(t.Context(), pgsink.Schema+`create table effect (consumer text, id text, n serial, primary key (consumer, id))`); err != nil {
		t.Fatal(err)
	}
	return fixture{pool, "test.things"}
}

// other is another consumer in the same database.
func (f fixture) other(name string) fixture { return fixture{f.pool, name} }

// insert is an effect in the transaction of a Tx, if handle allows it.
func (f fixture) insert(handle messaging.Handler) pgsink.ApplyFunc {
	return func(ctx context.Context, tx pgx.Tx, messages []messaging.Message) error {
		for _, m := range messages {
			if err := handle(ctx, m); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `insert into effect (consumer, id) values ($1, $2)`, f.consumer, m.ID); err != nil {
				return err
			}
		}
		return nil
	}
}

// command is an effect of Each, had once per message: what an append with a command id is.
func (f fixture) command(handle messaging.Handler) messaging.Handler {
	return func(ctx context.Context, m messaging.Message) error {
		if err := handle(ctx, m); err != nil {
			return err
		}
		_, err := f.pool.Exec(ctx, `insert into effect (consumer, id) values ($1, $2) on conflict do nothing`, f.consumer, m.ID)
		return err
	}
}

func (f fixture) tx(cfg pgsink.Config, handle messaging.Handler) *pgsink.Tx {
	cfg.Consumer = f.consumer
	return pgsink.NewTx(f.pool, cfg, f.insert(handle))
}

func (f fixture) each(cfg pgsink.Config, handle messaging.Handler) *pgsink.Each {
	cfg.Consumer = f.consumer
	return pgsink.NewEach(f.pool, cfg, f.command(handle))
}

func fine(context.Context, messaging.Message) error { return nil }

// kinds are both sinks, to be tested alike.
var kinds = map[string]func(fixture, pgsink.Config, messaging.Handler) messaging.Sink{
	"Tx": func(f fixture, cfg pgsink.Config, handle messaging.Handler) messaging.Sink {
		return f.tx(cfg, handle)
	},
	"Each": func(f fixture, cfg pgsink.Config, handle messaging.Handler) messaging.Sink {
		return f.each(cfg, handle)
	},
}

// both runs test for both kinds of sink, in one database.
func both(t *testing.T, test func(*testing.T, fixture, func(pgsink.Config, messaging.Handler) messaging.Sink)) {
	t.Parallel()
	db := database(t)
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := db.other(name)
			test(t, f, func(cfg pgsink.Config, handle messaging.Handler) messaging.Sink { return kind(f, cfg, handle) })
		})
	}
}

func TestSinks(t *testing.T) {
	both(t, func(t *testing.T, db fixture, _ func(pgsink.Config, messaging.Handler) messaging.Sink) {
		kind := kinds[db.consumer]
		messagingtest.TestSink(t, func(t *testing.T, handle messaging.Handler) messagingtest.Subject {
			f := db.other(t.Name())
			return messagingtest.Subject{Sink: kind(f, pgsink.Config{}, handle), Effects: f.effects, Parked: f.parked}
		})
	})
}

func (f fixture) effects(t testing.TB) []string {
	t.Helper()
	rows, err := f.pool.Query(t.Context(), `select id from effect where consumer = $1 order by n`, f.consumer)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func (f fixture) parked(t testing.TB) map[string]int {
	t.Helper()
	list, err := pgsink.Parked(t.Context(), f.pool, f.consumer)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range list {
		out[r.Key]++
	}
	return out
}

func (f fixture) expect(t testing.TB, ids ...string) {
	t.Helper()
	if diff := cmp.Diff(f.effects(t), ids); diff != "" {
		t.Errorf("effects (-got +want):\n%s", diff)
	}
}

func (f fixture) expectParked(t testing.TB, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(f.parked(t), want); diff != "" {
		t.Errorf("parked (-got +want):\n%s", diff)
	}
}

func claim(t testing.TB, s messaging.Sink) messaging.Claim {
	t.Helper()
	c, err := s.Claim(t.Context(), topic, 0)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// apply is what a consumer does: a batch, then what the claim wants to do between two.
func apply(t testing.TB, c messaging.Claim, batch ...messaging.Message) {
	t.Helper()
	if err := c.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	idle(t, c)
}

func idle(t testing.TB, c messaging.Claim) {
	t.Helper()
	if err := c.(messaging.Idler).Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
}
