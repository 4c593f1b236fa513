package ids

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode"
)

// crockford is the alphabet of order numbers: no I, L, O and U. It is state.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// OrderNumber is the number by which people call an order, like
// ORD-7F3K-22QX-M4T8: the first 55 bits of the SHA-256 of the bytes of its id
// and a check symbol (Luhn mod 32). It is not sequential, so it tells nobody how
// many orders there are, and not proven unique, so it is a label and a search
// term, never a key. For what is no canonical UUID it is empty.
func OrderNumber(orderID string) string {
	id, err := Parse(orderID)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(id[:])
	bits := binary.BigEndian.Uint64(sum[:8]) >> 9
	var body [11]byte
	for i := len(body) - 1; i >= 0; i-- {
		body[i] = crockford[bits&31]
		bits >>= 5
	}
	return writeOrderNumber(string(body[:]) + string(checkSymbol(string(body[:]))))
}

// ParseOrderNumber reads an order number the way people type it and returns
// it as [OrderNumber] writes it. Case, blanks, dashes, # and the leading ORD do
// not matter; o is read as 0, i and l as 1. It is false for anything else,
// which includes a number whose check symbol does not fit.
func ParseOrderNumber(typed string) (string, bool) {
	s := strings.Map(func(r rune) rune {
		if r == '#' || unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) {
			return -1
		}
		return r
	}, typed)
	const prefix, symbols = "ORD", 12
	if len(s) == len(prefix)+symbols && strings.EqualFold(s[:len(prefix)], prefix) {
		s = s[len(prefix):]
	}
	if len(s) != symbols {
		return "", false
	}
	s = strings.Map(readCrockford, s)
	if strings.ContainsRune(s, unicode.ReplacementChar) || checkSymbol(s[:symbols-1]) != s[symbols-1] {
		return "", false
	}
	return writeOrderNumber(s), true
}

// writeOrderNumber dresses 12 symbols as an order number.
func writeOrderNumber(s string) string {
	return "ORD-" + s[:4] + "-" + s[4:8] + "-" + s[8:]
}

// readCrockford maps what looks like a symbol to it, all else to U+FFFD.
func readCrockford(r rune) rune {
	if 'a' <= r && r <= 'z' {
		r -= 'a' - 'A'
	}
	switch r {
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	}
	if strings.ContainsRune(crockford, r) {
		return r
	}
	return unicode.ReplacementChar
}

// checkSymbol is the Luhn mod 32 check symbol of body: from its end, every
// second symbol counts double, with the digits of the product added up. It
// finds every wrong symbol and every swap of neighbours but 0 with Z.
func checkSymbol(body string) byte {
	const n = len(crockford)
	sum, factor := 0, 2
	for i := len(body) - 1; i >= 0; i-- {
		addend := factor * strings.IndexByte(crockford, body[i])
		sum += addend/n + addend%n
		factor = 3 - factor
	}
	return crockford[(n-sum%n)%n]
}
