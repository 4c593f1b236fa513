package webapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kontor-dev/kontor/internal/webapi"
)

func TestParseIdempotencyKey(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   string
		ok     bool
	}{
		{[]string{"k"}, "k", true},
		{[]string{`"k"`}, "k", true},
		{[]string{" k\t"}, "k", true},
		{[]string{`a"b`}, `a"b`, true},
		{[]string{strings.Repeat("k", 255)}, strings.Repeat("k", 255), true},
		{[]string{`"` + strings.Repeat("k", 255) + `"`}, strings.Repeat("k", 255), true},
		{nil, "", false},
		{[]string{"a", "a"}, "", false},
		{[]string{""}, "", false},
		{[]string{`""`}, "", false},
		{[]string{`"`}, "", false},
		{[]string{`"a`}, "", false},
		{[]string{`"a"b"`}, "", false},
		{[]string{`"a\"b"`}, "", false},
		{[]string{"a b"}, "", false},
		{[]string{"ä"}, "", false},
		{[]string{"a\x7f"}, "", false},
		{[]string{strings.Repeat("k", 256)}, "", false},
	} {
		got, err := webapi.ParseIdempotencyKey(c.values)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%q: %q, err %v; want %q, %v", c.values, got, err, c.want, c.ok)
		}
	}
}

func TestParseIfMatch(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   int64
	}{
		{[]string{`"7"`}, 7},
		{[]string{` "9223372036854775807" `}, 1<<63 - 1},
		{nil, 0},
		{[]string{`"1"`, `"1"`}, 0},
		{[]string{`"1", "2"`}, 0},
		{[]string{`W/"1"`}, 0},
		{[]string{`*`}, 0},
		{[]string{`7`}, 0},
		{[]string{`"0"`}, 0},
		{[]string{`"07"`}, 0},
		{[]string{`"+7"`}, 0},
		{[]string{`"-7"`}, 0},
		{[]string{`"7.0"`}, 0},
		{[]string{`""`}, 0},
		{[]string{`"`}, 0},
		{[]string{`"9223372036854775808"`}, 0},
	} {
		got, err := webapi.ParseIfMatch(c.values)
		if got != c.want || (err == nil) != (c.want != 0) {
			t.Errorf("%q: %d, err %v; want %d", c.values, got, err, c.want)
		}
	}
	if got, err := webapi.ParseIfMatch([]string{webapi.ETag(42)}); got != 42 || err != nil {
		t.Errorf("our own tag: %d, err %v", got, err)
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		header, etag string
		want         bool
	}{
		{`"7"`, `"7"`, true},
		{`W/"7"`, `"7"`, true},
		{`"1", "7"`, `"7"`, true},
		{`*`, `"7"`, true},
		{`"70"`, `"7"`, false},
		{``, `"7"`, false},
		{``, ``, false},
	} {
		if got := webapi.Matches(c.header, c.etag); got != c.want {
			t.Errorf("%q against %q: %v", c.header, c.etag, got)
		}
	}
}

func fingerprint(t testing.TB, method, path string, body any) string {
	t.Helper()
	f, err := webapi.Fingerprint(method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	if len(f) != 64 {
		t.Errorf("%q is no SHA-256", f)
	}
	return f
}

func TestWhatMeansTheSameHasTheSameFingerprint(t *testing.T) {
	parse := func(text string) any {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	base := fingerprint(t, "POST", "/v1/orders", parse(`{"a":1,"b":["é",{"c":null}]}`))
	for name, text := range map[string]string{
		"another order of keys": `{"b":["é",{"c":null}],"a":1}`,
		"blanks and escapes":    `{ "a" : 1, "b" : [ "\u00e9", {"\u0063":null} ] }`,
		"not in normal form":    `{"a":1,"b":["e\u0301",{"c":null}]}`,
		"a number as 1.0":       `{"a":1.0,"b":["é",{"c":null}]}`,
	} {
		if got := fingerprint(t, "POST", "/v1/orders", parse(text)); got != base {
			t.Errorf("%s: another fingerprint", name)
		}
	}
	for name, other := range map[string]string{
		"method":         fingerprint(t, "PUT", "/v1/orders", parse(`{"a":1,"b":["é",{"c":null}]}`)),
		"path":           fingerprint(t, "POST", "/v1/orders/x", parse(`{"a":1,"b":["é",{"c":null}]}`)),
		"a value":        fingerprint(t, "POST", "/v1/orders", parse(`{"a":2,"b":["é",{"c":null}]}`)),
		"order of items": fingerprint(t, "POST", "/v1/orders", parse(`{"a":1,"b":[{"c":null},"é"]}`)),
		"no body":        fingerprint(t, "POST", "/v1/orders", nil),
	} {
		if other == base {
			t.Errorf("another %s has the same fingerprint", name)
		}
	}
}

// TestAFingerprintNeverChanges: stored ones are compared with those of later
// releases.
func TestAFingerprintNeverChanges(t *testing.T) {
	type v1 struct {
		Currency string `json:"currency"`
	}
	type v2 struct {
		Currency string `json:"currency"`
		Note     string `json:"note,omitempty"` // added later
	}
	const want = "a1015f54b324520420f7809313cd99d4"
	a, b := fingerprint(t, "POST", "/v1/orders", v1{"EUR"}), fingerprint(t, "POST", "/v1/orders", v2{Currency: "EUR"})
	if a != b || a[:32] != want {
		t.Errorf("got %s and %s, want %s…", a, b, want)
	}
}

func TestTheFingerprintIsOfTheValueAlone(t *testing.T) {
	value := rapid.Custom(func(t *rapid.T) map[string]any {
		return map[string]any{
			"s": rapid.String().Draw(t, "s"), "n": rapid.Int64Range(-1<<50, 1<<50).Draw(t, "n"),
			"l": rapid.SliceOfN(rapid.StringMatching(`[a-z"\\<é]{0,4}`), 0, 4).Draw(t, "l"),
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		v := value.Draw(rt, "v")
		raw, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			rt.Fatal(err)
		}
		var again any
		if err := json.Unmarshal(raw, &again); err != nil {
			rt.Fatal(err)
		}
		f1, err1 := webapi.Fingerprint("POST", "/", v)
		f2, err2 := webapi.Fingerprint("POST", "/", again)
		if err1 != nil || err2 != nil || f1 != f2 {
			rt.Fatalf("%s: %s and %s, %v, %v", raw, f1, f2, err1, err2)
		}
	})
}

func TestWhatIsNoJSONHasNoFingerprint(t *testing.T) {
	if _, err := webapi.Fingerprint("POST", "/", func() {}); err == nil {
		t.Error("no error")
	}
}

func TestTheHandlerSeesKeyVersionAndFingerprint(t *testing.T) {
	api, _ := shop(t, nil)
	var got struct{ Actor, Key, Fingerprint string }
	decode := func(body string, headers ...string) {
		t.Helper()
		if err := json.NewDecoder(ask(t, api, "POST", "/v1/orders", body, headers...).Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
	}
	decode(`{"currency":"EUR","note":"x"}`, `Idempotency-Key: "q"`)
	first := got
	if first.Actor != "customer:anna" || first.Key != "q" {
		t.Errorf("%+v", first)
	}
	decode(` { "note" : "x" , "currency" : "EUR" } `)
	if got.Fingerprint != first.Fingerprint {
		t.Error("blanks and the order of keys change the fingerprint")
	}
	decode(`{"currency":"EUR","note":"y"}`)
	if got.Fingerprint == first.Fingerprint {
		t.Error("another note has the same fingerprint")
	}
	var edited struct {
		Version int64
		Key     string
	}
	resp := ask(t, api, "POST", "/v1/orders/"+uuid+"/notes", `{}`, `If-Match: "7"`)
	if err := json.NewDecoder(resp.Body).Decode(&edited); err != nil || edited.Version != 7 || edited.Key != "k1" {
		t.Errorf("%+v, err %v", edited, err)
	}
}

func FuzzIdempotencyKey(f *testing.F) {
	for _, seed := range []string{"k", `"k"`, `"`, "", "a b", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		key, err := webapi.ParseIdempotencyKey([]string{value})
		if err != nil {
			return
		}
		again, err := webapi.ParseIdempotencyKey([]string{`"` + key + `"`})
		if strings.ContainsAny(key, `"\`) {
			return // a quoted key has no quotes of its own
		}
		if err != nil || again != key {
			t.Errorf("%q is %q, quoted %q, err %v", value, key, again, err)
		}
	})
}
