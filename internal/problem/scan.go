package problem

import (
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is the deepest nesting of objects and arrays that a body may have.
const maxDepth = 32

// scanner walks over one JSON text and refuses what JSON refuses. It keeps the
// path, so that a control character is reported where it stands.
type scanner struct {
	data []byte
	pos  int
	path []byte
}

// scan returns the first fault of data that is not understood; if there is none,
// the first control character in a value; else nil.
func scan(data []byte) *jsonError {
	if hasMark(data) || len(data) >= 2 && (data[0] == 0 || data[1] == 0) {
		return notUnderstood("body", "expected UTF-8 without a byte order mark")
	}
	if !utf8.Valid(data) {
		return notUnderstood("body", "expected valid UTF-8")
	}
	if !json.Valid(data) {
		return notUnderstood("body", "expected one JSON value")
	}
	s := scanner{data: data, path: []byte("body")}
	control, fault := s.value(0)
	if fault != nil {
		return fault
	}
	return control
}

// value scans one value. Syntax is sound by then, so it only looks for what a
// grammar cannot see. control is the first finding that is not acceptable; fault
// ends the scan.
func (s *scanner) value(depth int) (control, fault *jsonError) {
	s.blanks()
	switch c := s.data[s.pos]; c {
	case '{', '[':
		if depth == maxDepth {
			return nil, notUnderstood(string(s.path), "expected at most 32 levels")
		}
		s.pos++
		if c == '{' {
			return s.object(depth + 1)
		}
		return s.array(depth + 1)
	case '"':
		return s.str()
	default:
		for s.pos < len(s.data) && !isDelimiter(s.data[s.pos]) {
			s.pos++
		}
		return nil, nil
	}
}

func isDelimiter(c byte) bool {
	switch c {
	case ',', ']', '}', ' ', '\t', '\n', '\r':
		return true
	}
	return false
}

func (s *scanner) object(depth int) (control, fault *jsonError) {
	seen := make(map[string]struct{}, 8)
	mark := len(s.path)
	for {
		s.blanks()
		if s.skip('}') {
			return control, nil
		}
		start := s.pos
		if c, f := s.str(); f != nil || c != nil {
			return nil, notUnderstood(string(s.path), "expected plain field names")
		}
		key := unquote(s.data[start:s.pos])
		if _, twice := seen[key]; twice {
			return nil, notUnderstood(string(s.path), "expected each key once")
		}
		seen[key] = struct{}{}
		s.blanks()
		s.skip(':')
		s.path = append(append(s.path, '.'), key...)
		c, f := s.value(depth)
		s.path = s.path[:mark]
		if f != nil {
			return nil, f
		}
		if control == nil {
			control = c
		}
		s.blanks()
		s.skip(',')
	}
}

func (s *scanner) array(depth int) (control, fault *jsonError) {
	mark := len(s.path)
	for i := 0; ; i++ {
		s.blanks()
		if s.skip(']') {
			return control, nil
		}
		s.path = append(strconv.AppendInt(append(s.path, '['), int64(i), 10), ']')
		c, f := s.value(depth)
		s.path = s.path[:mark]
		if f != nil {
			return nil, f
		}
		if control == nil {
			control = c
		}
		s.blanks()
		s.skip(',')
	}
}

// str scans a string: the runes between the quotes, and what escapes stand for.
func (s *scanner) str() (control, fault *jsonError) {
	for s.pos++; s.data[s.pos] != '"'; {
		r, fine := s.char()
		if !fine {
			return nil, notUnderstood(string(s.path), "expected no lone surrogates")
		}
		if control == nil && (r < 0x20 || r >= 0x7f && r < 0xa0) {
			control = notAcceptable(string(s.path), "expected no control characters")
		}
	}
	s.pos++
	return control, nil
}

// char reads one character, a pair of surrogate escapes being one. false: a
// surrogate without its other half.
func (s *scanner) char() (rune, bool) {
	if s.data[s.pos] != '\\' {
		r, n := utf8.DecodeRune(s.data[s.pos:])
		s.pos += n
		return r, true
	}
	if s.data[s.pos+1] != 'u' {
		c := s.data[s.pos+1]
		s.pos += 2
		return escapes[c], true
	}
	r := s.hex()
	if !utf16.IsSurrogate(r) {
		return r, true
	}
	if s.data[s.pos] != '\\' || s.data[s.pos+1] != 'u' {
		return 0, false
	}
	r = utf16.DecodeRune(r, s.hex())
	return r, r != utf8.RuneError
}

var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hex reads an escape of the form \u1234.
func (s *scanner) hex() rune {
	n, _ := strconv.ParseUint(string(s.data[s.pos+2:s.pos+6]), 16, 32) // valid by json.Valid
	s.pos += 6
	return rune(n)
}

func (s *scanner) blanks() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

func (s *scanner) skip(c byte) bool {
	if s.pos < len(s.data) && s.data[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// unquote returns the key that a JSON string stands for, so that "a" and its
// escaped form are the same key.
func unquote(quoted []byte) string {
	var key string
	if err := json.Unmarshal(quoted, &key); err != nil {
		return string(quoted)
	}
	return key
}
