//go:build !unix

package pgbin

import (
	"os"
	"os/exec"
)

// User is who a server runs as; here always whoever runs this process.
type User struct {
	Name     string
	UID, GID int
}

// Current says that no change of user is needed.
func (u User) Current() bool { return true }

// ServerUser is the zero User.
func ServerUser() User { return User{} }

// RunAs changes nothing.
func RunAs(*exec.Cmd, User) {}

// Chown changes nothing.
func Chown(string, User) error { return nil }

// Owned says whether path exists.
func Owned(path string, _ User) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// OwnerOr is fallback.
func OwnerOr(_ string, fallback User) User { return fallback }
