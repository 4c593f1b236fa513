package archtest

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestEveryPackageHasOneComment(t *testing.T) {
	comments, packages := map[string][]string{}, map[string]bool{}
	for _, f := range files(t) {
		if f.test {
			continue
		}
		packages[f.dir] = true
		if f.ast.Doc != nil {
			comments[f.dir] = append(comments[f.dir], f.path)
		}
	}
	for dir := range packages {
		switch got := comments[dir]; {
		case len(got) == 0:
			t.Errorf("%s has no package comment: say in doc.go what it guarantees", dir)
		case len(got) > 1:
			t.Errorf("%s has several package comments: %s", dir, strings.Join(got, ", "))
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	const limit = 400
	for _, f := range files(t) {
		if !f.test && f.lines > limit && !ast.IsGenerated(f.ast) {
			t.Errorf("%s has %d lines, the limit is %d: split it by topic", f.path, f.lines, limit)
		}
	}
}

func TestCoresHaveNoClock(t *testing.T) {
	bound := 0
	for _, f := range files(t) {
		if f.test || !(under(f.dir, cores...) || under(f.dir, pure...)) {
			continue
		}
		bound++
		for _, call := range []string{"time.Now(", "time.Since(", "time.Until("} {
			if strings.Contains(f.source, call) {
				t.Errorf("%s calls %s): a decision gets its time in the command", f.path, call)
			}
		}
	}
	if bound == 0 {
		t.Error("no core was found: was a folder renamed?")
	}
}

func TestContractsHaveNoMethods(t *testing.T) {
	for _, f := range files(t) {
		if f.test || !under(f.dir, "contracts") {
			continue
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				t.Errorf("%s declares %s: a contract is data only", f.path, fn.Name.Name)
			}
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)\s]*)?\)`)

func TestLinksResolve(t *testing.T) {
	base := root(t)
	err := walk(base, ".md", func(rel string, data []byte) error {
		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			target := m[1]
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(base, path.Dir(rel), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", rel, target)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryMakeTargetSaysWhy(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root(t), "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	targets := 0
	for line := range strings.Lines(string(data)) {
		name, rest, ok := strings.Cut(line, ":")
		if !ok || strings.ContainsAny(name, " \t#=.$") || strings.HasPrefix(rest, "=") {
			continue
		}
		targets++
		if !strings.Contains(rest, "## ") {
			t.Errorf("target %s has no `## why`", name)
		}
	}
	if targets < 10 {
		t.Errorf("found %d targets: is the Makefile still read right?", targets)
	}
}

// foreign are words that belong to nobody who reads this project.
var foreign = regexp.MustCompile(`(?i)\.\./shared|\bthis session\b|\bsubagent|/work/main`)

func TestTheProjectSpeaksOfItselfAlone(t *testing.T) {
	base := root(t)
	for _, ending := range []string{".go", ".md", ".yml", ".sql", "Makefile", "Dockerfile"} {
		err := walk(base, ending, func(rel string, data []byte) error {
			if strings.HasPrefix(rel, "internal/archtest/") {
				return nil
			}
			if m := foreign.Find(data); m != nil {
				t.Errorf("%s says %q", rel, m)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
