package pgtest

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// EnvURL names the environment variable that points tests at a running server.
const EnvURL = "POSTGRES_TEST_URL"

// poolSize is generous: a test that races 20 writers should race them on the
// server, not in the pool.
const poolSize = 24

// shared is the server of this process, kept until the process ends. The
// variable holds the Server itself, not just its address: once collected as
// garbage its pipe would close, and the keeper takes that for our end.
var shared = sync.OnceValues(launch)

// address is where databases are made.
func address() (string, error) {
	if u := os.Getenv(EnvURL); u != "" {
		return u, nil
	}
	s, err := shared()
	if err != nil {
		return "", err
	}
	return s.URL(), nil
}

// URL makes an empty database and answers with its connection string. The
// database is dropped when the test ends, even under open connections.
func URL(t testing.TB) string {
	t.Helper()
	server, err := address()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return database(t, server)
}

// Pool makes an empty database and connects to it, with up to 24 connections.
// The pool is closed when the test ends; a connection still taken by then fails
// the test.
func Pool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return Connect(t, URL(t))
}

// Connect opens a pool to the database at connString, as [Pool] does.
func Connect(t testing.TB, connString string) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(connString)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	cfg.MaxConns = poolSize
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { closePool(t, pool) })
	return pool
}

// closePool waits for taken connections, but not for ever: a leak in a test
// must not hang the package.
func closePool(t testing.TB, pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		pool.Close()
	}()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Errorf("pgtest: %d connections were not given back when the test ended", pool.Stat().AcquiredConns())
	}
}

// database makes one on the server and drops it when the test ends.
func database(t testing.TB, server string) string {
	t.Helper()
	name := "t_" + strings.ToLower(rand.Text()[:16])
	if err := execute(server, "create database "+name); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(server, "drop database if exists "+name+" with (force)"); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("pgtest: %s is not a URL: %v", EnvURL, err)
	}
	u.Path = "/" + name
	return u.String()
}

// execute runs one statement on a connection of its own.
func execute(server, sql string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	defer func() { err = cmp.Or(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}
