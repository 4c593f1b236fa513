package ids

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestSKU(t *testing.T) {
	for _, tt := range []struct{ in, want string }{ // want "": refused
		{"TEA-01", "TEA-01"},
		{"tea-01", "TEA-01"},
		{"0", "0"},
		{"a._-", "A._-"},
		{strings.Repeat("x", 64), strings.Repeat("X", 64)},
		{"", ""},
		{strings.Repeat("x", 65), ""},
		{"-TEA", ""},
		{".TEA", ""},
		{"_TEA", ""},
		{" TEA", ""},
		{"TEA ", ""},
		{"TE A", ""},
		{"TEA\n", ""},
		{"TEA\x00", ""},
		{"../../x", ""},
		{"A/B", ""},
		{"TÉA", ""},
		{"\u212aEY", ""},  // Kelvin sign
		{"\u0131d", ""},   // dotless i
		{"\u017fku", ""},  // long s
		{"ＴＥＡ", ""},       // full width
		{"TEA\u200b", ""}, // zero width
		{"TEA\xff", ""},
	} {
		got, err := SKU(tt.in)
		if got != tt.want || (tt.want == "") != errors.Is(err, ErrSKU) {
			t.Errorf("SKU(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestCode(t *testing.T) {
	for _, tt := range []struct{ in, want string }{ // want "": refused
		{"SPRING", "SPRING"},
		{" spring-25\t", "SPRING-25"},
		{"ab", "AB"},
		{"\u212aey", "KEY"}, // the Kelvin sign is K in NFC
		{strings.Repeat("x", 32), strings.Repeat("X", 32)},
		{"a", ""},
		{" a ", ""},
		{"", ""},
		{strings.Repeat("x", 33), ""},
		{"SPRING 25", ""},
		{"-25", ""},
		{"25%", ""},
		{"FRÜHLING", ""},
		{"\u0131d", ""},
	} {
		got, err := Code(tt.in)
		if got != tt.want || (tt.want == "") != errors.Is(err, ErrCode) {
			t.Errorf("Code(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestNormalFormsAreTheirOwnAndMatchTheirGrammar(t *testing.T) {
	sku, code := regexp.MustCompile(`^[A-Z0-9][A-Z0-9._-]{0,63}$`), regexp.MustCompile(`^[A-Z0-9][A-Z0-9._-]{1,31}$`)
	upper := func(s string) string { // ASCII only
		return strings.Map(func(r rune) rune {
			if 'a' <= r && r <= 'z' {
				return r - 32
			}
			return r
		}, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z0-9._ \x{212a}-]{0,70}`)).Draw(t, "s")
		got, err := SKU(s)
		if want := upper(s); (err == nil) != sku.MatchString(want) || err == nil && got != want {
			t.Fatalf("SKU(%q) = %q, %v", s, got, err)
		}
		got, err = Code(s)
		if want := upper(norm.NFC.String(strings.TrimSpace(s))); (err == nil) != code.MatchString(want) || err == nil && got != want {
			t.Fatalf("Code(%q) = %q, %v", s, got, err)
		}
	})
}

func TestTheKelvinSignAloneIsComposedIntoTheAlphabet(t *testing.T) {
	for r := rune(0x80); r <= 0x10ffff; r++ {
		if nfc := norm.NFC.String(string(r)); inAlphabet("A"+nfc) && r != '\u212a' {
			t.Errorf("%U is %q in NFC", r, nfc)
		}
	}
}
