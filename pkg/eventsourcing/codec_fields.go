package eventsourcing

import (
	"encoding"
	"encoding/json"
	"reflect"
)

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// leftOut finds a field of typ that JSON does not store, at any depth; "" if there is none. Types that marshal themselves know what
// they do.
func leftOut(typ reflect.Type, seen map[reflect.Type]bool) string {
	if seen[typ] || marshalsItself(typ) {
		return ""
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return leftOut(typ.Elem(), seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Tag.Get("json") == "-" || (!f.IsExported() && !f.Anonymous) {
				return typ.Name() + "." + f.Name
			}
			if field := leftOut(f.Type, seen); field != "" {
				return field
			}
		}
	}
	return ""
}

func marshalsItself(typ reflect.Type) bool {
	for _, t := range []reflect.Type{typ, reflect.PointerTo(typ)} {
		if t.Implements(jsonMarshaler) || t.Implements(textMarshaler) {
			return true
		}
	}
	return false
}
