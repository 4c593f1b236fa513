package devstack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// mend clears what a killed child left: a server that still runs on the data is
// stopped, a pid file whose number belongs to somebody else by now is removed.
func mend(ctx context.Context, spec childSpec) error {
	pidFile := filepath.Join(spec.data(), "postmaster.pid")
	pid := readPID(pidFile)
	if pid == 0 {
		return nil
	}
	if !runs(ctx, pid, spec.data()) {
		// A dead number is cleared by the server itself, which looks for
		// surviving children first. A living one would make it refuse.
		if alive(pid) {
			return os.Remove(pidFile)
		}
		return nil
	}
	fmt.Fprintf(os.Stderr, "postgres: stopping the server %d that a killed kontor dev left\n", pid)
	server, err := os.FindProcess(pid)
	if err == nil {
		err = server.Signal(os.Interrupt) // fast shutdown; needs no pg_ctl, which may be of another major by now
	}
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop left-over server %d: %w", pid, err)
	}
	return awaitGone(ctx, pid, pidFile)
}

// awaitGone waits until the server has removed its pid file, or is dead.
func awaitGone(ctx context.Context, pid int, pidFile string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if _, err := os.Stat(pidFile); errors.Is(err, fs.ErrNotExist) || !alive(pid) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("left-over server %d does not stop: %w", pid, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// alive: a process of that number exists, ours or not.
func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}

// runs: process pid is a server on data. Its number alone proves nothing, it
// may have been given to somebody else meanwhile, whom pg_ctl would signal.
func runs(ctx context.Context, pid int, data string) bool {
	if runtime.GOOS == "linux" {
		args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		return err == nil && strings.Contains(string(bytes.ReplaceAll(args, []byte{0}, []byte{' '})), data)
	}
	args, err := exec.CommandContext(ctx, "ps", "-o", "args=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(args), data)
}

// setAside moves a data directory that never was finished out of the way, since
// the library would delete it. Whose it is we cannot know.
func setAside(spec childSpec) error {
	if spec.initialised() {
		return nil
	}
	entries, err := os.ReadDir(spec.data())
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(entries) == 0) {
		return nil
	}
	if err != nil {
		return err
	}
	to := asideName(filepath.Join(spec.Home, "unfinished"))
	fmt.Fprintf(os.Stderr, "postgres: data in %s was never finished, moved to %s\n", spec.data(), to)
	return os.Rename(spec.data(), to)
}

// holdFile locks path until it is closed, or the process ends, waiting while
// another child, one about to end, has it.
func holdFile(ctx context.Context, path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for {
		taken, err := tryLock(f)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
		}
		if !taken {
			return f, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("%s is still held by another process: %w", path, ctx.Err()), f.Close())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
