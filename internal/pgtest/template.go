package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/kontor-dev/kontor/internal/devstack/pgbin"
)

// template is an initialised data folder to copy from: initdb takes three times
// as long as the copy. It is made once per user and major, and kept in the
// temporary directory. Several processes may make it at once; one wins, all use it.
func template(bins pgbin.Binaries, user pgbin.User) (string, error) {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("kontor-pgtest-template-%d-%d", os.Getuid(), bins.Major))
	if pgbin.Owned(path, user) {
		return path, nil
	}
	dir, err := ownDir("kontor-pgtest-initdb-", user)
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	data := filepath.Join(dir, "data")
	err = run(user, bins.Path("initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync",
		"--wal-segsize=4", // a smaller copy
		"--encoding=UTF8", "--locale=C")
	if err != nil {
		return "", err
	}
	if err := os.Rename(data, path); err != nil && !pgbin.Owned(path, user) {
		return "", fmt.Errorf("keep template: %w", err)
	}
	return path, nil
}

// ownDir is a new folder in the temporary directory that belongs to user.
func ownDir(prefix string, user pgbin.User) (string, error) {
	dir, err := os.MkdirTemp("", prefix)
	if err != nil {
		return "", err
	}
	if err := pgbin.Chown(dir, user); err != nil {
		return "", err
	}
	return dir, nil
}

// run runs a program to its end as user.
func run(user pgbin.User, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Dir = os.TempDir() // ours may be closed to user
	pgbin.RunAs(cmd, user)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(program), err, out)
	}
	return nil
}
