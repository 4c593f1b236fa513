package problem_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kontor-dev/kontor/internal/problem"
)

type target struct {
	Name   string   `json:"name,omitempty"`
	Count  int64    `json:"count,omitempty"`
	Small  int8     `json:"small,omitempty"`
	Ratio  float64  `json:"ratio,omitempty"`
	Yes    bool     `json:"yes,omitempty"`
	Tags   []string `json:"tags,omitempty"`
	Inner  *target  `json:"inner,omitempty"`
	Inners []target `json:"inners,omitempty"`
}

// understood returns the problem that a body becomes, as huma reports it.
func understood(t testing.TB, body []byte, into any) *problem.Problem {
	t.Helper()
	err := problem.JSON.Unmarshal(body, into)
	if err == nil {
		return nil
	}
	var p *problem.Problem
	if !errors.As(error(problem.FromHuma(nil, 422, "", &huma.ErrorDetail{Location: "body", Message: err.Error(), Value: string(body)})), &p) {
		t.Fatalf("%v is no problem", err)
	}
	return p
}

func TestWhatEncodingJSONLetsThrough(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct {
		name, body string
		code       problem.Code // "": accepted
		location   string
	}{
		{"plain", `{"name":"ä","count":1}`, "", ""},
		{"blanks everywhere", " {\n\t\"name\" : \"x\" ,\r\"tags\" : [ ] } ", "", ""},
		{"a pair of surrogates", `{"name":"\ud83d\ude00"}`, "", ""},
		{"escapes", `{"name":"\"\\\/A"}`, "", ""},
		{"the same key in different objects", `{"inner":{"name":"a"},"inners":[{"name":"b"},{"name":"c"}]}`, "", ""},
		{"32 levels", nested(32), "", ""},
		{"33 levels", nested(33), problem.BadRequest, "body[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]"},
		{"nothing", ``, problem.BadRequest, "body"},
		{"a key twice", `{"name":"a","name":"b"}`, problem.BadRequest, "body"},
		{"a key twice, deep", `{"inner":{"inners":[{"name":"a","\u006eame":"b"}]}}`, problem.BadRequest, "body.inner.inners[0]"},
		{"invalid UTF-8", "{\"name\":\"\xc3\x28\"}", problem.BadRequest, "body"},
		{"an overlong form", "{\"name\":\"\xc0\x80\"}", problem.BadRequest, "body"},
		{"a surrogate in UTF-8", "{\"name\":\"\xed\xa0\x80\"}", problem.BadRequest, "body"},
		{"a high surrogate alone", `{"name":"\ud83d"}`, problem.BadRequest, "body.name"},
		{"a low surrogate alone", `{"tags":["a","\ude00"]}`, problem.BadRequest, "body.tags[1]"},
		{"two high surrogates", `{"name":"\ud83d\ud83d"}`, problem.BadRequest, "body.name"},
		{"a high surrogate and another escape", `{"name":"\ud83d\n"}`, problem.BadRequest, "body.name"},
		{"a lone surrogate in a key", `{"\ud83d":1}`, problem.BadRequest, "body"},
		{"a byte order mark", "\ufeff{}", problem.BadRequest, "body"},
		{"UTF-16", "\xff\xfe{\x00}\x00", problem.BadRequest, "body"},
		{"UTF-16 without a mark", "{\x00}\x00", problem.BadRequest, "body"},
		{"two values", `{} {}`, problem.BadRequest, "body"},
		{"NUL", `{"inner":{"name":"a\u0000"}}`, problem.ValidationFailed, "body.inner.name"},
		{"DEL", "{\"name\":\"\x7f\"}", problem.ValidationFailed, "body.name"},
		{"NEL", `{"name":"\u0085"}`, problem.ValidationFailed, "body.name"},
		{"a control character in a key", `{"a\u0001":1}`, problem.BadRequest, "body"},
		{"a control character, then what is not understood", `{"name":"\u0000","inner":{"name":1,"name":1}}`, problem.BadRequest, "body.inner"},
		{"a text for a number", `{"inner":{"count":"1"}}`, problem.ValidationFailed, "body.inner.count"},
		{"a number for a text", `{"name":1}`, problem.ValidationFailed, "body.name"},
		{"a fraction for an integer", `{"count":1.5}`, problem.ValidationFailed, "body.count"},
		{"2^63", `{"count":9223372036854775808}`, problem.ValidationFailed, "body.count"},
		{"300 for 8 bits", `{"small":300}`, problem.ValidationFailed, "body.small"},
		{"1e400", `{"ratio":1e400}`, problem.ValidationFailed, "body.ratio"},
		{"an object for a list", `{"tags":{}}`, problem.ValidationFailed, "body.tags"},
		{"a list for an object", `{"inner":[]}`, problem.ValidationFailed, "body.inner"},
		{"a text for a truth", `{"yes":"true"}`, problem.ValidationFailed, "body.yes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var into any = &target{}
			if strings.HasPrefix(c.body, "[") {
				into = new(any)
			}
			p := understood(t, []byte(c.body), into)
			if p == nil {
				if c.code != "" {
					t.Fatalf("accepted, want %s", c.code)
				}
				return
			}
			if p.Code != c.code || len(p.Errors) != 1 || !strings.HasPrefix(p.Errors[0].Message, "expected ") {
				t.Fatalf("%+v, want %s", p, c.code)
			}
			if len(c.location) < 128 && p.Errors[0].Location != c.location {
				t.Errorf("location %q, want %q", p.Errors[0].Location, c.location)
			}
		})
	}
}

func TestMinusZeroIsZero(t *testing.T) {
	var got target
	if p := understood(t, []byte(`{"count":-0}`), &got); p != nil || got.Count != 0 {
		t.Errorf("%+v, %+v", p, got)
	}
}

func TestWritingDoesNotEscapeForHTML(t *testing.T) {
	var out bytes.Buffer
	if err := problem.JSON.Marshal(&out, map[string]string{"a": "<&>"}); err != nil || out.String() != "{\"a\":\"<&>\"}\n" {
		t.Errorf("%q, err %v", out.String(), err)
	}
}

// FuzzJSON: what is accepted is what encoding/json accepts, is valid UTF-8, and is
// the same value after encoding and decoding once more.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1,2.5e3,null,true],"b":"\ud83d\ude00"}`, `[[[[]]]]`, `{"a":1,"a":2}`, `"\ud800"`, "\"\x00\"", `-0`, ` 7 `, `{"a":{"a":{}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var ours, theirs any
		p := understood(t, body, &ours)
		err := json.Unmarshal(body, &theirs)
		if p != nil {
			if p.Code != problem.BadRequest && p.Code != problem.ValidationFailed {
				t.Errorf("code %s", p.Code)
			}
			return
		}
		if err != nil || !utf8.Valid(body) {
			t.Fatalf("accepted %q, encoding/json says %v", body, err)
		}
		first, err1 := json.Marshal(ours)
		again := any(nil)
		err2 := problem.JSON.Unmarshal(first, &again)
		second, err3 := json.Marshal(again)
		if errors.Join(err1, err2, err3) != nil || !bytes.Equal(first, second) {
			t.Errorf("%q became %q and then %q: %v", body, first, second, errors.Join(err1, err2, err3))
		}
	})
}

func BenchmarkJSON(b *testing.B) {
	body := []byte(`{"currency":"EUR","lines":[{"sku":"MUG-1","quantity":2},{"sku":"TEE-2","quantity":1}],"shipping_address":{"name":"Anna","line1":"Street 1","city":"Berlin","postal_code":"10115","country":"DE"}}`)
	b.Run("encoding/json", func(b *testing.B) {
		for b.Loop() {
			var v any
			_ = json.Unmarshal(body, &v)
		}
	})
	b.Run("strict", func(b *testing.B) {
		for b.Loop() {
			var v any
			_ = problem.JSON.Unmarshal(body, &v)
		}
	})
}
