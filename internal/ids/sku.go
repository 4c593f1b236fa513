package ids

import (
	"errors"
	"strings"
)

// What a SKU and a discount code look like.
var (
	ErrSKU  = errors.New("a SKU is 1 to 64 of A-Z 0-9 . _ - and begins with a letter or digit")
	ErrCode = errors.New("a discount code is 2 to 32 of A-Z 0-9 . _ - and begins with a letter or digit")
)

// SKU is the normal form of a SKU, [A-Z0-9][A-Z0-9._-]{0,63}: ASCII a-z is
// folded to upper case, nothing is trimmed, everything else is ErrSKU. Whatever
// takes a SKU from outside calls it, before the SKU is compared or hashed.
func SKU(s string) (string, error) {
	if len(s) > 64 || !inAlphabet(s) {
		return "", ErrSKU
	}
	return strings.ToUpper(s), nil
}

// Code is the normal form of a discount code: trimmed, upper case, 2 to 32 of
// the alphabet of a SKU, else ErrCode.
func Code(s string) (string, error) {
	s = strings.TrimSpace(s)
	// The alphabet is ASCII, and the Kelvin sign is the only other rune whose
	// NFC is in it.
	s = strings.ReplaceAll(s, "\u212a", "K")
	if len(s) < 2 || len(s) > 32 || !inAlphabet(s) {
		return "", ErrCode
	}
	return strings.ToUpper(s), nil
}

// inAlphabet says whether s has only letters, digits and, not at its
// beginning, dots, underscores and dashes, all of them ASCII.
func inAlphabet(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && (i == 0 || c != '.' && c != '_' && c != '-') {
			return false
		}
	}
	return s != ""
}
