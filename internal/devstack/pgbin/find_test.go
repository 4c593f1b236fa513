package pgbin_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/internal/devstack/pgbin"
)

func TestAnInstallationCounts(t *testing.T) {
	t.Parallel()
	all := []string{"initdb", "pg_ctl", "postgres"}
	for name, tc := range map[string]struct {
		version  string
		programs []string
		major    int // 0: it does not
	}{
		"if it is whole and new enough":  {"pg_ctl (PostgreSQL) 15.14 (Debian 15.14-1)", all, 15},
		"as a beta":                      {"pg_ctl (PostgreSQL) 19beta1", all, 19},
		"as a two-digit minor":           {"pg_ctl (PostgreSQL) 18.10", all, 18},
		"not if it is too old":           {"pg_ctl (PostgreSQL) 14.9", all, 0},
		"not without initdb":             {"pg_ctl (PostgreSQL) 17.2", []string{"pg_ctl", "postgres"}, 0},
		"not as a client without server": {"pg_ctl (PostgreSQL) 17.2", []string{"initdb", "pg_ctl"}, 0},
		"not if it names no version":     {"something else", all, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := install(t, tc.version, tc.programs)
			for _, extra := range []string{root, filepath.Join(root, "bin")} {
				var got int
				for _, b := range pgbin.Installed(extra) {
					if b.Root == root {
						got = b.Major
					}
				}
				if got != tc.major {
					t.Errorf("given %s: got major %d, want %d", extra, got, tc.major)
				}
			}
		})
	}
}

func TestAnInstallationIsListedOnce(t *testing.T) {
	t.Parallel()
	root := install(t, "pg_ctl (PostgreSQL) 16.1", []string{"initdb", "pg_ctl", "postgres"})
	n := 0
	for _, b := range pgbin.Installed(root, filepath.Join(root, "bin"), root) {
		if b.Root == root {
			n++
		}
	}
	if n != 1 {
		t.Errorf("listed %d times", n)
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	list := []pgbin.Binaries{{Root: "/a", Major: 16}, {Root: "/b", Major: 18}, {Root: "/c", Major: 18}, {Root: "/d", Major: 15}}
	for name, tc := range map[string]struct {
		major int
		want  string // "": nothing
	}{
		"takes the highest major, of equals the first": {0, "/b"},
		"takes the major that data asks for":           {15, "/d"},
		"finds nothing of a major that is not there":   {17, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := pgbin.Pick(list, tc.major)
			if got.Root != tc.want || ok != (tc.want != "") {
				t.Errorf("got %q, %v", got.Root, ok)
			}
		})
	}
	if _, ok := pgbin.Pick(nil, 0); ok {
		t.Error("something was picked from nothing")
	}
}

func TestACommandRunsAsTheServerUser(t *testing.T) {
	t.Parallel()
	user := pgbin.ServerUser()
	cmd := exec.Command("id", "-u")
	cmd.Dir = "/"
	pgbin.RunAs(cmd, user)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := os.Geteuid()
	if !user.Current() {
		want = user.UID
	}
	if got := strings.TrimSpace(string(out)); got != strconv.Itoa(want) {
		t.Errorf("ran as %s, want %d", got, want)
	}
	if want == 0 {
		t.Error("that is root, which PostgreSQL refuses")
	}
}

func TestExistingDataIsUsedAsItsOwner(t *testing.T) {
	t.Parallel()
	user := pgbin.ServerUser()
	dir := t.TempDir()
	if err := pgbin.Chown(dir, user); err != nil {
		t.Fatal(err)
	}
	if !pgbin.Owned(dir, user) {
		t.Error("not owned by the user it was given to")
	}
	fallback := pgbin.User{Name: "fallback", UID: 4242, GID: 4242}
	want := fallback // whoever is not root uses what it has
	if !user.Current() {
		want = user
	}
	if got := pgbin.OwnerOr(dir, fallback); got.UID != want.UID || got.Name != want.Name {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := pgbin.OwnerOr(filepath.Join(dir, "none"), fallback); got != fallback {
		t.Errorf("of nothing: got %+v, want the fallback", got)
	}
}

// install makes a folder that looks like an installation.
func install(t *testing.T, version string, programs []string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(root, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range programs {
		script := fmt.Sprintf("#!/bin/sh\necho '%s'\n", version)
		if err := os.WriteFile(filepath.Join(bin, p), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}
