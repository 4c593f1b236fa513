package migrations_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestReleasedFilesAreNeverEdited compares the migrations with released.sum. The file has a line for each released migration: the hash
// of its bytes, and its path. A release runs
//
//	go test ./migrations -run Released -release
//
// which adds lines and changes none; so a migration may be edited until it is released, and never after.
func TestReleasedFilesAreNeverEdited(t *testing.T) {
	here := os.DirFS(".")
	sum, err := os.ReadFile("released.sum")
	if err != nil {
		t.Fatal(err)
	}
	if *release {
		sum = append(sum, newLines(t, here, sum)...)
		if err := os.WriteFile("released.sum", sum, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, complaint := range released(t, here, sum) {
		t.Error(complaint)
	}
}

// released checks the migrations of fsys, order/NNNNN_what.sql and so on, against the lines of sum.
func released(t *testing.T, fsys fs.FS, sum []byte) (complaints []string) {
	t.Helper()
	last := map[string]string{} // folder -> newest released file
	for line := range strings.Lines(string(sum)) {
		hash, file, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			complaints = append(complaints, fmt.Sprintf("released.sum: %q is not `hash  path`", line))
			continue
		}
		last[path.Dir(file)] = max(last[path.Dir(file)], file)
		data, err := fs.ReadFile(fsys, file)
		switch {
		case err != nil:
			complaints = append(complaints, file+" was released and is gone")
		case hashOf(data) != hash:
			complaints = append(complaints, file+" was released and is edited: add a migration instead")
		}
	}
	for _, file := range migrationFiles(t, fsys) {
		if newest := last[path.Dir(file)]; file < newest && !bytes.Contains(sum, []byte("  "+file+"\n")) {
			complaints = append(complaints, file+" comes before "+newest+", which is released: give it the next number")
		}
	}
	for dir, numbers := range numbersOf(t, fsys) {
		for i, n := range numbers {
			if want := fmt.Sprintf("%05d", i+1); n != want {
				complaints = append(complaints, fmt.Sprintf("%s has number %s where %s comes next", dir, n, want))
				break
			}
		}
	}
	return complaints
}

func newLines(t *testing.T, fsys fs.FS, sum []byte) (out []byte) {
	t.Helper()
	for _, file := range migrationFiles(t, fsys) {
		if bytes.Contains(sum, []byte("  "+file+"\n")) {
			continue
		}
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			t.Fatal(err)
		}
		out = fmt.Appendf(out, "%s  %s\n", hashOf(data), file)
	}
	return out
}

func migrationFiles(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	all, err := fs.Glob(fsys, "*/[0-9]*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func numbersOf(t *testing.T, fsys fs.FS) map[string][]string {
	out := map[string][]string{}
	for _, file := range migrationFiles(t, fsys) {
		number, _, _ := strings.Cut(path.Base(file), "_")
		out[path.Dir(file)] = append(out[path.Dir(file)], number)
	}
	for _, numbers := range out {
		slices.Sort(numbers)
	}
	return out
}

func hashOf(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

func TestReleasedFinds(t *testing.T) {
	t.Parallel()
	first := &fstest.MapFile{Data: []byte("create table a ();")}
	other := &fstest.MapFile{Data: []byte("create table b ();")}
	sum := []byte(hashOf(first.Data) + "  order/00001_a.sql\n" + hashOf(other.Data) + "  order/00002_b.sql\n")
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string // part of the only complaint; empty if there is none
	}{
		"nothing in what was released":     {fstest.MapFS{"order/00001_a.sql": first, "order/00002_b.sql": other}, ""},
		"nothing in a new file at the end": {fstest.MapFS{"order/00001_a.sql": first, "order/00002_b.sql": other, "order/00003_c.sql": first}, ""},
		"an edit":                          {fstest.MapFS{"order/00001_a.sql": first, "order/00002_b.sql": first}, "order/00002_b.sql was released and is edited"},
		"a file that is gone":              {fstest.MapFS{"order/00001_a.sql": first}, "order/00002_b.sql was released and is gone"},
		"a file put in between":            {fstest.MapFS{"order/00001_a.sql": first, "order/00002_b.sql": other, "order/00001_b.sql": first}, "comes before"},
		"a gap":                            {fstest.MapFS{"order/00001_a.sql": first, "order/00002_b.sql": other, "order/00004_c.sql": first}, "where 00003 comes next"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(released(t, c.files, sum), "\n")
			if !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
