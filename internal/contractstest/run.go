package contractstest

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files that are missing")

// suffix ends the name of every golden file, after the name of its example.
const suffix = ".golden.json"

// Run checks the contract package in the working directory. Examples are named
// by the type of their event, with "+" and a word if there is more than one:
// "order.placed", "order.placed+gift".
func Run(t *testing.T, types, examples map[string]any) {
	t.Helper()
	t.Run("constants, types and structs have matching names", func(t *testing.T) { names(t, types) })
	for typ, zero := range types {
		t.Run("fields of "+typ, func(t *testing.T) {
			for _, problem := range Shape(reflect.TypeOf(zero)) {
				t.Error(problem)
			}
		})
	}
	for name, example := range examples {
		t.Run("example "+name, func(t *testing.T) { checkExample(t, name, types, example) })
	}
	t.Run("every event has a full example", func(t *testing.T) { full(t, types, examples) })
	files, err := filepath.Glob(filepath.Join("testdata", "*"+suffix))
	if err != nil || len(files) == 0 {
		t.Fatalf("golden files: %d, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { golden(t, file, types, examples) })
	}
}

// checkExample compares an example with its golden file, or writes it.
func checkExample(t *testing.T, name string, types map[string]any, example any) {
	if got, want := reflect.TypeOf(example), reflect.TypeOf(types[typeOf(name)]); got != want {
		t.Fatalf("the example is a %v, its type is of %v", got, want)
	}
	file := filepath.Join("testdata", name+suffix)
	want, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		want = Encode(t, example)
		err = os.WriteFile(file, want, 0o644)
	}
	if err != nil {
		t.Fatalf("%v (go test -update writes what is missing)", err)
	}
	if got := Encode(t, example); !bytes.Equal(got, want) {
		t.Errorf("the example is written as\n%s\nand was published as\n%s", got, want)
	}
}

// golden reads a file that was published and writes it again.
func golden(t *testing.T, file string, types, examples map[string]any) {
	name := strings.TrimSuffix(filepath.Base(file), suffix)
	zero, ok := types[typeOf(name)]
	if _, known := examples[name]; !ok || !known {
		t.Fatalf("no example, or no type: published events are never removed")
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := again(want, reflect.TypeOf(zero))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(Encode(t, got), want) {
		t.Errorf("written again as\n%s\nwas\n%s", Encode(t, got), want)
	}
}

// again decodes exactly one value of typ, without a field unknown to it.
func again(body []byte, typ reflect.Type) (any, error) {
	v := reflect.New(typ)
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v.Interface()); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the body")
	}
	return v.Elem().Interface(), nil
}

// full wants one example of every type in which no field is empty.
func full(t *testing.T, types, examples map[string]any) {
	empty := map[string]string{}
	for typ := range types {
		empty[typ] = "there is none"
	}
	for name, example := range examples {
		if typ := typeOf(name); empty[typ] != "" {
			empty[typ] = Empty(reflect.ValueOf(example), "")
		}
	}
	for typ, field := range empty {
		if field != "" {
			t.Errorf("no full example of %s: %s", typ, field)
		}
	}
}

// Encode writes a body as a golden file holds it.
func Encode(t *testing.T, body any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

func typeOf(example string) string {
	typ, _, _ := strings.Cut(example, "+")
	return typ
}
