package devstack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/kontor-dev/kontor/internal/devstack/pgbin"
)

// Download as BinDir forces the download even if PostgreSQL is installed.
const Download = "download"

// published are the versions that can be downloaded, by major. The newest is
// the one for new data.
var published = map[int]string{15: "15.13.0", 16: "16.9.0", 17: "17.5.0", 18: "18.4.0"}

const newestMajor = 18

// binaries is the server to use.
type binaries struct {
	pgbin.Binaries
	Full    string // version as the library wants it
	Fetched bool   // lies in the cache, or will
	Missing bool   // is not there yet: the child downloads it
	Why     string // it is downloaded
}

// choose finds binaries for data, whose PG_VERSION decides the major if there is
// one: the library would delete data of another.
func choose(binDir, cacheDir, data string) (binaries, error) {
	major, err := dataMajor(data)
	if err != nil {
		return binaries{}, err
	}
	if binDir == Download {
		return fetched(cacheDir, major, data, "download asked for")
	}
	if binDir != "" {
		return given(binDir, major, data)
	}
	if b, ok := pgbin.Pick(pgbin.Installed(), major); ok {
		return binaries{Binaries: b, Full: b.Version()}, nil
	}
	which := strconv.Itoa(pgbin.MinMajor) + "+"
	if major != 0 {
		which = strconv.Itoa(major)
	}
	return fetched(cacheDir, major, data, fmt.Sprintf("no PostgreSQL %s found (%s, cache)", which, pgbin.Looked))
}

// given uses exactly what the user named.
func given(binDir string, major int, data string) (binaries, error) {
	for _, b := range pgbin.Installed(binDir) {
		if b.Root != filepath.Clean(binDir) && b.Path("") != filepath.Clean(binDir) {
			continue
		}
		if major != 0 && b.Major != major {
			return binaries{}, &OtherMajorError{Data: data, Major: major, Have: b.Major}
		}
		return binaries{Binaries: b, Full: b.Version()}, nil
	}
	return binaries{}, fmt.Errorf("no PostgreSQL %d+ in %s: initdb, pg_ctl and postgres are needed", pgbin.MinMajor, binDir)
}

// fetched uses the cache, to be filled by the child if it does not hold the
// version yet.
func fetched(cacheDir string, major int, data, why string) (binaries, error) {
	if major == 0 {
		major = newestMajor
	}
	version, ok := published[major]
	if !ok {
		return binaries{}, &OtherMajorError{Data: data, Major: major}
	}
	root := filepath.Join(cacheDir, fmt.Sprintf("postgres-%s-%s-%s", version, runtime.GOOS, runtime.GOARCH))
	_, err := os.Stat(completeMark(root))
	return binaries{
		Binaries: pgbin.Binaries{Root: root, Major: major}, Full: version,
		Fetched: true, Missing: err != nil, Why: why,
	}, nil
}

// completeMark tells whole binaries from what a killed download left.
func completeMark(root string) string { return root + ".complete" }

// dataMajor reads the major of an existing data directory; 0 if there is none.
func dataMajor(data string) (int, error) {
	b, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read version of data: %w", err)
	}
	if len(b) == 0 { // initdb was stopped between making the file and filling it: unfinished data, which the child moves aside
		return 0, nil
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("%s/PG_VERSION holds %q, not a major version", data, strings.TrimSpace(string(b)))
	}
	return major, nil
}

// OtherMajorError says that existing data needs a PostgreSQL that is not to be
// had. The data was not touched.
type OtherMajorError struct {
	Data  string // the data directory
	Major int    // that wrote it
	Have  int    // what there is instead; 0 if nothing
}

func (e *OtherMajorError) Error() string {
	have := ""
	if e.Have != 0 {
		have = fmt.Sprintf(", not %d", e.Have)
	}
	return fmt.Sprintf("data in %s was written by PostgreSQL %d and needs that major%s; it was not touched\n"+
		"  install PostgreSQL %d, or start afresh with --reset (moves the data aside, deletes nothing)", e.Data, e.Major, have, e.Major)
}
