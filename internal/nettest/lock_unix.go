//go:build unix

package nettest

import (
	"os"
	"syscall"
)

// lock takes the file for this process, unless another has it.
func lock(f *os.File) bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil }
