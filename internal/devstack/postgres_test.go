package devstack_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/devstack"
)

func TestDataOutlivesTheServer(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	pg := start(t, devstack.PostgresConfig{Dir: dir})
	if err := pg.CreateDatabases(t.Context(), "orders", "payments", "orders"); err != nil {
		t.Fatal(err)
	}
	exec1(t, pg.URL("orders"), "create table kept as select 42 as n")
	if err := pg.Close(); err != nil {
		t.Fatal(err)
	}
	if accepts(t, pg.URL("orders")) {
		t.Error("closed, but it still accepts connections")
	}

	again := start(t, devstack.PostgresConfig{Dir: dir})
	if got := query1[int](t, again.URL("orders"), "select n from kept"); got != 42 {
		t.Errorf("got %d, want 42", got)
	}
	if left, _ := filepath.Glob(dir + "/postgres/unfinished*"); len(left) > 0 {
		t.Errorf("good data was moved aside: %v", left)
	}
}

func TestTheServerIsSetUpForUse(t *testing.T) {
	t.Parallel()
	pg := start(t, devstack.PostgresConfig{Dir: dataDir(t)})
	for setting, want := range map[string]string{
		"server_encoding": "UTF8", "fsync": "on", "listen_addresses": "127.0.0.1",
		"unix_socket_directories": "", "port": strconv.Itoa(pg.Port()), "max_connections": "200",
	} {
		if got := query1[string](t, pg.URL("postgres"), "show "+setting); got != want {
			t.Errorf("%s: got %q, want %q", setting, got, want)
		}
	}
	if got := query1[bool](t, pg.URL("postgres"), "select rolsuper from pg_roles where rolname = current_user"); !got {
		t.Error("the role is no superuser")
	}
}

func TestAWrongPasswordIsRefused(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	pg := start(t, devstack.PostgresConfig{Dir: dir})
	state, err := devstack.ReadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(state.PostgresPassword) < 20 {
		t.Errorf("password %q is short", state.PostgresPassword)
	}
	_, err = connectErr(t, strings.Replace(pg.URL("postgres"), state.PostgresPassword, "guess", 1))
	if err == nil || !strings.Contains(err.Error(), "28P01") {
		t.Errorf("got %v, want invalid_password", err)
	}
}

func TestAKilledParentLeavesNoServer(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	cmd, u := startParent(t, dir)
	exec1(t, u, "create table kept as select 7 as n")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	eventually(t, "the server is gone", func() bool { return !accepts(t, u) })

	pg := start(t, devstack.PostgresConfig{Dir: dir})
	if got := query1[int](t, pg.URL("postgres"), "select n from kept"); got != 7 {
		t.Errorf("got %d, want 7", got)
	}
}

func TestAStartRightBehindAKilledParentWaitsForItsServer(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	for i := range 3 {
		cmd, u := startParent(t, dir)
		exec1(t, u, "create table kept"+strconv.Itoa(i)+" ()")
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}
	pg := start(t, devstack.PostgresConfig{Dir: dir})
	if got := query1[int](t, pg.URL("postgres"), "select count(*) from pg_tables where tablename like 'kept%'"); got != 3 {
		t.Errorf("got %d tables, want 3", got)
	}
}

func TestAParentKilledDuringTheFirstStartDoesNoHarm(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	cmd := exec.Command(os.Args[0], parentCommand, dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "initdb is under way", func() bool {
		_, err := os.Stat(dir + "/postgres/data/PG_VERSION")
		return err == nil
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	pg := start(t, devstack.PostgresConfig{Dir: dir})
	if got := query1[int](t, pg.URL("postgres"), "select 1"); got != 1 {
		t.Errorf("got %d", got)
	}
}

func TestTheNextStartStopsWhatAKilledChildLeft(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	cmd, u := startParent(t, dir)
	exec1(t, u, "create table kept as select 8 as n")
	killChildOf(t, cmd.Process.Pid)
	if err := cmd.Wait(); err == nil {
		t.Error("the parent was not told that its child ended")
	}
	if !accepts(t, u) {
		t.Fatal("the server ended with its child: nothing is left to test")
	}

	pg := start(t, devstack.PostgresConfig{Dir: dir})
	if got := query1[int](t, pg.URL("postgres"), "select n from kept"); got != 8 {
		t.Errorf("got %d, want 8", got)
	}
	if accepts(t, u) {
		t.Error("the left-over server still runs")
	}
}

func TestAStalePidFileOfSomebodyElseIsRemoved(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	if err := start(t, devstack.PostgresConfig{Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	stale := strconv.Itoa(os.Getpid()) + "\n" + dir + "/postgres/data\n1\n5432\n\n127.0.0.1\n1 1\nready\n"
	if err := os.WriteFile(dir+"/postgres/data/postmaster.pid", []byte(stale), 0o644); err != nil {
		t.Fatal(err)
	}
	pg := start(t, devstack.PostgresConfig{Dir: dir}) // and this process is not signalled
	if got := query1[int](t, pg.URL("postgres"), "select 1"); got != 1 {
		t.Errorf("got %d", got)
	}
}

func TestDataOfAnotherMajorIsKeptAndExplained(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	pg := start(t, devstack.PostgresConfig{Dir: dir})
	if err := pg.Close(); err != nil {
		t.Fatal(err)
	}
	version := dir + "/postgres/data/PG_VERSION"
	if err := os.WriteFile(version, []byte("12\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := count(t, dir+"/postgres/data")

	_, err := devstack.StartPostgres(t.Context(), devstack.PostgresConfig{Dir: dir})
	var other *devstack.OtherMajorError
	if !errors.As(err, &other) || other.Major != 12 {
		t.Fatalf("got %v, want an OtherMajorError for 12", err)
	}
	if msg := err.Error(); !strings.Contains(msg, "--reset") || !strings.Contains(msg, dir) {
		t.Errorf("message lacks path or next step: %s", msg)
	}
	if after := count(t, dir+"/postgres/data"); after != before {
		t.Errorf("%d files before, %d after", before, after)
	}

	old, err := devstack.Reset(dir)
	if err != nil {
		t.Fatal(err)
	}
	if moved := count(t, old+"/postgres/data"); moved != before {
		t.Errorf("%d files before, %d after the reset", before, moved)
	}
	start(t, devstack.PostgresConfig{Dir: dir})
}

func TestUnfinishedDataIsMovedAside(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	if err := start(t, devstack.PostgresConfig{Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(dir + "/postgres/data.complete"); err != nil { // as a kill during initdb leaves it
		t.Fatal(err)
	}
	before := count(t, dir+"/postgres/data")
	start(t, devstack.PostgresConfig{Dir: dir})
	left, _ := filepath.Glob(dir + "/postgres/unfinished-*")
	if len(left) != 1 || count(t, left[0]) != before {
		t.Errorf("got %v, want one folder of %d files", left, before)
	}
}

func TestALostPasswordIsExplained(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	if err := start(t, devstack.PostgresConfig{Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(dir + "/dev.json"); err != nil {
		t.Fatal(err)
	}
	_, err := devstack.StartPostgres(t.Context(), devstack.PostgresConfig{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "password") || !strings.Contains(err.Error(), "--reset") {
		t.Errorf("got %v", err)
	}
}

func TestATakenPortIsAnError(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	_, err = devstack.StartPostgres(t.Context(), devstack.PostgresConfig{Dir: dataDir(t), Port: port})
	if err == nil || !strings.Contains(err.Error(), strconv.Itoa(port)) {
		t.Errorf("got %v, want an error that names port %d", err, port)
	}
}

func TestAFailedStartShowsTheServersLog(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	if err := start(t, devstack.PostgresConfig{Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	conf := dir + "/postgres/data/postgresql.conf"
	if err := os.WriteFile(conf, []byte("no_such_setting = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := devstack.StartPostgres(t.Context(), devstack.PostgresConfig{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Fatalf("got %v, want the server's words", err)
	}
	if lines := strings.Count(err.Error(), "\n"); lines > 22 {
		t.Errorf("%d lines, want 22 at most", lines)
	}
}

func TestAnEphemeralServerLeavesNothing(t *testing.T) {
	tmp := openDir(t)
	t.Setenv("TMPDIR", tmp)
	pg := start(t, devstack.PostgresConfig{Ephemeral: true})
	if got := query1[string](t, pg.URL("postgres"), "show fsync"); got != "off" {
		t.Errorf("fsync is %s", got)
	}
	if err := pg.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestAnUnusableBinDirIsNamed(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	_, err := devstack.StartPostgres(t.Context(), devstack.PostgresConfig{Dir: dataDir(t), BinDir: bin})
	if err == nil || !strings.Contains(err.Error(), bin) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutNetworkTheDownloadSaysWhatToDo(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	_, err := devstack.StartPostgres(t.Context(), devstack.PostgresConfig{
		Dir: dataDir(t), CacheDir: dataDir(t), BinDir: devstack.Download, Mirror: "http://127.0.0.1:1", Stderr: &said,
	})
	if err == nil {
		t.Fatal("it started")
	}
	for _, want := range []string{"downloading 18.4.0", "http://127.0.0.1:1", "install postgresql", "--database-url", "KONTOR_POSTGRES_MIRROR", "docker compose up"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %v", want, err)
		}
	}
	if !strings.Contains(said.String(), "downloading") {
		t.Errorf("nothing said about the download: %q", said.String())
	}
}

func TestADownloadThatHangsEndsWithTheContext(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts into its backlog, never answers
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	began := time.Now()
	_, err = devstack.StartPostgres(ctx, devstack.PostgresConfig{
		Dir: dataDir(t), CacheDir: dataDir(t), BinDir: devstack.Download, Mirror: "http://" + l.Addr().String(),
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("took %s", took)
	}
}

// killChildOf kills the process that parent started, the hard way.
func killChildOf(t *testing.T, parent int) {
	t.Helper()
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, s := range stats {
		b, err := os.ReadFile(s)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(b), ") ") // pid (name) state ppid …
		if f := strings.Fields(rest); len(f) < 2 || f[1] != strconv.Itoa(parent) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(s)))
		if err != nil {
			t.Fatal(err)
		}
		child, err := os.FindProcess(pid)
		if err == nil {
			err = child.Kill()
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("process %d has no child", parent)
}

func count(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(string, os.DirEntry, error) error { n++; return nil })
	if err != nil || n < 2 {
		t.Fatalf("%s: %d files, %v", dir, n, err)
	}
	return n
}
