//go:build unix

package pgbin

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// User is who a server runs as. The zero value is whoever runs this process.
type User struct {
	Name     string
	UID, GID int
}

// Current says that no change of user is needed.
func (u User) Current() bool { return u.Name == "" }

// ServerUser is the zero User unless this process runs as root; then it is
// postgres, else nobody. A root without either gets the zero User, and the
// server's own refusal.
func ServerUser() User {
	if os.Geteuid() != 0 {
		return User{}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid > 0 {
			return User{Name: name, UID: uid, GID: gid}
		}
	}
	return User{}
}

// RunAs makes cmd run as u, in a process group of its own so that an interrupt
// from the terminal reaches this process only. Call it before cmd starts.
func RunAs(cmd *exec.Cmd, u User) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	if !u.Current() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(u.UID), Gid: uint32(u.GID)}
	}
}

// Chown gives path to u; nothing for the zero User.
func Chown(path string, u User) error {
	if u.Current() {
		return nil
	}
	return os.Chown(path, u.UID, u.GID)
}

// Owned says whether the existing path belongs to u (or to this process's user
// for the zero User): what somebody else put there is not to be trusted.
func Owned(path string, u User) bool {
	info, err := os.Lstat(path)
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	want := os.Geteuid()
	if !u.Current() {
		want = u.UID
	}
	return ok && int(st.Uid) == want
}

// OwnerOr is the owner of path if this process is root and somebody else owns
// it, else fallback: existing data is only good for the user it belongs to.
func OwnerOr(path string, fallback User) User {
	info, err := os.Stat(path)
	if err != nil || os.Geteuid() != 0 {
		return fallback
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Uid == 0 {
		return fallback
	}
	owner := User{Name: strconv.Itoa(int(st.Uid)), UID: int(st.Uid), GID: int(st.Gid)}
	if u, err := user.LookupId(owner.Name); err == nil {
		owner.Name = u.Username
	}
	return owner
}
