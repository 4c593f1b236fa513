package devstack

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kontor-dev/kontor/internal/devstack/pgbin"
)

// DefaultDir is where `kontor dev` keeps its data: /var/lib/kontor/dev for root
// (whose home is closed to the user the server runs as), else below
// XDG_STATE_HOME or ~/.local/state.
func DefaultDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/kontor/dev"
	}
	state := os.Getenv("XDG_STATE_HOME")
	if state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			home = os.TempDir()
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "kontor", "dev")
}

// DefaultCacheDir is where a downloaded PostgreSQL is kept, shared by all data
// directories of a user. It may be removed at any time while none runs.
func DefaultCacheDir() string {
	if os.Geteuid() == 0 {
		return "/var/cache/kontor"
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "kontor")
}

// Reset moves all data below dir into a folder beside it and answers with its
// path, or "" if there was none. Nothing may run on dir: hold its [Lock].
// Ports and password in dev.json move as well.
func Reset(dir string) (string, error) {
	var aside string
	for _, name := range []string{"postgres", "kafka", stateFile} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err != nil {
			continue
		}
		if aside == "" {
			aside = asideName(filepath.Join(dir, "old"))
			if err := os.MkdirAll(aside, 0o711); err != nil {
				return "", fmt.Errorf("reset %s: %w", dir, err)
			}
		}
		if err := os.Rename(path, filepath.Join(aside, name)); err != nil {
			return aside, fmt.Errorf("reset %s: %w", dir, err)
		}
	}
	return aside, nil
}

// asideName is a name nobody uses yet for what path is moved to.
func asideName(path string) string {
	base := path + "-" + time.Now().UTC().Format("20060102T150405.000")
	for i, name := 1, base; ; i++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d", base, i)
	}
}

// grant makes a folder that belongs to user and is open to nobody else.
func grant(path string, user pgbin.User) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	return pgbin.Chown(path, user)
}
