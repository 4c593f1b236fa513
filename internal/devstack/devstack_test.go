package devstack_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/kontor-dev/kontor/internal/devstack"
)

// parentCommand makes the test binary a parent to be killed, as
// devstack.PostgresCommand makes it the child; brokerCommand likewise.
const (
	parentCommand = "test-parent"
	brokerCommand = "test-broker"
)

func TestMain(m *testing.M) {
	var err error
	switch {
	case len(os.Args) > 1 && os.Args[1] == devstack.PostgresCommand:
		err = devstack.PostgresChild(os.Stdin, os.Stdout)
	case len(os.Args) > 2 && os.Args[1] == parentCommand:
		err = parent(os.Args[2])
	case len(os.Args) > 2 && os.Args[1] == brokerCommand:
		err = broker(os.Args[2])
	default:
		goleak.VerifyTestMain(m)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parent runs a server on dir, prints its URL and waits to be killed.
func parent(dir string) error {
	pg, err := devstack.StartPostgres(context.Background(), devstack.PostgresConfig{Dir: dir, Stderr: os.Stderr})
	if err != nil {
		return err
	}
	fmt.Println(pg.URL("postgres"))
	<-pg.Done()
	return errors.New("the child ended first")
}

// broker runs a broker on dir, prints its address and waits to be killed.
func broker(dir string) error {
	b, err := devstack.StartBroker(context.Background(), devstack.BrokerConfig{Dir: dir})
	if err != nil {
		return err
	}
	fmt.Println(b.Addrs()[0])
	select {}
}

// startParent runs parent in a process of its own and answers with it and the
// URL of its server.
func startParent(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	return startSelf(t, parentCommand, dir)
}

func startSelf(t *testing.T, command, dir string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], command, dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s did not start: %v, %v", command, err, cmd.Wait())
	}
	return cmd, strings.TrimSpace(line)
}

func start(t *testing.T, cfg devstack.PostgresConfig) *devstack.Postgres {
	t.Helper()
	cfg.Stderr = t.Output()
	pg, err := devstack.StartPostgres(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return pg
}

// dataDir is where a data directory can be made. Not below t.TempDir, whose
// parent is closed to the server's user if that is another.
func dataDir(t *testing.T) string { return openDir(t) + "/dev" }

func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kontor-devstack-")
	if err == nil {
		err = os.Chmod(dir, 0o777)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func exec1(t *testing.T, url, sql string) {
	t.Helper()
	conn := connect(t, url)
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func query1[T any](t *testing.T, url, sql string) (got T) {
	t.Helper()
	conn := connect(t, url)
	if err := conn.QueryRow(t.Context(), sql).Scan(&got); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func accepts(t *testing.T, connString string) bool {
	t.Helper()
	u, err := url.Parse(connString)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", u.Host)
	return err == nil && c.Close() == nil
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}

func connectErr(t *testing.T, url string) (*pgx.Conn, error) {
	t.Helper()
	return pgx.Connect(t.Context(), url)
}
