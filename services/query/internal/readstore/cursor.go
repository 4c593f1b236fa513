package readstore

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/kontor-dev/kontor/services/query/internal/view"
)

const (
	macSize   = 16
	maxCursor = 512
)

// sealCursor writes the place behind the row with this key and id. scope is everything the cursor is bound to: list, caller, filters,
// sort.
func (s *Store) sealCursor(scope []string, key, id string) string {
	payload := key + "|" + id
	return base64.RawURLEncoding.EncodeToString(append(s.mac(scope, payload), payload...))
}

// openCursor reads what sealCursor wrote for the same scope; anything else is [view.ErrCursor].
func (s *Store) openCursor(scope []string, cursor string) (key, id string, err error) {
	if len(cursor) > maxCursor {
		return "", "", view.ErrCursor
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < macSize {
		return "", "", view.ErrCursor
	}
	payload := string(raw[macSize:])
	if !hmac.Equal(raw[:macSize], s.mac(scope, payload)) {
		return "", "", view.ErrCursor
	}
	key, id, ok := strings.Cut(payload, "|")
	if !ok {
		return "", "", view.ErrCursor
	}
	return key, id, nil
}

// mac is over the parts with their lengths, so that no two scopes read the same.
func (s *Store) mac(scope []string, payload string) []byte {
	h := hmac.New(sha256.New, s.cfg.CursorKey)
	for _, part := range append(scope[:len(scope):len(scope)], payload) {
		_ = binary.Write(h, binary.BigEndian, uint64(len(part))) // a hash takes everything
		h.Write([]byte(part))
	}
	return h.Sum(nil)[:macSize]
}
