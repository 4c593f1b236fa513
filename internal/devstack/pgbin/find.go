package pgbin

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MinMajor is the oldest major version of PostgreSQL that Kontor works with.
const MinMajor = 15

// Binaries is one installation: a folder that holds bin, and what is in there.
type Binaries struct {
	Root  string // the folder that holds bin, e.g. /usr/lib/postgresql/15
	Major int
}

// Path is where program (initdb, pg_ctl, postgres) lies.
func (b Binaries) Path(program string) string { return filepath.Join(b.Root, "bin", program) }

// Version is a full version number with the right major, as version-aware tools
// expect one; minor numbers are not looked at.
func (b Binaries) Version() string { return fmt.Sprintf("%d.0.0", b.Major) }

// patterns are the bin folders of distributions, in order of preference.
var patterns = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // PGDG on Red Hat
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// Looked says in words where [Installed] looks, for messages.
const Looked = "PATH, /usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, Homebrew, Postgres.app"

// Installed lists the usable installations, those of extra first. An extra is a
// bin folder or the folder that holds one; "" is passed over. Folders that are
// incomplete or older than [MinMajor] are left out.
func Installed(extra ...string) []Binaries {
	var dirs []string
	for _, e := range extra {
		if e != "" {
			dirs = append(dirs, e, filepath.Join(e, "bin"))
		}
	}
	if p, err := exec.LookPath("pg_ctl"); err == nil {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	for _, p := range patterns {
		found, _ := filepath.Glob(p) // only a malformed pattern is an error
		dirs = append(dirs, found...)
	}
	var out []Binaries
	for _, d := range dirs {
		if b, ok := at(d); ok && !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	return out
}

// Pick chooses from list: the first of the given major, or for 0 the highest
// major there is.
func Pick(list []Binaries, major int) (Binaries, bool) {
	var best Binaries
	for _, b := range list {
		if (major == 0 || b.Major == major) && b.Major > best.Major {
			best = b
		}
	}
	return best, best.Major != 0
}

// at inspects one bin folder.
func at(bin string) (Binaries, bool) {
	if filepath.Base(bin) != "bin" {
		return Binaries{}, false
	}
	for _, program := range []string{"initdb", "pg_ctl", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(bin, program)); err != nil {
			return Binaries{}, false
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "pg_ctl"), "--version").Output()
	if err != nil {
		return Binaries{}, false
	}
	major := parseMajor(string(out))
	if major < MinMajor {
		return Binaries{}, false
	}
	return Binaries{Root: filepath.Dir(bin), Major: major}, true
}

// parseMajor reads "pg_ctl (PostgreSQL) 15.14 (Debian …)" and "… 19beta1"; 0
// if it cannot.
func parseMajor(version string) int {
	_, rest, ok := strings.Cut(version, "(PostgreSQL) ")
	if !ok {
		return 0
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	major, _ := strconv.Atoi(rest[:end])
	return major
}
