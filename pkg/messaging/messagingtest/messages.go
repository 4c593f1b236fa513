package messagingtest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// Type is the type of the messages that this package makes.
const Type = "thing.happened"

// epoch is a fixed time: messages made twice are equal.
var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Message is version version of the stream of key, valid in every field.
func Message(topic, key string, version int64) messaging.Message {
	id := fmt.Sprintf("%s-%d", key, version)
	return messaging.Message{
		Topic: topic, Key: key, ID: id, Type: Type, Source: "/messagingtest", Stream: "stream-" + key, Version: version,
		Position: version, Time: epoch.Add(time.Duration(version) * time.Millisecond),
		Data:    json.RawMessage(fmt.Sprintf(`{"id":%q,"version":%d}`, id, version)),
		Headers: map[string]string{messaging.HeaderCorrelationID: "c-" + key, messaging.HeaderTraceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
	}
}

// Stream is versions 1 to n of the stream of key.
func Stream(topic, key string, n int64) []messaging.Message {
	out := make([]messaging.Message, n)
	for i := range out {
		out[i] = Message(topic, key, int64(i)+1)
	}
	return out
}

// Streams are n versions of each of keys streams, in turns, with positions that grow: a log as a relay reads it.
func Streams(topic string, keys int, n int64) []messaging.Message {
	out := make([]messaging.Message, 0, int64(keys)*n)
	for v := range n {
		for k := range keys {
			m := Message(topic, fmt.Sprintf("key-%d", k), v+1)
			m.Position = int64(len(out)) + 1
			out = append(out, m)
		}
	}
	return out
}

// Batch puts messages at offsets from, from+1, … of partition 0, as a consumer would hand them to a claim.
func Batch(from int64, messages ...messaging.Message) []messaging.Message {
	out := make([]messaging.Message, len(messages))
	for i, m := range messages {
		m.Offset = from + int64(i)
		out[i] = m
	}
	return out
}

// CheckLog fails t unless log, the messages of a topic in the order of each partition, holds every one of sent, no other, each stream's first occurrences in
// order of versions, each key in one partition. It returns how many were there more than once.
func CheckLog(t testing.TB, log, sent []messaging.Message) (duplicates int) {
	t.Helper()
	want := map[string]bool{}
	for _, m := range sent {
		want[m.ID] = true
	}
	seen, last, home := map[string]bool{}, map[string]int64{}, map[string]int{}
	for _, m := range log {
		if p, ok := home[m.Key]; ok && p != m.Partition {
			t.Errorf("key %s is in partitions %d and %d", m.Key, p, m.Partition)
		}
		home[m.Key] = m.Partition
		if !want[m.ID] {
			t.Errorf("%s was never sent", m.ID)
		}
		if seen[m.ID] {
			duplicates++
			continue
		}
		seen[m.ID] = true
		if m.Version != last[m.Stream]+1 {
			t.Errorf("%s: version %d first came after version %d", m.Stream, m.Version, last[m.Stream])
		}
		last[m.Stream] = m.Version
	}
	if len(seen) != len(want) {
		t.Errorf("%d of %d messages are in the log", len(seen), len(want))
	}
	return duplicates
}
