//go:build !unix

package nettest

import "os"

// lock has no locks to take here: ports come from each process's own part of the range.
func lock(*os.File) bool { return true }
