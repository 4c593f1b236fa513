package messaging_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/messagingtest"
)

func TestHeadersComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	want := messagingtest.Message("t", "kéy", 7)
	want.Topic, want.Data = "", nil
	want.Time = want.Time.Add(123 * time.Nanosecond)
	want.Headers[messaging.HeaderDataSchema] = "https://example.org/schemas/thing.json"
	headers := messaging.EncodeHeaders(want)
	got := messaging.Message{Key: want.Key}
	if err := messaging.DecodeHeaders(&got, headers); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("message (-got +want):\n%s", diff)
	}
}

func TestHeadersAreThoseOfCloudEvents(t *testing.T) {
	t.Parallel()
	m := messaging.Message{
		Key: "o1", ID: "e1", Type: "order.placed", Source: "/kontor/order", Stream: "order-o1", Version: 3, Position: 41,
		Time: time.Date(2026, 3, 1, 13, 0, 0, 5000, time.FixedZone("CET", 3600)), Headers: map[string]string{"traceparent": "00-x", "ce_actor": "u"},
	}
	var got []string
	for _, h := range messaging.EncodeHeaders(m) {
		got = append(got, h.Key+"="+string(h.Value))
	}
	want := []string{
		"ce_specversion=1.0", "ce_id=e1", "ce_type=order.placed", "ce_source=/kontor/order", "ce_subject=o1", "ce_time=2026-03-01T12:00:00.000005Z",
		"ce_stream=order-o1", "ce_sequence=3", "ce_position=41", "content-type=application/json", "ce_actor=u", "traceparent=00-x",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("headers (-got +want):\n%s", diff)
	}
}

func TestHeadersThatAreWrong(t *testing.T) {
	t.Parallel()
	good := messaging.EncodeHeaders(messagingtest.Message("t", "a", 1))
	with := func(key, value string) []messaging.Header {
		out := append([]messaging.Header{}, good...)
		for i := range out {
			if out[i].Key == key {
				out[i].Value = []byte(value)
				return out
			}
		}
		return append(out, messaging.Header{Key: key, Value: []byte(value)})
	}
	for complaint, headers := range map[string][]messaging.Header{
		"no ce_id":                                      with("ce_id", ""),
		"header ce_id twice":                            append(with("ce_id", "x"), messaging.Header{Key: "ce_id", Value: []byte("y")}),
		"no ce_type":                                    good[:2],
		`ce_specversion "0.3"`:                          with("ce_specversion", "0.3"),
		"ce_subject is not the key":                     with("ce_subject", "b"),
		"ce_time: no time":                              with("ce_time", "yesterday"),
		`ce_sequence: no number: "1.0"`:                 with("ce_sequence", "1.0"),
		`ce_sequence: no number: "01"`:                  with("ce_sequence", "01"),
		`ce_sequence: no number: "-1"`:                  with("ce_sequence", "-1"),
		`ce_position: no number: "9223372036854775808"`: with("ce_position", "9223372036854775808"),
		`content-type "text/xml"`:                       with("content-type", "text/xml"),
		"header x is not text":                          with("x", "\xff"),
		"header y is not text":                          with("y", "a\x00"),
		"header z has 8193 bytes":                       with("z", strings.Repeat("z", 8193)),
		`header name ""`:                                with("", "v"),
		"70 headers, at most 64":                        append(make([]messaging.Header, 0, 70), pad(good, 70)...),
	} {
		m := messaging.Message{Key: "a"}
		err := messaging.DecodeHeaders(&m, headers)
		if err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("got %v, want a complaint: %s", err, complaint)
		}
	}
}

// pad fills headers up to n.
func pad(headers []messaging.Header, n int) []messaging.Header {
	headers = append([]messaging.Header{}, headers...)
	for len(headers) < n {
		headers = append(headers, messaging.Header{Key: strings.Repeat("h", len(headers)), Value: []byte("v")})
	}
	return headers
}

// FuzzHeaders: whatever a record carries, decoding does not panic, and what it takes for valid has one encoding.
func FuzzHeaders(f *testing.F) {
	for _, h := range messaging.EncodeHeaders(messagingtest.Message("t", "a", 1)) {
		f.Add("a", h.Key, h.Value, []byte(`{"a":1}`))
	}
	f.Add("", "", []byte(nil), []byte(nil))
	f.Add("a", "ce_time", []byte("0000-01-01T00:00:00-23:59"), []byte(`{"a":{"a":[]},"a":1}`))
	f.Fuzz(func(t *testing.T, key, name string, value, data []byte) {
		headers := append(messaging.EncodeHeaders(messagingtest.Message("t", "a", 1)), messaging.Header{Key: name, Value: value})
		for i := range headers[:len(headers)-1] {
			if headers[i].Key == name { // each attribute takes the value
				headers = append(headers[:i], headers[i+1:]...)
				break
			}
		}
		m := messaging.Message{Key: key, Data: data}
		if m.Invalid = messaging.DecodeHeaders(&m, headers); messaging.Validate(m) != nil {
			return
		}
		again := messaging.Message{Key: key, Data: data}
		if err := messaging.DecodeHeaders(&again, messaging.EncodeHeaders(m)); err != nil {
			t.Fatalf("its own encoding is refused: %v", err)
		}
		if !again.Time.Equal(m.Time) {
			t.Errorf("time %v became %v", m.Time, again.Time)
		}
		m.Time, again.Time = time.Time{}, time.Time{}
		if diff := cmp.Diff(again, m); diff != "" {
			t.Errorf("message (-again +first):\n%s", diff)
		}
	})
}
