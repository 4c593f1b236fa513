//go:build !unix

package devstack

import (
	"errors"
	"os"
)

func tryLock(*os.File) (taken bool, err error) { return false, errors.ErrUnsupported }
