package devstack

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// InUseError says that another process holds the [Lock] of Dir.
type InUseError struct {
	Dir string
	PID int // 0 if it could not be told
}

func (e *InUseError) Error() string {
	return fmt.Sprintf("%s is in use by pid %d: stop that one first, or choose another directory", e.Dir, e.PID)
}

// DirLock is a lock on a data directory. It ends with its process, however
// that ends.
type DirLock struct{ f *os.File }

// Lock takes dir, making it if needed, or answers with an *[InUseError] at once.
func Lock(dir string) (*DirLock, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	path := filepath.Join(dir, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	switch taken, err := tryLock(f); {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	case taken:
		return nil, errors.Join(&InUseError{Dir: dir, PID: readPID(path)}, f.Close())
	}
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	return &DirLock{f: f}, nil
}

// Unlock gives the directory up. The lock file stays: removing it could take it
// from under another's lock.
func (l *DirLock) Unlock() error { return l.f.Close() }

// readPID reads the first line of a lock or pid file; 0 if it holds none.
func readPID(path string) int {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return 0
	}
	return pid
}
