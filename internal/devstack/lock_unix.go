//go:build unix

package devstack

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks f unless another process has (taken).
func tryLock(f *os.File) (taken bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}
