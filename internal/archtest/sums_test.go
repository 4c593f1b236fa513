package archtest

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// split are sealed sums whose one switch is spread over several functions, by topic, so that no linter sees that it is whole.
var split = []struct {
	name   string
	seal   string // method that seals the sum: its receivers are the members
	dir    string // folder and beginning of the file names with the cases
	prefix string
}{
	{"every event of an order changes its state", "stamped", "services/order/internal/order", "evolve"},
	{"every command of an order is decided", "at", "services/order/internal/order", "decide"},
	{"every event of an order is published", "stamped", "services/order/internal/publish", ""},
}

func TestSplitSwitchesAreWhole(t *testing.T) {
	for _, s := range split {
		t.Run(s.name, func(t *testing.T) {
			members := receivers(files(t), "services/order/internal/order", s.seal)
			if len(members) < 20 {
				t.Fatalf("found %d members by the method %s: was it renamed?", len(members), s.seal)
			}
			cases := map[string]bool{}
			for _, f := range files(t) {
				if !f.test && f.dir == s.dir && strings.HasPrefix(path.Base(f.path), s.prefix) {
					addCases(cases, f.ast)
				}
			}
			for _, m := range members {
				if !cases[m] {
					t.Errorf("%s has no case in %s/%s*.go", m, s.dir, s.prefix)
				}
			}
		})
	}
}

// receivers are the exported types in dir that have the method.
func receivers(all []file, dir, method string) (types []string) {
	for _, f := range all {
		if f.test || f.dir != dir {
			continue
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != method {
				continue
			}
			if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok && id.IsExported() {
				types = append(types, id.Name)
			}
		}
	}
	slices.Sort(types)
	return types
}

// addCases adds the names of the types in the cases of every type switch.
func addCases(cases map[string]bool, of *ast.File) {
	ast.Inspect(of, func(n ast.Node) bool {
		s, ok := n.(*ast.TypeSwitchStmt)
		if !ok {
			return true
		}
		for _, clause := range s.Body.List {
			for _, e := range clause.(*ast.CaseClause).List {
				switch e := e.(type) {
				case *ast.Ident:
					cases[e.Name] = true
				case *ast.SelectorExpr:
					cases[e.Sel.Name] = true
				}
			}
		}
		return true
	})
}
