package contractstest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	snake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	clock = reflect.TypeFor[time.Time]()
)

// Shape returns what is wrong with the fields of a body: a name that is not
// snake_case or used twice, a type that JSON readers of other languages would
// not expect, a tag by which something optional is null instead of absent.
func Shape(body reflect.Type) []string {
	return shape(body, map[string]bool{})
}

func shape(typ reflect.Type, seen map[string]bool) (problems []string) {
	if typ.NumMethod() > 0 {
		problems = append(problems, fmt.Sprintf("%v has methods", typ))
	}
	for f := range fields(typ) {
		if f.Anonymous && f.Type.Kind() == reflect.Struct { // its fields are those of the body
			problems = append(problems, shape(f.Type, seen)...)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !snake.MatchString(name) || seen[name] {
			problems = append(problems, fmt.Sprintf("%v.%s: the name %q", typ, f.Name, name))
		}
		seen[name] = true
		problems = append(problems, fieldShape(typ, f, options == "omitempty")...)
	}
	return problems
}

func fieldShape(typ reflect.Type, f reflect.StructField, optional bool) []string {
	inner := f.Type
	composed := inner.Kind() == reflect.Struct || inner.Kind() == reflect.Slice
	switch {
	case inner.Kind() == reflect.Pointer && !optional:
		return []string{fmt.Sprintf("%v.%s: a pointer is optional: omitempty", typ, f.Name)}
	case composed && optional:
		return []string{fmt.Sprintf("%v.%s: omitempty on %v", typ, f.Name, inner)}
	}
	if inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
		inner = inner.Elem()
		if inner.Kind() != reflect.Struct {
			return []string{fmt.Sprintf("%v.%s: a %v is no type of a body", typ, f.Name, f.Type)}
		}
	}
	switch inner.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
		return nil
	case reflect.Struct:
		if inner == clock {
			return nil
		}
		return shape(inner, map[string]bool{})
	default:
		return []string{fmt.Sprintf("%v.%s: a %v is no type of a body", typ, f.Name, f.Type)}
	}
}

// Empty names a field of v that says nothing, or is empty if there is none.
func Empty(v reflect.Value, path string) string {
	switch {
	case v.IsZero():
		return path + " is empty"
	case v.Kind() == reflect.Pointer:
		return Empty(v.Elem(), path)
	case v.Kind() == reflect.Slice && v.Len() == 0:
		return path + " is empty"
	case v.Kind() == reflect.Slice:
		return Empty(v.Index(0), path+"[0]")
	case v.Kind() != reflect.Struct || v.Type() == clock:
		return ""
	}
	for f := range fields(v.Type()) {
		if problem := Empty(v.FieldByIndex(f.Index), path+"."+f.Name); problem != "" {
			return problem
		}
	}
	return ""
}

func fields(typ reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range typ.NumField() {
			if !yield(typ.Field(i)) {
				return
			}
		}
	}
}

// names compares the constants of types.go with types, and both with the names
// of the structs.
func names(t *testing.T, types map[string]any) {
	got, want := slices.Sorted(maps.Keys(types)), constants(t)
	if !slices.Equal(got, want) {
		t.Errorf("Types has %v, the Type constants are %v", got, want)
	}
	for typ, zero := range types {
		_, verb, _ := strings.Cut(typ, ".")
		if got := reflect.TypeOf(zero).Name(); got != camel(verb) && got != camel(typ) {
			t.Errorf("%s is a %s, want %s or %s", typ, got, camel(verb), camel(typ))
		}
	}
}

// constants are the values of the constants Type… in types.go, sorted.
func constants(t *testing.T) (values []string) {
	file, err := parser.ParseFile(token.NewFileSet(), "types.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Type") {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		return true
	})
	slices.Sort(values)
	return values
}

// camel is the Go name of a type: shipment_closed.v2 is ShipmentClosedV2.
func camel(typ string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(typ, func(r rune) bool { return r == '_' || r == '.' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
