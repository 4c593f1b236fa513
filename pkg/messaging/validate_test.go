package messaging_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

func TestAMessageIsValid(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		`{}`, `[]`, `null`, `1`, `"text"`, `{"a":{"a":{"a":1}}}`, `{"a":[{"a":1},{"a":2}],"b":"a\":{"}`, `[["a","a"],"a","a"]`, `{"\\":1,"\"":2}`,
	} {
		m := messagingtest.Message("t", "a", 1)
		m.Data = json.RawMessage(data)
		if err := messaging.Validate(m); err != nil {
			t.Errorf("%s: %v", data, err)
		}
	}
}

func TestAMessageIsNone(t *testing.T) {
	t.Parallel()
	for name, breakIt := range messagingtest.Broken() {
		m := messagingtest.Message("t", "a", 1)
		breakIt(&m)
		if messaging.Validate(m) == nil {
			t.Errorf("%s: it is taken for valid", name)
		}
	}
	large := messagingtest.Message("t", "a", 1)
	large.Data = json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)
	if messaging.Validate(large) == nil {
		t.Error("more than 1 MiB of data is taken for valid")
	}
}

// The decoder knows which members there are; so must the scan.
func TestAMemberNamedTwiceIsFoundWherever(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		twice := false
		data := document(t, 3, &twice)
		m := messagingtest.Message("t", "a", 1)
		m.Data = json.RawMessage(data)
		if !json.Valid(m.Data) {
			t.Fatalf("the test made no JSON: %s", data)
		}
		if got := messaging.Validate(m) != nil; got != twice {
			t.Errorf("%s: refused %v, want %v", data, got, twice)
		}
	})
}

// document is a JSON value; twice is set when one of its objects names a member twice.
func document(t *rapid.T, depth int, twice *bool) string {
	text := rapid.SampledFrom([]string{"a", "b", `c"`, `\`, "{", "}", ",", "é", ""})
	kind := rapid.IntRange(0, 3).Draw(t, "kind")
	if depth == 0 {
		kind %= 2
	}
	switch kind {
	case 0:
		return fmt.Sprint(rapid.IntRange(-5, 5).Draw(t, "n"))
	case 1:
		return quote(text.Draw(t, "text"))
	}
	var parts []string
	seen := map[string]bool{}
	for range rapid.IntRange(0, 3).Draw(t, "len") {
		value := document(t, depth-1, twice)
		if kind == 3 {
			name := text.Draw(t, "name")
			*twice = *twice || seen[name]
			seen[name] = true
			value = quote(name) + ":" + value
		}
		parts = append(parts, value)
	}
	if kind == 2 {
		return "[" + strings.Join(parts, " , ") + "]"
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func BenchmarkValidate(b *testing.B) {
	m := messagingtest.Message("t", "a", 1)
	m.Data = json.RawMessage(`{"order_id":"0198c0de-0000-7000-8000-000000000001","version":3,"lines":[` +
		strings.TrimSuffix(strings.Repeat(`{"sku":"TEA-1","quantity":2,"unit_price":{"amount":1250,"currency":"EUR"}},`, 10), ",") + `]}`)
	b.SetBytes(int64(len(m.Data)))
	for b.Loop() {
		if err := messaging.Validate(m); err != nil {
			b.Fatal(err)
		}
	}
}
