package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/kontor-dev/kontor"

// file is one Go file of the module.
type file struct {
	path    string // slash-separated, from the root
	dir     string
	test    bool
	lines   int
	imports []string
	ast     *ast.File
	source  string
}

// root is the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}

var parsed = struct {
	once  sync.Once
	files []file
	err   error
}{}

// files parses every Go file of the module, once.
func files(t *testing.T) []file {
	t.Helper()
	base := root(t)
	parsed.once.Do(func() { parsed.files, parsed.err = parse(base) })
	if parsed.err != nil {
		t.Fatal(parsed.err)
	}
	return parsed.files
}

func parse(base string) ([]file, error) {
	var out []file
	err := walk(base, ".go", func(rel string, data []byte) error {
		f := file{path: rel, dir: path.Dir(rel), test: strings.HasSuffix(rel, "_test.go"), lines: strings.Count(string(data), "\n"), source: string(data)}
		parsed, err := parser.ParseFile(token.NewFileSet(), rel, data, parser.ParseComments)
		if err != nil {
			return err
		}
		f.ast = parsed
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, imported)
		}
		out = append(out, f)
		return nil
	})
	return out, err
}

// walk calls visit for every file of the module with this ending.
func walk(base, ending string, visit func(rel string, data []byte) error) error {
	return filepath.WalkDir(base, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			name := d.Name()
			if p != base && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "bin" || name == "out") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ending) {
			return nil
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(base, p)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(rel), data)
	})
}

// under says whether p is one of the folders or lies below one.
func under(p string, folders ...string) bool {
	for _, f := range folders {
		if p == f || strings.HasPrefix(p, f+"/") {
			return true
		}
	}
	return false
}

// local strips the module from an import path; ok is false for a foreign one.
func local(imported string) (string, bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// standard says whether an import path belongs to the standard library.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}
