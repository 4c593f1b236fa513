package migrations

import (
	"errors"
	"strings"
	"testing"
)

func TestAServerBeforeFifteenIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		number  int
		refused bool
	}{
		"9.6.24": {90624, true},
		"14.19":  {140019, true},
		"15.0":   {150000, false},
		"18.4":   {180004, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := checkVersion(c.number, name)
			if errors.Is(err, ErrTooOld) != c.refused {
				t.Fatalf("got %v", err)
			}
			if c.refused && !strings.Contains(err.Error(), "PostgreSQL "+name) {
				t.Errorf("%q does not name the server", err)
			}
		})
	}
}
