package webapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/internal/problem"
)

const uuid = "0190b2a4-3c54-7e11-8f0a-0123456789ab"

// TestBadInput holds the generic rows of the bad input matrix: routes and
// negotiation (B), body (C), JSON (D), strings (F), keys (G) and versions (H).
func TestBadInput(t *testing.T) {
	api, _ := shop(t, nil)
	const good = `{"currency":"EUR","lines":[{"sku":"A-1","quantity":2}]}`
	deep := strings.Repeat(`{"note":`, 33) + "1" + strings.Repeat("}", 33)
	big := `{"currency":"EUR","note":"` + strings.Repeat("x", 64<<10) + `"}`
	for _, c := range []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		code                       problem.Code
	}{
		{"A11 a URL beyond 8 KiB", "GET", "/v1/orders/x?q=" + strings.Repeat("a", 9<<10), "", nil, 414, problem.URITooLong},
		{"B1 an unknown path", "GET", "/nowhere", "", nil, 404, problem.NotFound},
		{"B2 a wrong method", "DELETE", "/v1/orders", "", nil, 405, problem.MethodNotAllowed},
		{"B4 a trailing slash", "GET", "/v1/orders/", "", nil, 404, problem.NotFound},
		{"B4 two slashes", "GET", "/v1//orders", "", nil, 404, problem.NotFound},
		{"B4 a dot segment", "GET", "/v1/orders/../orders/x", "", nil, 404, problem.NotFound},
		{"B4 an escaped dot segment", "GET", "/v1/orders/%2e%2e", "", nil, 404, problem.NotFound},
		{"B5 a slash in an id", "POST", "/v1/orders/a%2fb/notes", `{}`, []string{`If-Match: "1"`}, 400, problem.BadRequest},
		{"B5 NUL in an id", "POST", "/v1/orders/a%00b/notes", `{}`, []string{`If-Match: "1"`}, 400, problem.BadRequest},
		{"B6 a UUID in braces", "POST", "/v1/orders/%7B" + uuid + "%7D/notes", `{}`, []string{`If-Match: "1"`}, 400, problem.BadRequest},
		{"B6 a UUID in upper case", "POST", "/v1/orders/" + strings.ToUpper(uuid) + "/notes", `{}`, []string{`If-Match: "1"`}, 400, problem.BadRequest},
		{"B8 a method override", "POST", "/v1/orders/x", good, []string{"X-HTTP-Method-Override: GET"}, 405, problem.MethodNotAllowed},
		{"B9 no content type", "POST", "/v1/orders", good, []string{"-Content-Type"}, 415, problem.UnsupportedMediaType},
		{"B10 text", "POST", "/v1/orders", good, []string{"Content-Type: text/plain"}, 415, problem.UnsupportedMediaType},
		{"B10 a form", "POST", "/v1/orders", "a=b", []string{"Content-Type: application/x-www-form-urlencoded"}, 415, problem.UnsupportedMediaType},
		{"B10 XML", "POST", "/v1/orders", "<a/>", []string{"Content-Type: application/xml"}, 415, problem.UnsupportedMediaType},
		{"B10 a suffix", "POST", "/v1/orders", good, []string{"Content-Type: application/merge-patch+json"}, 415, problem.UnsupportedMediaType},
		{"B11 another charset", "POST", "/v1/orders", good, []string{"Content-Type: application/json; charset=latin1"}, 415, problem.UnsupportedMediaType},
		{"B12 no JSON accepted", "POST", "/v1/orders", good, []string{"Accept: text/xml"}, 406, problem.NotAcceptable},
		{"B12 JSON excluded", "POST", "/v1/orders", good, []string{"Accept: application/json;q=0"}, 406, problem.NotAcceptable},
		{"C1 an empty body", "POST", "/v1/orders", "", nil, 400, problem.BadRequest},
		{"C2 null", "POST", "/v1/orders", "null", nil, 422, problem.ValidationFailed},
		{"C3 a body beyond 64 KiB", "POST", "/v1/orders", big, nil, 413, problem.BodyTooLarge},
		{"C4 gzip", "POST", "/v1/orders", good, []string{"Content-Encoding: gzip"}, 415, problem.UnsupportedMediaType},
		{"C6 a byte order mark", "POST", "/v1/orders", "\xef\xbb\xbf" + good, nil, 400, problem.BadRequest},
		{"C6 UTF-16", "POST", "/v1/orders", "{\x00}\x00", nil, 400, problem.BadRequest},
		{"C7 invalid UTF-8", "POST", "/v1/orders", "{\"currency\":\"EUR\",\"note\":\"\xff" + secret + "\"}", nil, 400, problem.BadRequest},
		{"C8 NUL in text", "POST", "/v1/orders", `{"currency":"EUR","note":"` + secret + `\u0000"}`, nil, 422, problem.ValidationFailed},
		{"C9 a lone surrogate", "POST", "/v1/orders", `{"currency":"EUR","note":"\ud800x"}`, nil, 400, problem.BadRequest},
		{"C10 10 MB of blanks", "POST", "/v1/orders", strings.Repeat(" ", 10<<20), nil, 413, problem.BodyTooLarge},
		{"D1 truncated", "POST", "/v1/orders", `{"currency":"` + secret, nil, 400, problem.BadRequest},
		{"D2 trailing data", "POST", "/v1/orders", good + `{}`, nil, 400, problem.BadRequest},
		{"D3 a key twice", "POST", "/v1/orders", `{"currency":"EUR","currency":"USD"}`, nil, 400, problem.BadRequest},
		{"D3 a key twice, once escaped", "POST", "/v1/orders", `{"currency":"EUR","curr\u0065ncy":"USD"}`, nil, 400, problem.BadRequest},
		{"D4 another case", "POST", "/v1/orders", `{"Currency":"EUR"}`, nil, 400, problem.BadRequest},
		{"D4 a letter that folds to ASCII", "POST", "/v1/orders", `{"currency":"EUR","lines":[{"ſku":"A","quantity":1}]}`, nil, 400, problem.BadRequest},
		{"D5 an unknown field", "POST", "/v1/orders", `{"currency":"EUR","status":"` + secret + `"}`, nil, 400, problem.BadRequest},
		{"D5 an unknown field and a bad value", "POST", "/v1/orders", `{"currency":"` + secret + `","paid":true}`, nil, 400, problem.BadRequest},
		{"D6 an array for an object", "POST", "/v1/orders", `[]`, nil, 422, problem.ValidationFailed},
		{"D7 deeper than 32 levels", "POST", "/v1/orders", deep, nil, 400, problem.BadRequest},
		{"D9 NaN", "POST", "/v1/orders", `{"currency":NaN}`, nil, 400, problem.BadRequest},
		{"D9 a comment", "POST", "/v1/orders", `{/**/"currency":"EUR"}`, nil, 400, problem.BadRequest},
		{"D9 single quotes", "POST", "/v1/orders", `{'currency':'EUR'}`, nil, 400, problem.BadRequest},
		{"D10 a string for a number", "POST", "/v1/orders", `{"currency":"EUR","lines":[{"sku":"A","quantity":"` + secret + `"}]}`, nil, 422, problem.ValidationFailed},
		{"D10 a number for a string", "POST", "/v1/orders", `{"currency":7}`, nil, 422, problem.ValidationFailed},
		{"D11 null for required", "POST", "/v1/orders", `{"currency":null}`, nil, 422, problem.ValidationFailed},
		{"D12 nothing required is there", "POST", "/v1/orders", `{}`, nil, 422, problem.ValidationFailed},
		{"D13 __proto__", "POST", "/v1/orders", `{"currency":"EUR","__proto__":{}}`, nil, 400, problem.BadRequest},
		{"D13 $where", "POST", "/v1/orders", `{"currency":"EUR","$where":"1"}`, nil, 400, problem.BadRequest},
		{"D14 2^63", "POST", "/v1/orders", `{"currency":"EUR","lines":[{"sku":"A","quantity":9223372036854775808}]}`, nil, 422, problem.ValidationFailed},
		{"D15 1e400", "POST", "/v1/orders", `{"currency":"EUR","lines":[{"sku":"A","quantity":1e400}]}`, nil, 422, problem.ValidationFailed},
		{"E3 a fraction", "POST", "/v1/orders", `{"currency":"EUR","lines":[{"sku":"A","quantity":1.5}]}`, nil, 422, problem.ValidationFailed},
		{"E5 an exponent", "POST", "/v1/orders", `{"currency":"EUR","lines":[{"sku":"A","quantity":1e2}]}`, nil, 422, problem.ValidationFailed},
		{"F3 a line feed", "POST", "/v1/orders", `{"currency":"EUR","note":"a\nb"}`, nil, 422, problem.ValidationFailed},
		{"F8 a SKU that climbs", "POST", "/v1/orders", `{"currency":"EUR","lines":[{"sku":"../../` + secret + `","quantity":1}]}`, nil, 422, problem.ValidationFailed},
		{"G1 no key", "POST", "/v1/orders", good, []string{"-Idempotency-Key"}, 400, problem.IdempotencyKeyMissing},
		{"G2 a blank key", "POST", "/v1/orders", good, []string{"Idempotency-Key: "}, 400, problem.IdempotencyKeyMissing},
		{"G3 256 characters", "POST", "/v1/orders", good, []string{"Idempotency-Key: " + strings.Repeat("k", 256)}, 400, problem.IdempotencyKeyInvalid},
		{"G4 not ASCII", "POST", "/v1/orders", good, []string{"Idempotency-Key: ké"}, 400, problem.IdempotencyKeyInvalid},
		{"G4 a blank inside", "POST", "/v1/orders", good, []string{"Idempotency-Key: a b"}, 400, problem.IdempotencyKeyInvalid},
		{"G5 two headers", "POST", "/v1/orders", good, []string{"Idempotency-Key:+k2"}, 400, problem.IdempotencyKeyInvalid},
		{"H1 no If-Match", "POST", "/v1/orders/" + uuid + "/notes", `{}`, nil, 428, problem.IfMatchMissing},
		{"H1 no If-Match and a malformed path", "POST", "/v1/orders/x/notes", `{}`, nil, 400, problem.BadRequest},
		{"H3 a weak tag", "POST", "/v1/orders/" + uuid + "/notes", `{}`, []string{`If-Match: W/"1"`}, 400, problem.BadRequest},
		{"H3 a star", "POST", "/v1/orders/" + uuid + "/notes", `{}`, []string{`If-Match: *`}, 400, problem.BadRequest},
		{"H3 garbage", "POST", "/v1/orders/" + uuid + "/notes", `{}`, []string{`If-Match: ` + secret}, 400, problem.BadRequest},
		{"H4 version 0", "POST", "/v1/orders/" + uuid + "/notes", `{}`, []string{`If-Match: "0"`}, 400, problem.BadRequest},
		{"H4 a negative version", "POST", "/v1/orders/" + uuid + "/notes", `{}`, []string{`If-Match: "-1"`}, 400, problem.BadRequest},
		{"H4 a huge version", "POST", "/v1/orders/" + uuid + "/notes", `{}`, []string{`If-Match: "99999999999999999999"`}, 400, problem.BadRequest},
		{"J1 a limit of 0", "GET", "/v1/orders/x?limit=0", "", nil, 400, problem.BadRequest},
		{"J1 a limit that is no number", "GET", "/v1/orders/x?limit=" + secret, "", nil, 400, problem.BadRequest},
		{"J3 an unknown parameter", "GET", "/v1/orders/x?color=red", "", nil, 400, problem.BadRequest},
		{"J4 a repeated parameter", "GET", "/v1/orders/x?limit=1&limit=2", "", nil, 400, problem.BadRequest},
		{"J a malformed query", "GET", "/v1/orders/x?limit=%zz", "", nil, 400, problem.BadRequest},
		{"J NUL in a query", "GET", "/v1/orders/x?limit=%00", "", nil, 400, problem.BadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused(t, ask(t, api, c.method, c.target, c.body, c.headers...), c.status, c.code)
		})
	}
}

func TestGoodInput(t *testing.T) {
	api, _ := shop(t, nil)
	for _, c := range []struct {
		name, method, target, body string
		headers                    []string
		status                     int
	}{
		{"a creation", "POST", "/v1/orders", `{"currency":"EUR"}`, nil, 201},
		{"a quoted key", "POST", "/v1/orders", `{"currency":"EUR"}`, []string{`Idempotency-Key: "k"`}, 201},
		{"UTF-8 said aloud, in any case", "POST", "/v1/orders", `{"currency":"EUR"}`, []string{"Content-Type: Application/JSON; Charset=UTF-8"}, 201},
		{"-0 is 0, and emoji are fine", "POST", "/v1/orders", `{"currency":"EUR","note":"🦊 \ud83e\udd8a"}`, nil, 201},
		{"a body of exactly 64 KiB", "POST", "/v1/orders", `{"currency":"EUR"}` + strings.Repeat(" ", 64<<10-18), nil, 201},
		{"a wildcard", "GET", "/v1/orders/x", "", []string{"Accept: text/html, */*;q=0.1"}, 200},
		{"application/*", "GET", "/v1/orders/x", "", []string{"Accept: application/*"}, 200},
		{"no body where none is needed", "POST", "/v1/orders/" + uuid + "/notes", "", []string{`If-Match: "7"`}, 200},
		{"no token where none is needed", "POST", "/v1/hook", "", []string{"-Authorization"}, 200},
		{"no key where it is optional", "POST", "/v1/orders/" + uuid + "/notes", `{}`, []string{`If-Match: "7"`, "-Idempotency-Key"}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ask(t, api, c.method, c.target, c.body, c.headers...); got.StatusCode != c.status {
				t.Fatalf("status %d, want %d; %v", got.StatusCode, c.status, got.Header)
			}
		})
	}
}

func TestAWrongMethodNamesTheRightOnes(t *testing.T) {
	api, _ := shop(t, nil)
	for target, want := range map[string]string{"/v1/orders": "OPTIONS, POST", "/v1/orders/x": "GET, HEAD, OPTIONS"} {
		resp := ask(t, api, http.MethodPatch, target, "")
		if got := resp.Header.Get("Allow"); got != want {
			t.Errorf("Allow of %s: %q, want %q", target, got, want)
		}
		if resp = ask(t, api, http.MethodOptions, target, ""); resp.StatusCode != 204 || resp.Header.Get("Allow") != want {
			t.Errorf("OPTIONS %s: %d, Allow %q, want 204 and %q", target, resp.StatusCode, resp.Header.Get("Allow"), want)
		}
	}
}
