package webapi

import (
	"errors"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kontor-dev/kontor/internal/problem"
)

const matchHeader = "If-Match"

// IfMatch, embedded in an input, honours the If-Match header.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag the command is based on" example:"\"7\""`
	match
}

// IfMatchRequired, embedded in an input, answers 428 without an If-Match header.
type IfMatchRequired struct {
	IfMatch string `header:"If-Match" required:"true" doc:"The ETag the command is based on" example:"\"7\""`
	match
}

type match struct{ version int64 }

// Resolve parses the header; huma calls it.
func (m *IfMatch) Resolve(ctx huma.Context) []error { return m.resolve(ctx, m.IfMatch) }

// Resolve parses the header; huma calls it.
func (m *IfMatchRequired) Resolve(ctx huma.Context) []error { return m.resolve(ctx, m.IfMatch) }

func (m *match) resolve(ctx huma.Context, value string) []error {
	if value == "" {
		return nil // if it is required, huma has noticed
	}
	version, err := ParseIfMatch(headerValues(ctx, matchHeader))
	if err != nil {
		return []error{problem.At(problem.BadRequest, "header."+matchHeader, err.Error())}
	}
	m.version = version
	return nil
}

// Version returns the version that the command is based on; 0 if none was named.
func (m *match) Version() int64 { return m.version }

var errIfMatch = errors.New(`expected one version in double quotes, such as "7"`)

// ParseIfMatch returns the version that the values of the header name: exactly
// one strong tag of ours, "7" with its quotes. Weak tags, lists and * are errors.
func ParseIfMatch(values []string) (int64, error) {
	if len(values) != 1 {
		return 0, errIfMatch
	}
	return parseTag(strings.TrimSpace(values[0]))
}

func parseTag(tag string) (int64, error) {
	inner, ok := strings.CutPrefix(tag, `"`)
	if !ok {
		return 0, errIfMatch
	}
	if inner, ok = strings.CutSuffix(inner, `"`); !ok || inner == "" || inner[0] < '1' || inner[0] > '9' {
		return 0, errIfMatch
	}
	version, err := strconv.ParseInt(inner, 10, 64)
	if err != nil {
		return 0, errIfMatch
	}
	return version, nil
}

// ETag returns the entity tag of a version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// Matches reports whether an If-None-Match header names etag or is *, so that a
// read is answered with NotModified. Comparison is weak, as for every read.
func Matches(ifNoneMatch, etag string) bool {
	for tag := range strings.SplitSeq(ifNoneMatch, ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == "*" || tag == etag && etag != "" {
			return true
		}
	}
	return false
}
