package readstore

import (
	"errors"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/services/query/internal/view"
)

func FuzzCursor(f *testing.F) {
	s := New(Config{CursorKey: []byte("0123456789abcdef")})
	scope := []string{"orders", "staff", "i\ns-1", "-placed_at"}
	good := s.sealCursor(scope, "1772323200123456", "6f2b1f3e-2d3c-5a41-9c55-0d8f6a7b1c01")
	f.Add(good)
	f.Add("")
	f.Add(good + "A")
	f.Add(strings.ToUpper(good))
	f.Fuzz(func(t *testing.T, cursor string) {
		key, id, err := s.openCursor(scope, cursor)
		if err == nil && s.sealCursor(scope, key, id) != cursor {
			t.Errorf("%q was taken and is not ours", cursor)
		}
		if err != nil && !errors.Is(err, view.ErrCursor) {
			t.Errorf("%q: %v", cursor, err)
		}
	})
}

func TestScopesThatReadAlikeDiffer(t *testing.T) {
	s := New(Config{CursorKey: []byte("0123456789abcdef")})
	cursor := s.sealCursor([]string{"a", "bc"}, "1", "2")
	for _, scope := range [][]string{{"ab", "c"}, {"a", "b", "c"}, {"abc"}, {"a", "bc", ""}} {
		if _, _, err := s.openCursor(scope, cursor); !errors.Is(err, view.ErrCursor) {
			t.Errorf("%q takes a cursor of [a bc]", scope)
		}
	}
}
