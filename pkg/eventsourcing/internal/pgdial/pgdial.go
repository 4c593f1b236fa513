package pgdial

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Timeout bounds a dial, settings included.
const Timeout = 2 * time.Second

// Dial connects to pool's database as name, with the settings given for the session.
func Dial(ctx context.Context, pool *pgxpool.Pool, name string, settings map[string]string) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	cfg := pool.Config()
	conn := cfg.ConnConfig.Copy()
	if cfg.BeforeConnect != nil {
		if err := cfg.BeforeConnect(ctx, conn); err != nil {
			return nil, fmt.Errorf("dial for %s: %w", name, err)
		}
	}
	if conn.RuntimeParams == nil {
		conn.RuntimeParams = map[string]string{}
	}
	conn.RuntimeParams["application_name"] = name
	c, err := pgx.ConnectConfig(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("dial for %s: %w", name, err)
	}
	if err := prepare(ctx, c, cfg.AfterConnect, settings); err != nil {
		Close(c)
		return nil, fmt.Errorf("dial for %s: %w", name, err)
	}
	return c, nil
}

func prepare(ctx context.Context, c *pgx.Conn, hook func(context.Context, *pgx.Conn) error, settings map[string]string) error {
	if hook != nil {
		if err := hook(ctx, c); err != nil {
			return err
		}
	}
	b := &pgx.Batch{}
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		b.Queue("select set_config($1, $2, false)", key, settings[key])
	}
	if b.Len() == 0 {
		return nil
	}
	return c.SendBatch(ctx, b).Close()
}

// Close ends a connection without waiting long for the server to agree.
func Close(c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	c.Close(ctx) // an error only says that the connection is gone already
}
