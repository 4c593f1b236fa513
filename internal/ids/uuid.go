package ids

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"strconv"
)

// ErrNotCanonical says that a string is not a UUID in canonical form.
var ErrNotCanonical = errors.New("not a UUID in lower-case canonical form")

// Parse reads a UUID in its canonical form: 36 characters, lower case, dashes
// at their places. Braces, urn:uuid: and upper case are ErrNotCanonical, for
// one id must have one spelling. Any version and the nil UUID are accepted.
func Parse(s string) ([16]byte, error) {
	var u [16]byte
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, ErrNotCanonical
	}
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'F' {
			return u, ErrNotCanonical
		}
	}
	digits := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	if _, err := hex.Decode(u[:], []byte(digits)); err != nil {
		return [16]byte{}, ErrNotCanonical
	}
	return u, nil
}

// Valid says whether [Parse] accepts s.
func Valid(s string) bool {
	_, err := Parse(s)
	return err == nil
}

// v5 is the UUIDv5 of the netstrings of parts in namespace.
func v5(namespace string, parts ...string) string {
	ns, err := Parse(namespace)
	if err != nil {
		panic("ids: namespace " + namespace + ": " + err.Error())
	}
	name := ns[:]
	for _, p := range parts {
		name = strconv.AppendInt(name, int64(len(p)), 10)
		name = append(name, ':')
		name = append(name, p...)
		name = append(name, ',')
	}
	sum := sha1.Sum(name)
	sum[6] = sum[6]&0x0f | 0x50 // version 5
	sum[8] = sum[8]&0x3f | 0x80 // variant of RFC 9562
	return canonical([16]byte(sum[:16]))
}

// canonical writes u the way Parse reads it.
func canonical(u [16]byte) string {
	h := hex.EncodeToString(u[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
