package problem

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// JSON is the body format of Kontor's API. Reading, it accepts only what every
// JSON reader understands the same way: UTF-8 without a byte order mark, one
// value, no key twice, no lone surrogates, at most 32 levels. Control characters
// in a value are refused as not acceptable, all else as not understood. Writing
// is encoding/json without HTML escapes.
var JSON = huma.Format{Marshal: marshal, Unmarshal: unmarshal}

func marshal(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func unmarshal(data []byte, v any) error {
	if f := scan(data); f != nil {
		return f
	}
	if err := json.Unmarshal(data, v); err != nil {
		return typeError(err)
	}
	return nil
}

// jsonError travels through huma as a message, which is all that huma keeps of a
// decoder's error; fromJSON takes it apart again.
type jsonError struct{ finding }

const sep = "\x1f"

func (e *jsonError) Error() string {
	return sep + string(e.code) + sep + e.Location + sep + e.Message
}

func fromJSON(message string) (finding, bool) {
	parts := strings.Split(message, sep)
	if len(parts) != 4 || parts[0] != "" {
		return finding{}, false
	}
	return finding{Detail{safeLocation(parts[2]), parts[3]}, Code(parts[1])}, true
}

func notUnderstood(location, message string) *jsonError {
	return &jsonError{finding{Detail{location, message}, BadRequest}}
}

func notAcceptable(location, message string) *jsonError {
	return &jsonError{finding{Detail{location, message}, ValidationFailed}}
}

// typeError says what was expected where a value did not fit its Go type. The
// text is syntactically sound, since scan has passed it.
func typeError(err error) *jsonError {
	var te *json.UnmarshalTypeError
	if !errors.As(err, &te) {
		return notAcceptable("body", "not acceptable") // a type with rules of its own
	}
	location := "body"
	if te.Field != "" {
		location += "." + te.Field
	}
	return notAcceptable(location, expected(te))
}

func expected(te *json.UnmarshalTypeError) string {
	kind := ""
	if te.Type != nil {
		kind = te.Type.Kind().String()
	}
	switch {
	case strings.HasPrefix(te.Value, "number") && strings.HasPrefix(kind, "float"):
		return "expected a number in range"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "expected an integer in range"
	}
	switch kind {
	case "float32", "float64":
		return "expected a number"
	case "bool":
		return "expected a boolean"
	case "string":
		return "expected a string"
	case "slice", "array":
		return "expected an array"
	case "struct", "map":
		return "expected an object"
	}
	return "not acceptable"
}

// utf8BOM and the two UTF-16 marks: encodings that JSON over HTTP does not have.
var marks = [][]byte{{0xEF, 0xBB, 0xBF}, {0xFE, 0xFF}, {0xFF, 0xFE}}

func hasMark(data []byte) bool {
	for _, m := range marks {
		if bytes.HasPrefix(data, m) {
			return true
		}
	}
	return false
}
