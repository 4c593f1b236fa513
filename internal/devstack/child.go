package devstack

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// childSpec is what the parent tells the child, in one line of JSON: not in
// arguments, where everybody could read the password.
type childSpec struct {
	Server    binaries
	Home      string // everything below is the child's: data, runtime, tmp
	Cache     string
	Mirror    string
	Port      int
	Password  string
	Ephemeral bool
}

// childWord is the child's answer: ready, or why not.
type childWord struct {
	Error string `json:"error,omitempty"`
}

func (s childSpec) data() string { return filepath.Join(s.Home, "data") }
func (s childSpec) temp() string { return filepath.Join(s.Home, "tmp") }
func (s childSpec) mark() string { return filepath.Join(s.Home, "data.complete") }

// initialised: a data directory is whole once its first start has succeeded.
func (s childSpec) initialised() bool {
	_, err := os.Stat(s.mark())
	return err == nil
}

// PostgresChild is the body of [PostgresCommand]: it runs the server that in
// describes until in ends or SIGTERM comes, and says on out when it is ready, or
// why it is not. It is started by [StartPostgres] only, with stdin and stdout.
func PostgresChild(in io.Reader, out io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	// A parent that is gone reads no more: that must not kill us before the
	// server is stopped. Caught, not ignored, for the server would inherit that.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	lines := bufio.NewReader(in)
	var spec childSpec
	line, err := lines.ReadBytes('\n')
	if err = errors.Join(err, json.Unmarshal(line, &spec)); err != nil {
		return fmt.Errorf("%s is started by kontor dev, not by hand: %w", PostgresCommand, err)
	}
	ctx, parentGone := context.WithCancel(ctx)
	go func() { // ends with the process at the latest
		defer parentGone()
		_, _ = io.Copy(io.Discard, lines)
	}()
	err = serve(ctx, spec, out)
	if spec.Ephemeral {
		err = errors.Join(err, os.RemoveAll(spec.Home))
	}
	return err
}

// serve starts the server, says so, waits and stops it. The lock sees to it that
// a child of a killed parent is through with stopping before the next starts.
func serve(ctx context.Context, spec childSpec, out io.Writer) error {
	lock, err := holdFile(ctx, filepath.Join(spec.Home, "lock"))
	if err != nil {
		return say(out, childWord{Error: err.Error()})
	}
	defer lock.Close()
	db, err := bringUp(ctx, spec)
	if err != nil {
		return say(out, childWord{Error: err.Error()})
	}
	if err := say(out, childWord{}); err != nil {
		return errors.Join(err, db.Stop()) // nobody is there to be served
	}
	<-ctx.Done()
	if err := db.Stop(); err != nil {
		return fmt.Errorf("stop server: %w", err)
	}
	return nil
}

func say(out io.Writer, w childWord) error { return json.NewEncoder(out).Encode(w) }

// bringUp does what must be done before the library's Start, and after it.
func bringUp(ctx context.Context, spec childSpec) (*embeddedpostgres.EmbeddedPostgres, error) {
	if err := errors.Join(os.RemoveAll(spec.temp()), os.Mkdir(spec.temp(), 0o700)); err != nil {
		return nil, err
	}
	if spec.Server.Fetched {
		lock, err := holdFile(ctx, filepath.Join(spec.Cache, "lock"))
		if err != nil {
			return nil, err
		}
		defer lock.Close()
		if err := dropPartial(spec.Server.Root); err != nil {
			return nil, err
		}
	}
	if err := mend(ctx, spec); err != nil {
		return nil, err
	}
	if err := setAside(spec); err != nil {
		return nil, err
	}
	db := embeddedpostgres.NewDatabase(libraryConfig(spec))
	if err := start(ctx, spec, db); err != nil {
		return nil, fmt.Errorf("%s%s", firstLine(err.Error()), logTail(spec.temp(), 20))
	}
	err := os.WriteFile(spec.mark(), nil, 0o600)
	if spec.Server.Fetched {
		err = errors.Join(err, os.WriteFile(completeMark(spec.Server.Root), nil, 0o600))
	}
	if err != nil {
		return nil, errors.Join(err, db.Stop())
	}
	return db, nil
}

// start is db.Start, given up when ctx ends: the library downloads without a
// time limit. What is then half started is mended by the next start.
func start(ctx context.Context, spec childSpec, db *embeddedpostgres.EmbeddedPostgres) error {
	started := make(chan error, 1)
	go func() { started <- db.Start() }()
	select {
	case err := <-started:
		return err
	case <-ctx.Done():
	}
	if _, err := os.Stat(spec.Server.Path("pg_ctl")); err != nil {
		return ctx.Err() // still downloading, nothing runs
	}
	select {
	case err := <-started: // it was past the download: no server stays behind
		if err == nil {
			err = db.Stop()
		}
		return errors.Join(ctx.Err(), err)
	case <-time.After(20 * time.Second):
		return ctx.Err()
	}
}

func libraryConfig(spec childSpec) embeddedpostgres.Config {
	fsync := "on"
	if spec.Ephemeral {
		fsync = "off"
	}
	cfg := embeddedpostgres.DefaultConfig().
		Version(embeddedpostgres.PostgresVersion(spec.Server.Full)).
		BinariesPath(spec.Server.Root).CachePath(spec.Cache).
		DataPath(spec.data()).RuntimePath(filepath.Join(spec.Home, "runtime")).
		Port(uint32(spec.Port)).Username("postgres").Password(spec.Password).Database("postgres").
		Encoding("UTF8").Locale(locale()).StartTimeout(60 * time.Second).Logger(nil).
		StartParameters(map[string]string{
			"listen_addresses": "127.0.0.1", "unix_socket_directories": "",
			"fsync": fsync, "max_connections": "200",
		})
	if spec.Mirror != "" {
		cfg = cfg.BinaryRepositoryURL(strings.TrimSuffix(spec.Mirror, "/"))
	}
	return cfg
}

// locale is C.UTF-8, or C where the system says that it lacks it.
func locale() string {
	out, err := exec.Command("locale", "-a").Output()
	if err != nil { // no such program: musl, which has it
		return "C.UTF-8"
	}
	if slices.ContainsFunc(strings.Fields(string(out)), func(l string) bool {
		return strings.EqualFold(strings.ReplaceAll(l, "-", ""), "c.utf8")
	}) {
		return "C.UTF-8"
	}
	return "C"
}

// dropPartial removes binaries that a killed download left incomplete. They are
// ours, in the cache.
func dropPartial(root string) error {
	if _, err := os.Stat(completeMark(root)); err == nil {
		return nil
	}
	return os.RemoveAll(root)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSuffix(line, ":")
}

// logTail is the end of what the server and its tools said; the library keeps
// that in the temporary directory. Empty if they said nothing.
func logTail(dir string, lines int) string {
	logs, _ := filepath.Glob(filepath.Join(dir, "embedded_postgres_log*")) // only a malformed pattern is an error
	var all []string
	for _, l := range logs {
		if b, err := os.ReadFile(l); err == nil {
			all = append(all, strings.Split(strings.TrimSpace(string(b)), "\n")...)
		}
	}
	if text := strings.Join(all[max(0, len(all)-lines):], "\n"); text != "" {
		return "\n" + text
	}
	return ""
}
