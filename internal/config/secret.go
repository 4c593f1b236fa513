package config

import (
	"fmt"
	"log/slog"
)

const hidden = "***"

// Secret is a text that does not show: it formats, logs and marshals as ***.
type Secret struct{ text string }

// NewSecret returns text as a Secret.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal returns the text, for the one place that needs it.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.text == "" }

// UnmarshalText sets the text.
func (s *Secret) UnmarshalText(text []byte) error {
	s.text = string(text)
	return nil
}

// MarshalText returns *** or, of an empty secret, nothing.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String returns *** or, of an empty secret, nothing.
func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return hidden
}

// Format writes String, whatever the verb: %v, %+v, %#v and %q alike.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue is String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
