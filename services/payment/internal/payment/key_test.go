package payment_test

import (
	"testing"

	. "github.com/kontor-dev/kontor/services/payment/internal/payment"
)

func TestAKeyIsTakenApartAgain(t *testing.T) {
	p, op, id, ok := ParseKey(Key(pid, OpCapture, cap1))
	if !ok || p != pid || op != OpCapture || id != cap1 {
		t.Errorf("got %s, %s, %s, %v", p, op, id, ok)
	}
	for _, bad := range []string{"", "a:b", "a:dance:b", ":capture:b", "a:capture:", "a:capture:b:c"} {
		if _, _, _, ok := ParseKey(bad); ok {
			t.Errorf("%q was taken for a key", bad)
		}
	}
}
