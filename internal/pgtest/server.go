package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/internal/devstack/pgbin"
	"github.com/kontor-dev/kontor/internal/nettest"
)

// Server is a private server for tests that break one. Its methods may be
// called from any goroutine, one at a time takes effect.
type Server struct {
	dir, port string

	mu      sync.Mutex // one order to the keeper at a time
	orders  io.WriteCloser
	answers *bufio.Reader
	keeper  *exec.Cmd
}

// Start runs a private server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := launch()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return s
}

// URL is the connection string of the server's database postgres; it stays the
// same over restarts.
func (s *Server) URL() string { return s.url("postgres") }

// Stop shuts the server down in order (fast mode: clients are disconnected,
// transactions rolled back). Data is kept for Restart.
func (s *Server) Stop() error { return s.order("stop") }

// Kill ends all server processes at once with SIGKILL. Everything committed is
// there after Restart, which goes through crash recovery.
func (s *Server) Kill() error { return s.order("kill") }

// Restart starts the server on the same data and port, stopping it first if it
// runs, and returns once it accepts connections.
func (s *Server) Restart() error {
	if err := s.order("stop"); err != nil {
		return err
	}
	if err := s.order("start"); err != nil {
		return err
	}
	return s.ready()
}

func (s *Server) url(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword("postgres", "postgres"),
		Host: net.JoinHostPort("127.0.0.1", s.port), Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// keep is the program of the keeper: orders come in on stdin, each is answered
// with one line, and the end of stdin is the end of the server and its folder.
const keep = `
pid=
halt() {
	[ -n "$pid" ] || return 0
	kill -"$1" "$pid" 2>/dev/null
	wait "$pid"
	pid=
}
while read -r order; do
	case $order in
	start) "$@" >>log 2>&1 & pid=$! ;;
	stop) halt INT ;;
	kill)
		kids=$(pgrep -P "$pid")
		kill -KILL "$pid" $kids
		halt KILL
		for kid in $kids; do # until then they hold the shared memory
			i=0
			while kill -0 "$kid" && [ $((i += 1)) -lt 100 ]; do sleep 0.02; done
		done ;;
	esac >>log 2>&1
	echo done
done
halt QUIT >>log 2>&1
cd / && rm -rf "$DIR"
`

// launch starts a server in a fresh folder. It lives until close, or until this
// process ends.
func launch() (*Server, error) {
	bins, ok := pgbin.Pick(pgbin.Installed(), 0)
	if !ok {
		return nil, fmt.Errorf("no PostgreSQL %d or later found (%s): install postgresql, or set %s", pgbin.MinMajor, pgbin.Looked, EnvURL)
	}
	user := pgbin.ServerUser()
	template, err := template(bins, user)
	if err != nil {
		return nil, err
	}
	dir, err := ownDir("kontor-pgtest-server-", user)
	if err != nil {
		return nil, err
	}
	if err := run(user, "cp", "-R", "-p", template, filepath.Join(dir, "data")); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s := &Server{dir: dir}
	if err := s.start(bins, user); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// start brings up the keeper, and the server through it.
func (s *Server) start(bins pgbin.Binaries, user pgbin.User) (err error) {
	port, err := nettest.Free()
	if err != nil {
		return err
	}
	s.port = strconv.Itoa(port)
	s.keeper = exec.Command("/bin/sh", "-c", keep, "keeper", bins.Path("postgres"), "-D", filepath.Join(s.dir, "data"),
		"-p", s.port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",
		"-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "max_wal_size=256MB", "-c", "autovacuum_naptime=10s")
	s.keeper.Dir = s.dir
	s.keeper.Env = append(os.Environ(), "DIR="+s.dir, "LC_ALL=C")
	pgbin.RunAs(s.keeper, user)
	if s.orders, err = s.keeper.StdinPipe(); err != nil {
		return err
	}
	out, err := s.keeper.StdoutPipe()
	if err != nil {
		return err
	}
	s.answers = bufio.NewReader(out)
	if err := s.keeper.Start(); err != nil {
		s.orders = nil
		return fmt.Errorf("start keeper: %w", err)
	}
	if err := s.order("start"); err != nil {
		return err
	}
	return s.ready()
}

// order has the keeper do something and waits for it.
func (s *Server) order(verb string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := fmt.Fprintln(s.orders, verb); err != nil {
		return fmt.Errorf("%s server: %w", verb, err)
	}
	if _, err := s.answers.ReadString('\n'); err != nil {
		return fmt.Errorf("%s server: %w", verb, err)
	}
	return nil
}

// close ends server and folder, and waits for it.
func (s *Server) close() error {
	if s.orders == nil { // the keeper never ran
		return os.RemoveAll(s.dir)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.orders.Close(); err != nil {
		return err
	}
	return s.keeper.Wait()
}

// ready waits until the server accepts connections.
func (s *Server) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("server does not accept connections: %w\n%s", err, s.logTail(20))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// logTail is the end of the server's log, for messages.
func (s *Server) logTail(lines int) string {
	b, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
