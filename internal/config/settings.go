package config

import (
	"encoding"
	"reflect"
	"strings"
)

// Setting is one variable of a configuration struct.
type Setting struct {
	Name     string // with prefixes: ORDER_DATABASE_URL
	Type     string // for people: text, number, duration, yes or no, list, secret
	Default  string
	Required bool
	Doc      string
	Secret   bool

	field string // name of the struct field
	index []int
}

// Settings lists the variables of the struct type T in the order of its fields,
// embedded and nested structs included.
func Settings[T any](prefix string) []Setting { return settingsOf(reflect.TypeFor[T](), prefix, nil) }

var (
	secretType   = reflect.TypeFor[Secret]()
	textUnmarsh  = reflect.TypeFor[encoding.TextUnmarshaler]()
	durationName = "time.Duration"
)

func settingsOf(t reflect.Type, prefix string, index []int) []Setting {
	var all []Setting
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		at := append(append([]int(nil), index...), i)
		name, options, _ := strings.Cut(f.Tag.Get("env"), ",")
		if name == "" {
			if f.Type.Kind() == reflect.Struct {
				all = append(all, settingsOf(f.Type, prefix+f.Tag.Get("envPrefix"), at)...)
			}
			continue
		}
		all = append(all, Setting{
			Name: prefix + name, Type: typeName(f.Type), Default: f.Tag.Get("envDefault"),
			Required: strings.Contains(options, "required") || strings.Contains(options, "notEmpty"),
			Doc:      f.Tag.Get("doc"), Secret: f.Type == secretType, field: f.Name, index: at,
		})
	}
	return all
}

func typeName(t reflect.Type) string {
	switch {
	case t == secretType:
		return "secret"
	case t.String() == durationName:
		return "duration"
	case reflect.PointerTo(t).Implements(textUnmarsh):
		return "text"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list, comma separated"
	}
	return "text"
}
