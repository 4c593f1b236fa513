package webapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gowebpki/jcs"
	"golang.org/x/text/unicode/norm"

	"github.com/kontor-dev/kontor/internal/problem"
)

const keyHeader = "Idempotency-Key"

// Keyed, embedded in an input, requires the Idempotency-Key header.
type Keyed struct {
	IdempotencyKey string `header:"Idempotency-Key" required:"true" doc:"1 to 255 visible ASCII characters, bare or quoted; the same key makes a repeat" example:"2f6b1c1e-7a7e-4b62-9d0e-4a1f3a1a9c55"`
	keyed
}

// KeyedOptional, embedded in an input, honours the Idempotency-Key header.
type KeyedOptional struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"1 to 255 visible ASCII characters, bare or quoted; the same key makes a repeat"`
	keyed
}

// keyed has what both know about their request.
type keyed struct{ key, method, path string }

// Resolve parses the header; huma calls it.
func (k *Keyed) Resolve(ctx huma.Context) []error { return k.resolve(ctx, k.IdempotencyKey) }

// Resolve parses the header; huma calls it.
func (k *KeyedOptional) Resolve(ctx huma.Context) []error { return k.resolve(ctx, k.IdempotencyKey) }

func (k *keyed) resolve(ctx huma.Context, value string) []error {
	u := ctx.URL()
	k.method, k.path = ctx.Method(), u.Path
	if value == "" {
		return nil // if it is required, huma has noticed
	}
	key, err := ParseIdempotencyKey(headerValues(ctx, keyHeader))
	if err != nil {
		return []error{problem.At(problem.IdempotencyKeyInvalid, "header."+keyHeader, err.Error())}
	}
	k.key = key
	return nil
}

// Key returns the key, unquoted; "" if none was sent.
func (k *keyed) Key() string { return k.key }

// Fingerprint is Fingerprint with the method and path of this request.
func (k *keyed) Fingerprint(body any) (string, error) { return Fingerprint(k.method, k.path, body) }

// ParseIdempotencyKey returns the key of the values of the header: exactly one
// value, bare or in double quotes, of 1 to 255 visible ASCII characters. Its
// error says what was expected and may be shown to the client.
func ParseIdempotencyKey(values []string) (string, error) {
	if len(values) != 1 {
		return "", errors.New("expected exactly one key")
	}
	key := strings.TrimSpace(values[0])
	if inner, quoted := strings.CutPrefix(key, `"`); quoted {
		if key, quoted = strings.CutSuffix(inner, `"`); !quoted || strings.ContainsAny(key, `"\`) {
			return "", errors.New("expected a plain quoted string")
		}
	}
	if !isVisible(key, 255) {
		return "", errors.New("expected 1 to 255 visible ASCII characters")
	}
	return key, nil
}

// Fingerprint returns the SHA-256, in hexadecimal, of what a request asks for:
// its method, its path, and the canonical JSON (RFC 8785) of its decoded body with
// all strings in Unicode's normal form C. Two requests that mean the same have the
// same one. Optional fields of body must have omitempty or omitzero, so that a
// field added later does not change old fingerprints. body must be validated:
// numbers beyond 2^53 are rounded. nil is a request without a body.
func Fingerprint(method, path string, body any) (string, error) {
	canonical, err := canonicalJSON(body)
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", method, path)
	h.Write(canonical)
	return hex.EncodeToString(h.Sum(nil)), nil
}

func canonicalJSON(body any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	if !norm.NFC.IsNormal(raw) || bytes.Contains(raw, []byte(`\u`)) {
		if raw, err = normalized(raw); err != nil {
			return nil, err
		}
	}
	return jcs.Transform(raw)
}

func normalized(raw []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(nfc(v))
}

func nfc(v any) any {
	switch v := v.(type) {
	case string:
		return norm.NFC.String(v)
	case []any:
		for i := range v {
			v[i] = nfc(v[i])
		}
		return v
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[norm.NFC.String(key)] = nfc(value)
		}
		return out
	}
	return v
}

// headerValues returns all values of one header; huma itself reads the first.
func headerValues(ctx huma.Context, name string) []string {
	var values []string
	ctx.EachHeader(func(n, value string) {
		if strings.EqualFold(n, name) {
			values = append(values, value)
		}
	})
	return values
}
