package problem_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/trace"

	"github.com/kontor-dev/kontor/internal/problem"
)

// TestTheTableIsComplete reads the constants from the source: every code has a
// row, every row is whole, and a status is one that HTTP has.
func TestTheTableIsComplete(t *testing.T) {
	source, err := os.ReadFile("code.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, m := range regexp.MustCompile(`(?m)^\t\w+\s+Code = "([a-z_]+)"$`).FindAllStringSubmatch(string(source), -1) {
		declared = append(declared, m[1])
	}
	var listed []string
	for _, info := range problem.Codes() {
		listed = append(listed, string(info.Code))
		if info.Title == "" || info.Cause == "" || info.Cure == "" || strings.HasSuffix(info.Title, ".") {
			t.Errorf("the row of %s is not whole: %+v", info.Code, info)
		}
		if !strings.HasSuffix(info.Cause, ".") || !strings.HasSuffix(info.Cure, ".") {
			t.Errorf("%s: cause and cure are sentences", info.Code)
		}
		if http.StatusText(info.Status) == "" || info.Status < 400 {
			t.Errorf("%s has the status %d", info.Code, info.Status)
		}
	}
	slices.Sort(declared)
	slices.Sort(listed)
	if diff := cmp.Diff(declared, listed); diff != "" {
		t.Error(diff)
	}
}

// TestTheDocumentedCodes pins code and status: clients depend on both.
func TestTheDocumentedCodes(t *testing.T) {
	for status, codes := range map[int]string{
		400: "bad_request idempotency_key_missing idempotency_key_invalid cursor_invalid",
		401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 406: "not_acceptable", 408: "request_timeout",
		409: "invalid_transition insufficient_stock price_changed product_discontinued discount_not_applicable attempts_exhausted token_declined " +
			"already_shipped exceeds_shippable authorization_expired payment_problem duplicate_tracking shipment_closed already_delivered " +
			"exceeds_returnable return_window_closed exceeds_refundable nothing_to_capture valid_from_in_past use_tax_change below_zero operation_closed conflict",
		412: "version_mismatch", 413: "body_too_large", 414: "uri_too_long", 415: "unsupported_media_type",
		422: "validation_failed order_incomplete idempotency_key_reused amount_out_of_range unknown_sku no_price_in_currency",
		428: "if_match_missing", 429: "rate_limited", 431: "headers_too_large", 500: "internal",
		503: "read_model_lagging store_unavailable overloaded service_unavailable",
	} {
		for code := range strings.FieldsSeq(codes) {
			if info, ok := problem.Lookup(problem.Code(code)); !ok || info.Status != status {
				t.Errorf("%s: known %v, status %d, want %d", code, ok, info.Status, status)
			}
		}
	}
}

func TestNewFillsInWhatItsStatusDemands(t *testing.T) {
	for _, c := range []struct {
		code    problem.Code
		outcome problem.Outcome
		header  string
	}{
		{problem.NotFound, "", ""},
		{problem.RateLimited, "", "Retry-After"},
		{problem.Overloaded, problem.NotExecuted, "Retry-After"},
		{problem.StoreUnavailable, problem.Unknown, "Retry-After"},
		{problem.Unauthenticated, "", "WWW-Authenticate"},
	} {
		p := problem.New(c.code, "detail")
		if p.Type != "/problems/"+string(c.code) || p.Title == "" || p.Detail != "detail" || p.Outcome != c.outcome {
			t.Errorf("%+v", p)
		}
		if c.header == "" && p.GetHeaders() != nil || c.header != "" && p.GetHeaders().Get(c.header) == "" {
			t.Errorf("%s: headers %v, want %q", c.code, p.GetHeaders(), c.header)
		}
		if s := p.GetHeaders().Get("Retry-After"); s != "" {
			if n, err := strconv.Atoi(s); err != nil || n < 1 || n > 5 {
				t.Errorf("Retry-After %q, want 1 to 5", s)
			}
		}
	}
}

func TestAnUnknownCodeIsABug(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	problem.New("no_such_code", "")
}

func TestWriteAnswersWithAWholeProblem(t *testing.T) {
	r := httptest.NewRequest("POST", "/", nil)
	r = r.WithContext(problem.ContextWithTraceID(r.Context(), "abc"))
	p := problem.New(problem.ExceedsReturnable, "").WithMaximum(map[string]int{"line": 2}).
		WithErrors(problem.Detail{Location: "body.lines[0]", Message: "expected <= 2"})
	rec := httptest.NewRecorder()
	problem.Write(rec, r, p)
	want := `{"type":"/problems/exceeds_returnable","title":"More units than can be returned","status":409,"code":"exceeds_returnable",` +
		`"errors":[{"location":"body.lines[0]","message":"expected <= 2"}],"maximum":{"line":2},"trace_id":"abc"}` + "\n"
	if diff := cmp.Diff(want, rec.Body.String()); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/problem+json", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Content-Length": strconv.Itoa(len(rec.Body.String())),
	} {
		if got := rec.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if p.TraceID != "" {
		t.Error("Write changed the problem")
	}
	rec = httptest.NewRecorder()
	problem.Write(rec, httptest.NewRequest("HEAD", "/", nil), p)
	if rec.Code != 409 || rec.Body.Len() != 0 {
		t.Errorf("HEAD: %d with %d bytes", rec.Code, rec.Body.Len())
	}
}

func TestALimitThatCannotBeWrittenDoesNotHideTheRefusal(t *testing.T) {
	rec := httptest.NewRecorder()
	problem.Write(rec, httptest.NewRequest("GET", "/", nil), problem.New(problem.BelowZero, "").WithMaximum(func() {}))
	var p problem.Problem
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || p.Code != problem.BelowZero {
		t.Errorf("%s, err %v", rec.Body.String(), err)
	}
}

func TestTheSpansTraceIDComesFirst(t *testing.T) {
	ctx := problem.ContextWithTraceID(t.Context(), "mine")
	sc := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}})
	if got := problem.TraceID(trace.ContextWithSpanContext(ctx, sc)); got != sc.TraceID().String() {
		t.Errorf("got %q", got)
	}
	if got := problem.TraceID(ctx); got != "mine" {
		t.Errorf("got %q", got)
	}
	if got := problem.TraceID(context.Background()); got != "" {
		t.Errorf("got %q", got)
	}
}

const secret = "SECRET"

func detail(location, message string) error {
	return &huma.ErrorDetail{Location: location, Message: message, Value: secret}
}

func TestFromHuma(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		msg    string
		errs   []error
		code   problem.Code
		errors []problem.Detail
	}{
		{"a bad value in a body", 422, "validation failed", []error{detail("body.currency", "expected string")},
			problem.ValidationFailed, []problem.Detail{{Location: "body.currency", Message: "expected string"}}},
		{"an unknown field", 422, "validation failed", []error{detail("body.price", "unexpected property")},
			problem.BadRequest, []problem.Detail{{Location: "body.price", Message: "unexpected property"}}},
		{"an unknown field that is called badly", 422, "", []error{detail("body.<script>", "unexpected property")},
			problem.BadRequest, []problem.Detail{{Location: "body", Message: "unexpected property"}}},
		{"both", 422, "", []error{detail("body.a", "expected string"), detail("body.b", "unexpected property")},
			problem.BadRequest, []problem.Detail{{Location: "body.a", Message: "expected string"}, {Location: "body.b", Message: "unexpected property"}}},
		{"a path", 422, "", []error{detail("path.id", "expected string to match pattern ^x$")},
			problem.BadRequest, []problem.Detail{{Location: "path.id", Message: "expected string to match pattern ^x$"}}},
		{"a SKU in a path", 422, "", []error{detail("path.sku", "expected length <= 32")},
			problem.ValidationFailed, []problem.Detail{{Location: "path.sku", Message: "expected length <= 32"}}},
		{"a code in a query that is none", 422, "", []error{detail("query.code", "unknown query parameter")},
			problem.BadRequest, []problem.Detail{{Location: "query.code", Message: "unknown query parameter"}}},
		{"no If-Match, and no key", 422, "", []error{detail("header.If-Match", "required header parameter is missing"), detail("header.Idempotency-Key", "required header parameter is missing")},
			problem.IdempotencyKeyMissing, []problem.Detail{{Location: "header.If-Match", Message: "required header parameter is missing"}, {Location: "header.Idempotency-Key", Message: "required header parameter is missing"}}},
		{"no If-Match, and a bad body", 422, "", []error{detail("header.If-Match", "required header parameter is missing"), detail("body.a", "expected string")},
			problem.IfMatchMissing, []problem.Detail{{Location: "header.If-Match", Message: "required header parameter is missing"}, {Location: "body.a", Message: "expected string"}}},
		{"a problem of a resolver", 422, "", []error{problem.At(problem.CursorInvalid, "query.cursor", "expected a cursor")},
			problem.CursorInvalid, []problem.Detail{{Location: "query.cursor", Message: "expected a cursor"}}},
		{"a message that repeats the value", 422, "", []error{detail("body.url", "expected string to be RFC 3986 uri: parse \""+secret+"\": x")},
			problem.ValidationFailed, []problem.Detail{{Location: "body.url", Message: "expected string to be RFC 3986 uri"}}},
		{"an error of somebody", 422, "", []error{errors.New(secret)},
			problem.ValidationFailed, []problem.Detail{{Message: "not acceptable"}}},
		{"a value that its type refuses", 422, "", []error{detail("query.from", "invalid value: "+secret)},
			problem.BadRequest, []problem.Detail{{Location: "query.from", Message: "not acceptable"}}},
		{"no number", 422, "", []error{detail("query.limit", "invalid integer")},
			problem.BadRequest, []problem.Detail{{Location: "query.limit", Message: "expected integer"}}},
		{"no body", 400, "request body is required", nil,
			problem.BadRequest, []problem.Detail{{Location: "body", Message: "expected a body"}}},
		{"a body that ended early", 500, "cannot read request body", []error{errors.New(secret)}, problem.BadRequest, nil},
		{"anything else inside", 500, secret, []error{errors.New(secret)}, problem.Internal, nil},
		{"too large", 413, "", nil, problem.BodyTooLarge, nil},
		{"too slow", 408, "", nil, problem.RequestTimeout, nil},
		{"unavailable", 503, secret, nil, problem.Overloaded, nil},
		{"a status without a code", 418, secret, nil, problem.Internal, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := problem.FromHuma(nil, c.status, c.msg, c.errs...)
			p, ok := err.(*problem.Problem)
			if !ok {
				t.Fatalf("%T", err)
			}
			if p.Code != c.code {
				t.Errorf("code %s, want %s", p.Code, c.code)
			}
			if diff := cmp.Diff(c.errors, p.Errors); diff != "" {
				t.Error(diff)
			}
			if raw, err := json.Marshal(p); err != nil || strings.Contains(string(raw), secret) {
				t.Errorf("%s, err %v", raw, err)
			}
		})
	}
}
