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
	"runtime"
	"strings"
	"time"

	"github.com/kontor-dev/kontor/internal/devstack/pgbin"
)

// spawn starts the child and waits for its word.
func spawn(ctx context.Context, spec childSpec, user pgbin.User, stderr io.Writer) (*Postgres, error) {
	exe, err := self()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe, PostgresCommand)
	cmd.Dir, cmd.Env, cmd.Stderr = spec.Home, childEnv(os.Environ(), spec), stderr
	pgbin.RunAs(cmd, user)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("run %s in %s as %q (may that user enter there?): %w", PostgresCommand, spec.Home, user.Name, err)
	}
	p := &Postgres{port: spec.Port, password: spec.Password, major: spec.Server.Major, orders: in, done: make(chan struct{})}
	word := make(chan childWord, 1)
	go func() {
		defer close(p.done)
		word <- hear(out)
		p.exit = cmd.Wait()
	}()
	if err := json.NewEncoder(in).Encode(spec); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	select {
	case w := <-word:
		if w.Error != "" {
			return nil, errors.Join(explain(w.Error, spec), in.Close(), p.await(stopGrace, cmd.Process))
		}
		return p, nil
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), in.Close(), p.await(stopGrace, cmd.Process))
	}
}

// hear reads the one word of the child.
func hear(out io.Reader) childWord {
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var w childWord
	if err = errors.Join(err, json.Unmarshal(line, &w)); err != nil {
		return childWord{Error: "the child process ended without a word"}
	}
	return w
}

// await waits for the end of the child after its pipe was closed. How it exits
// is of no interest then, only that it does.
func (p *Postgres) await(grace time.Duration, child *os.Process) error {
	select {
	case <-p.done:
		return nil
	case <-time.After(grace):
		return errors.Join(fmt.Errorf("child %d did not end within %s, killed", child.Pid, grace), child.Kill())
	}
}

// self is our own binary. By its path it could be closed to the user the child
// runs as (below root's home); through /proc it is not.
func self() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// childEnv is env without what would change a server or its client behind our
// back (PG*, locale), with a temporary directory of the child's own.
func childEnv(env []string, spec childSpec) []string {
	var out []string
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, "PG") || strings.HasPrefix(name, "LC_") || name == "LANG" || name == "LANGUAGE" {
			continue
		}
		out = append(out, e)
	}
	return append(out, "LC_ALL=C", "HOME="+spec.Home, "TMPDIR="+spec.temp(), "PGCTLTIMEOUT=60")
}
