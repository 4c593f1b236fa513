package devstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresCommand is the hidden command of our binary that runs [PostgresChild].
const PostgresCommand = "dev-postgres"

// stopGrace is how long the child may take to stop the server.
const stopGrace = 90 * time.Second

// PostgresConfig says which PostgreSQL to run, and where.
type PostgresConfig struct {
	Dir       string    // data directory; the server's part is postgres/ below it. Default: DefaultDir()
	Port      int       // on 127.0.0.1; 0: any free one
	BinDir    string    // "": search, download if there is none; Download: always that one; else the folder to use
	CacheDir  string    // for downloads. Default: DefaultCacheDir()
	Mirror    string    // base URL of a Maven repository to download from. Default: Maven Central
	Ephemeral bool      // temporary data, gone at the end; fsync off. Dir is not used
	Stderr    io.Writer // what is going on, in lines for people. Default: nobody is told
}

// Postgres is a running server.
type Postgres struct {
	port     int
	password string
	major    int
	orders   io.Closer // the pipe that keeps it alive
	done     chan struct{}
	exit     error // of the child, once done is closed
}

// StartPostgres starts a server and returns once it accepts connections. It
// lives until Close or the end of this process. Cancelling ctx gives up the
// start; a download may take as long as ctx allows. Hold the [Lock] of Dir.
func StartPostgres(ctx context.Context, cfg PostgresConfig) (*Postgres, error) {
	if runtime.GOOS == "windows" {
		return nil, fmt.Errorf("embedded PostgreSQL on windows: %w; run: docker compose up --wait", errors.ErrUnsupported)
	}
	if cfg.Stderr == nil {
		cfg.Stderr = io.Discard
	}
	if cfg.CacheDir == "" {
		cfg.CacheDir = DefaultCacheDir()
	}
	spec, user, err := prepare(&cfg)
	var p *Postgres
	if err == nil {
		announce(cfg.Stderr, spec, user)
		p, err = spawn(ctx, spec, user, cfg.Stderr)
	}
	if err != nil && spec.Ephemeral {
		err = errors.Join(err, os.RemoveAll(spec.Home))
	}
	if err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	return p, nil
}

// URL is the connection string of database db, for role postgres, a superuser.
func (p *Postgres) URL(db string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword("postgres", p.password),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)), Path: "/" + db, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Port is where it listens on 127.0.0.1.
func (p *Postgres) Port() int { return p.port }

// Major is the major version of the server.
func (p *Postgres) Major() int { return p.major }

// CreateDatabases makes those of names that do not exist yet.
func (p *Postgres) CreateDatabases(ctx context.Context, names ...string) error {
	conn, err := pgx.Connect(ctx, p.URL("postgres"))
	if err != nil {
		return fmt.Errorf("create databases: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, name := range names {
		var there bool
		err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&there)
		if err == nil && !there {
			_, err = conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize())
		}
		if err != nil {
			return fmt.Errorf("create database %s: %w", name, err)
		}
	}
	return nil
}

// Done is closed when the child has ended: after Close, or because somebody
// killed it. In the latter case the server may still run; the next start stops it.
func (p *Postgres) Done() <-chan struct{} { return p.done }

// Close stops the server (clients are disconnected, transactions rolled back)
// and waits until it has. It may be called more than once.
func (p *Postgres) Close() error {
	if err := p.orders.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("stop postgres: %w", err)
	}
	select {
	case <-p.done:
	case <-time.After(stopGrace):
		return fmt.Errorf("stop postgres: the child did not end within %s", stopGrace)
	}
	if p.exit != nil {
		return fmt.Errorf("stop postgres: %w", p.exit)
	}
	return nil
}
