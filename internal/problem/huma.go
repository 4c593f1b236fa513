package problem

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

var installOnce sync.Once

// Install sets the globals of huma: strict casing of field names, and this
// package's problems as its errors. Call it before any operation is registered;
// further calls do nothing. It is safe for concurrent use.
func Install() {
	installOnce.Do(func() {
		huma.ValidateStrictCasing = true
		huma.NewErrorWithContext = FromHuma
		huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
			return fromHuma(context.Background(), status, msg, errs)
		}
	})
}

// FromHuma turns what huma found wrong with a request into a problem. The status
// may change: see the package comment for 400 and 422. Values are dropped,
// messages are kept only if they are known not to repeat what was sent.
func FromHuma(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	c := context.Background()
	if ctx != nil {
		c = ctx.Context()
	}
	return fromHuma(c, status, msg, errs)
}

func fromHuma(ctx context.Context, status int, msg string, errs []error) *Problem {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return fromDetails(msg, errs).WithTrace(ctx)
	case http.StatusInternalServerError:
		if msg == "cannot read request body" {
			return New(BadRequest, "The body ended early.").WithTrace(ctx)
		}
	}
	for _, info := range generalCodes {
		if info.Status == status && info.Code != ReadModelLagging && info.Code != StoreUnavailable {
			return New(info.Code, "").WithTrace(ctx)
		}
	}
	if status != 0 && status < http.StatusBadRequest { // 304, written as an error by huma
		return &Problem{Status: status}
	}
	return New(Internal, "").WithTrace(ctx)
}

// fromDetails merges all findings into one problem: the first of the worst kind
// gives the code, all give their places.
func fromDetails(msg string, errs []error) *Problem {
	if len(errs) == 0 {
		if msg == "request body is required" {
			return At(BadRequest, "body", "expected a body")
		}
		return New(BadRequest, "")
	}
	var found []finding
	for _, err := range errs {
		found = append(found, classify(err)...)
	}
	worst := found[0]
	for _, f := range found[1:] {
		if f.rank() < worst.rank() {
			worst = f
		}
	}
	p := New(worst.code, "")
	for _, f := range found {
		p.WithErrors(f.Detail)
	}
	return p
}

type finding struct {
	Detail
	code Code
}

// rank orders findings: not understood first, then a missing precondition, then
// not acceptable. The general code of a class comes before the special ones, as
// it covers them.
func (f finding) rank() int {
	switch f.code {
	case BadRequest:
		return 0
	case ValidationFailed:
		return 4
	}
	switch byCode[f.code].Status {
	case http.StatusBadRequest:
		return 1
	case http.StatusPreconditionRequired:
		return 2
	default:
		return 3
	}
}

func classify(err error) []finding {
	var own *Problem
	if errors.As(err, &own) {
		if len(own.Errors) == 0 {
			return []finding{{Detail{"", own.Title}, own.Code}}
		}
		var all []finding
		for _, d := range own.Errors {
			all = append(all, finding{d, own.Code})
		}
		return all
	}
	var d huma.ErrorDetailer
	if !errors.As(err, &d) {
		return []finding{{Detail{"", "not acceptable"}, ValidationFailed}}
	}
	detail := d.ErrorDetail()
	if f, ok := fromJSON(detail.Message); ok {
		return []finding{f}
	}
	location := safeLocation(detail.Location)
	return []finding{{Detail{location, safeMessage(detail.Message)}, codeOf(location, detail.Message)}}
}

// codeOf tells which code a finding of huma's validation has.
func codeOf(location, message string) Code {
	missing := strings.HasPrefix(message, "required ")
	where, name, _ := strings.Cut(location, ".")
	switch {
	case where == "body":
		if message == msgUnexpected {
			return BadRequest
		}
		return ValidationFailed
	case missing && strings.EqualFold(location, "header.Idempotency-Key"):
		return IdempotencyKeyMissing
	case missing && strings.EqualFold(location, "header.If-Match"):
		return IfMatchMissing
	case strings.EqualFold(location, "header.Idempotency-Key"):
		return IdempotencyKeyInvalid
	case (name == "sku" || name == "code") && !missing && message != msgUnknownQuery:
		return ValidationFailed // a malformed SKU or code is 422 wherever it stands
	default:
		return BadRequest
	}
}

const (
	msgUnexpected   = "unexpected property"
	msgUnknownQuery = "unknown query parameter"
)

// echoing are the messages that end in the text of an inner error, which repeats
// the value.
var echoing = regexp.MustCompile(`^(expected string to be (?:RFC \d+ [a-z0-9-]+|regex)|expected duration): `)

// safeMessage keeps messages made of constants and of our own schema only.
func safeMessage(m string) string {
	if prefix := echoing.FindStringSubmatch(m); prefix != nil {
		return prefix[1]
	}
	for _, known := range []string{"expected ", "required ", "unexpected ", "unknown ", "invalid date/time for format "} {
		if strings.HasPrefix(m, known) {
			return m
		}
	}
	switch m {
	case "invalid integer", "invalid float", "invalid boolean":
		return "expected" + strings.TrimPrefix(m, "invalid")
	}
	return "not acceptable"
}

var plainLocation = regexp.MustCompile(`^[A-Za-z0-9_.\[\]-]{1,128}$`)

// safeLocation keeps a path that consists of plain names; an unknown field may be
// called anything, so what is not plain is cut off at its part of the request.
func safeLocation(l string) string {
	if plainLocation.MatchString(l) {
		return l
	}
	where, _, _ := strings.Cut(l, ".")
	if plainLocation.MatchString(where) {
		return where
	}
	return ""
}
