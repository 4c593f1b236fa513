package httpapi

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"regexp"
	"testing"

	"github.com/kontor-dev/kontor/internal/problem"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
	"github.com/kontor-dev/kontor/services/order/internal/stock"
)

// TestEveryRefusalHasACode parses the errors.go of every core and of app: a sentinel without a row in problems.go
// would be a 500.
func TestEveryRefusalHasACode(t *testing.T) {
	table, err := os.ReadFile("problems.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, pkg := range []string{"app", "order", "product", "stock"} {
		file, err := parser.ParseFile(token.NewFileSet(), "../"+pkg+"/errors.go", nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			for _, name := range names(d) {
				found++
				if !regexp.MustCompile(`\b` + pkg + `\.` + name + `\b`).Match(table) {
					t.Errorf("%s.%s has no row in problems.go", pkg, name)
				}
			}
		}
	}
	if found < 40 {
		t.Fatalf("found only %d refusals: are they still declared in errors.go?", found)
	}
}

// names are the sentinels and the error types that a declaration makes.
func names(d ast.Decl) []string {
	gen, ok := d.(*ast.GenDecl)
	if !ok {
		return nil
	}
	var found []string
	for _, spec := range gen.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if name.IsExported() {
					found = append(found, name.Name)
				}
			}
		case *ast.TypeSpec:
			if regexp.MustCompile(`^[A-Z].*Error$`).MatchString(spec.Name.Name) {
				found = append(found, spec.Name.Name)
			}
		}
	}
	return found
}

func TestProblemOf(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		code   problem.Code
	}{
		{&es.ConflictError{Asked: true}, http.StatusPreconditionFailed, problem.VersionMismatch},
		{&es.ConflictError{}, http.StatusConflict, problem.Conflict},
		{es.ErrCommandReused, http.StatusUnprocessableEntity, problem.IdempotencyKeyReused},
		{es.ErrUnavailable, http.StatusServiceUnavailable, problem.StoreUnavailable},
		{es.ErrOverloaded, http.StatusServiceUnavailable, problem.Overloaded},
		{es.ErrOutcomeUnknown, http.StatusServiceUnavailable, problem.StoreUnavailable},
		{es.ErrUnknownEvent, http.StatusServiceUnavailable, problem.StoreUnavailable},
		{order.ErrStatus, http.StatusConflict, problem.InvalidTransition},
		{&order.NotDueError{}, http.StatusConflict, problem.InvalidTransition},
		{&order.ExceedsReturnableError{}, http.StatusConflict, problem.ExceedsReturnable},
		{&order.ExceedsRefundableError{}, http.StatusConflict, problem.ExceedsRefundable},
		{&stock.InsufficientError{}, http.StatusConflict, problem.InsufficientStock},
		{&app.LineError{Reason: app.ErrNoPrice}, http.StatusUnprocessableEntity, problem.NoPriceInCurrency},
	} {
		p := problemOf(fmt.Errorf("order 1: %w", c.err))
		if p == nil || p.Status != c.status || p.Code != c.code {
			t.Errorf("%v: got %+v, want %d %s", c.err, p, c.status, c.code)
		}
	}
	outcomes := map[error]problem.Outcome{
		es.ErrUnavailable: problem.NotExecuted, es.ErrUnknownEvent: problem.NotExecuted, es.ErrOutcomeUnknown: problem.Unknown,
	}
	for err, want := range outcomes {
		if got := problemOf(err).Outcome; got != want {
			t.Errorf("%v: got outcome %q, want %q", err, got, want)
		}
	}
	for _, err := range []error{errors.New("a fault"), context.DeadlineExceeded} {
		if p := problemOf(err); p != nil {
			t.Errorf("%v: got %+v, want nothing", err, p)
		}
	}
}
