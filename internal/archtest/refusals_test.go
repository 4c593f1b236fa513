package archtest

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryRefusalHasACode wants a row in the table of a service's API for every sentinel in errors.go of its cores and its app: one
// without would be a 500.
func TestEveryRefusalHasACode(t *testing.T) {
	tables := map[string]string{} // service -> source of its table
	for _, f := range files(t) {
		if path.Base(f.path) == "problems.go" && adapter(f.dir) == "httpapi" {
			tables[service(f.dir)] = f.source
		}
	}
	found := map[string]int{}
	for _, f := range files(t) {
		table, ok := tables[service(f.dir)]
		if !ok || path.Base(f.path) != "errors.go" || !(slices.Contains(cores, f.dir) || slices.Contains(apps, f.dir)) {
			continue
		}
		for _, name := range sentinels(f.ast) {
			found[service(f.dir)]++
			qualified := path.Base(f.dir) + "." + name
			if !regexp.MustCompile(`\b` + regexp.QuoteMeta(qualified) + `\b`).MatchString(table) {
				t.Errorf("%s has no row in problems.go of the service %s", qualified, service(f.dir))
			}
		}
	}
	for _, s := range []string{"order", "payment"} {
		if found[s] < 5 {
			t.Errorf("%d refusals of the service %s: are they still in errors.go?", found[s], s)
		}
	}
}

// sentinels are the exported variables Err… of a file.
func sentinels(of *ast.File) (names []string) {
	for _, d := range of.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if strings.HasPrefix(name.Name, "Err") {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}
