package pgtest_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/internal/pgtest"
)

func TestAServerKeepsItsDataOver(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*pgtest.Server) error{
		"a stop":               (*pgtest.Server).Stop,
		"a kill":               (*pgtest.Server).Kill,
		"two kills":            func(s *pgtest.Server) error { return errors.Join(s.Kill(), s.Kill()) },
		"a restart in service": func(*pgtest.Server) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := pgtest.Start(t)
			query(t, s.URL(), "create table kept as select 42 as n")
			if err := end(s); err != nil {
				t.Fatal(err)
			}
			if err := s.Restart(); err != nil {
				t.Fatal(err)
			}
			if got := query(t, s.URL(), "select n from kept"); got != 42 {
				t.Errorf("got %d, want 42", got)
			}
		})
	}
}

func TestAKilledServerAcceptsNobody(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t)
	conn, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("an open connection survived")
	}
	if c, err := pgx.Connect(t.Context(), s.URL()); err == nil {
		c.Close(t.Context())
		t.Error("a new connection was accepted")
	}
}

func TestTheSharedServerOutlivesGarbageCollection(t *testing.T) {
	u := pgtest.URL(t)
	for range 3 {
		runtime.GC() // finalizers close files nobody holds
	}
	if got := query(t, u, "select 1"); got != 1 {
		t.Errorf("got %d, want 1", got)
	}
}

func TestConnectionsLeftOpenDoNotKeepADatabase(t *testing.T) {
	t.Parallel()
	var u string
	t.Run("one test", func(t *testing.T) {
		u = pgtest.URL(t)
		conn, err := pgx.Connect(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	conn, err := pgx.Connect(t.Context(), u)
	if err == nil {
		conn.Close(t.Context())
		t.Fatal("the database is still there")
	}
	if !strings.Contains(err.Error(), "3D000") {
		t.Errorf("got %v, want invalid_catalog_name", err)
	}
}

// TestAKilledProcessLeavesNoServer runs this test binary once more, with a server
// in it, and kills it the hard way.
func TestAKilledProcessLeavesNoServer(t *testing.T) {
	if os.Getenv("PGTEST_VICTIM") != "" {
		s := pgtest.Start(t)
		os.Stdout.WriteString("URL " + s.URL() + "\n")
		select {} // until killed
	}
	t.Parallel()
	tmp, err := os.MkdirTemp("", "pgtest-victim-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	if err := os.Chmod(tmp, 0o777); err != nil { // the server may run as another user
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(exe, "-test.run=^TestAKilledProcessLeavesNoServer$")
	victim.Env = append(os.Environ(), "PGTEST_VICTIM=1", "TMPDIR="+tmp)
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	addr := readURL(t, bufio.NewScanner(out))
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // it was killed

	eventually(t, "the server is gone", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	eventually(t, "its folder is gone", func() bool {
		left, err := filepath.Glob(filepath.Join(tmp, "kontor-pgtest-server-*"))
		return err == nil && len(left) == 0 // the template stays, for the next run
	})
}

func readURL(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		if _, s, ok := strings.Cut(lines.Text(), "URL "); ok {
			u, err := url.Parse(s)
			if err != nil {
				t.Fatal(err)
			}
			return u.Host
		}
	}
	t.Fatalf("the victim did not start: %v", lines.Err())
	return ""
}

func query(t *testing.T, url, sql string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	return n
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}
