package messaging

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Header is one header of a record, as transports carry it.
type Header struct {
	Key   string
	Value []byte
}

// Attributes of CloudEvents 1.0 in binary mode; stream, sequence and position are extensions.
const (
	attrSpecVersion = "ce_specversion"
	attrID          = "ce_id"
	attrType        = "ce_type"
	attrSource      = "ce_source"
	attrSubject     = "ce_subject"
	attrTime        = "ce_time"
	attrStream      = "ce_stream"
	attrSequence    = "ce_sequence"
	attrPosition    = "ce_position"
	contentType     = "content-type"

	specVersion = "1.0"
	mediaType   = "application/json"
	maxHeaders  = 64
	maxHeader   = 8 << 10 // bytes of one value
)

// reserved are the headers that carry a field of Message; Headers must not hold them.
var reserved = []string{
	attrSpecVersion, attrID, attrType, attrSource, attrSubject, attrTime, attrStream, attrSequence, attrPosition, contentType,
}

// EncodeHeaders returns the CloudEvents headers of m, each once and always in the same order. m must be valid ([Validate]).
func EncodeHeaders(m Message) []Header {
	out := make([]Header, 0, len(reserved)+len(m.Headers))
	add := func(key, value string) { out = append(out, Header{key, []byte(value)}) }
	add(attrSpecVersion, specVersion)
	add(attrID, m.ID)
	add(attrType, m.Type)
	add(attrSource, m.Source)
	add(attrSubject, m.Key)
	add(attrTime, m.Time.UTC().Format(time.RFC3339Nano))
	add(attrStream, m.Stream)
	add(attrSequence, strconv.FormatInt(m.Version, 10))
	add(attrPosition, strconv.FormatInt(m.Position, 10))
	add(contentType, mediaType)
	for _, key := range slices.Sorted(maps.Keys(m.Headers)) {
		add(key, m.Headers[key])
	}
	return out
}

// DecodeHeaders fills in what headers say about m; its Key must be set. It answers with everything that is wrong with them: a header twice,
// an attribute missing or malformed, a subject that is not the key. What is right is filled in all the same, so that the
// message can be parked and looked at; headers beyond the 64th are left out.
func DecodeHeaders(m *Message, headers []Header) error {
	var wrong []error
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if len(headers) > maxHeaders {
		complain("%d headers, at most %d", len(headers), maxHeaders)
		headers = headers[:maxHeaders]
	}
	seen := make(map[string]string, len(headers))
	for _, h := range headers {
		if err := checkHeader(h.Key, string(h.Value)); err != nil {
			wrong = append(wrong, err)
			continue
		}
		if _, twice := seen[h.Key]; twice {
			complain("header %s twice", h.Key)
			continue
		}
		seen[h.Key] = string(h.Value)
	}
	take := func(key string) string {
		value, ok := seen[key]
		if !ok || value == "" {
			complain("no %s", key)
		}
		delete(seen, key)
		return value
	}
	if v := take(attrSpecVersion); v != "" && v != specVersion {
		complain("%s %q", attrSpecVersion, v)
	}
	m.ID, m.Type, m.Source, m.Stream = take(attrID), take(attrType), take(attrSource), take(attrStream)
	if v := take(attrSubject); v != "" && v != m.Key {
		complain("%s is not the key", attrSubject)
	}
	var err error
	if m.Time, err = time.Parse(time.RFC3339Nano, take(attrTime)); err != nil {
		complain("%s: no time", attrTime)
	}
	if m.Version, err = decimal(take(attrSequence)); err != nil {
		complain("%s: %w", attrSequence, err)
	}
	if m.Position, err = decimal(take(attrPosition)); err != nil {
		complain("%s: %w", attrPosition, err)
	}
	if v := seen[contentType]; v != "" && v != mediaType && !strings.HasPrefix(v, mediaType+";") {
		complain("%s %q", contentType, v)
	}
	delete(seen, contentType)
	if len(seen) > 0 {
		m.Headers = seen
	}
	return errors.Join(wrong...)
}

// decimal is a non-negative number without sign or leading zeros: one spelling for each.
func decimal(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("no number: %.40q", s)
	}
	return n, nil
}

func checkHeader(key, value string) error {
	switch {
	case key == "" || !plain(key):
		return fmt.Errorf("header name %.40q", key)
	case !plain(value):
		return fmt.Errorf("header %.40s is not text", key)
	case len(value) > maxHeader:
		return fmt.Errorf("header %.40s has %d bytes", key, len(value))
	}
	return nil
}

// plain is text that every store and transport takes: UTF-8 without NUL.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
