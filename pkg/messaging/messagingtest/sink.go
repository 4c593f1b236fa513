package messagingtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// Subject is a sink of an empty consumer. Its effects are of a kind that can be had twice without a difference, as those of a command with an id.
type Subject struct {
	Sink messaging.Sink
	// Effects are the IDs of the messages whose effect is there to stay, in order of applying for each key.
	Effects func(t testing.TB) []string
	// Parked is how many messages of each key wait. A message without a key has one of its own.
	Parked func(t testing.TB) map[string]int
}

// OpenFunc makes a subject that lets handle decide before it has an effect: an error of handle is one of the effect.
type OpenFunc func(t *testing.T, handle messaging.Handler) Subject

// TestSink checks that the sinks open makes keep the contract of [messaging.Sink].
func TestSink(t *testing.T, open OpenFunc) {
	for name, test := range map[string]func(*testing.T, OpenFunc){
		"a new partition begins at offset 0":                     testBeginning,
		"a claim goes on where the last one stopped":             testGoesOn,
		"a version that was applied is skipped":                  testDuplicates,
		"a claim that was taken over has no effect":              testFenced,
		"of two claims that race one applies":                    testRace,
		"after an error that passes the batch comes again":       testTransient,
		"a refused message parks its key and no other":           testRefused,
		"a message over which the handler panics parks its key":  testPanics,
		"a gap parks its key until the missing version arrives":  testGap,
		"a rewritten version parks its key":                      testRewritten,
		"no broken message stops the others":                     testBroken,
		"a large batch has each effect once, each key in order":  testLarge,
		"a batch that does not follow is refused without effect": testMisplaced,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open)
		})
	}
}

// topic of the suite.
const topic = "things.v1"

func fine(context.Context, messaging.Message) error { return nil }

func claim(t testing.TB, s messaging.Sink) messaging.Claim {
	t.Helper()
	c, err := s.Claim(t.Context(), topic, 0)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func apply(t testing.TB, c messaging.Claim, batch []messaging.Message) {
	t.Helper()
	if err := c.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if idler, ok := c.(messaging.Idler); ok {
		if err := idler.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func expect(t testing.TB, s Subject, ids ...string) {
	t.Helper()
	if diff := gocmp.Diff(byKey(s.Effects(t)), byKey(ids)); diff != "" {
		t.Errorf("effects (-got +want):\n%s", diff)
	}
}

// byKey sorts ids by key and leaves those of one key in order: nothing is promised about different keys.
func byKey(ids []string) []string {
	ids = slices.Clone(ids)
	slices.SortStableFunc(ids, func(a, b string) int {
		return cmp.Compare(a[:strings.LastIndex(a, "-")], b[:strings.LastIndex(b, "-")])
	})
	return ids
}

func expectParked(t testing.TB, s Subject, want map[string]int) {
	t.Helper()
	if diff := gocmp.Diff(s.Parked(t), want); diff != "" {
		t.Errorf("parked (-got +want):\n%s", diff)
	}
}

func testBeginning(t *testing.T, open OpenFunc) {
	c := claim(t, open(t, fine).Sink)
	if c.Next() != 0 || c.Last() != "" {
		t.Errorf("got offset %d after %q, want 0 after nothing", c.Next(), c.Last())
	}
	if err := c.Apply(t.Context(), nil); err != nil || c.Next() != 0 {
		t.Errorf("an empty batch: got offset %d, %v", c.Next(), err)
	}
}

func testGoesOn(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	c := claim(t, s.Sink)
	all := Stream(topic, "a", 4)
	apply(t, c, Batch(0, all[:2]...))
	apply(t, c, Batch(7, all[2])) // offsets may have holes
	for _, c := range []messaging.Claim{c, claim(t, s.Sink)} {
		if c.Next() != 8 || c.Last() != "a-3" {
			t.Errorf("got offset %d after %q, want 8 after a-3", c.Next(), c.Last())
		}
	}
	apply(t, claim(t, s.Sink), Batch(8, all[3]))
	expect(t, s, "a-1", "a-2", "a-3", "a-4")
}

func testDuplicates(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	c := claim(t, s.Sink)
	v := Stream(topic, "a", 3)
	apply(t, c, Batch(0, v[0], v[0], v[1], v[2], v[0], v[1], v[2])) // as a late answer to a produce request leaves them
	apply(t, c, Batch(7, v[0], v[2], v[1]))
	expect(t, s, "a-1", "a-2", "a-3")
	expectParked(t, s, map[string]int{})
}

func testFenced(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	old := claim(t, s.Sink)
	v := Stream(topic, "a", 3)
	apply(t, old, Batch(0, v[0]))
	successor := claim(t, s.Sink)
	if err := old.Apply(t.Context(), Batch(1, v[1])); !errors.Is(err, messaging.ErrFenced) {
		t.Errorf("got %v, want ErrFenced", err)
	}
	expect(t, s, "a-1")
	apply(t, successor, Batch(1, v[1], v[2]))
	expect(t, s, "a-1", "a-2", "a-3")
}

func testRace(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	batch := Batch(0, Streams(topic, 5, 4)...)
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	claims := make([]messaging.Claim, 8)
	for i := range claims {
		claims[i] = claim(t, s.Sink)
	}
	for _, c := range claims {
		wg.Go(func() {
			switch err := c.Apply(t.Context(), batch); {
			case err == nil:
				mu.Lock()
				won++
				mu.Unlock()
			case !errors.Is(err, messaging.ErrFenced):
				t.Errorf("got %v, want ErrFenced", err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 8 claims applied the batch, want the last", won)
	}
	if got := s.Effects(t); len(got) != len(batch) {
		t.Errorf("got %d effects, want %d", len(got), len(batch))
	}
}

func testTransient(t *testing.T, open OpenFunc) {
	down := true
	s := open(t, func(_ context.Context, m messaging.Message) error {
		if down && m.ID == "a-2" {
			return errors.New("database is down")
		}
		return nil
	})
	c := claim(t, s.Sink)
	batch := Batch(0, Stream(topic, "a", 3)...)
	if err := c.Apply(t.Context(), batch); err == nil || errors.Is(err, messaging.ErrFenced) {
		t.Fatalf("got %v, want the handler's error", err)
	}
	if c.Next() != 0 {
		t.Errorf("got offset %d, want 0", c.Next())
	}
	expectParked(t, s, map[string]int{})
	down = false
	apply(t, c, batch)
	expect(t, s, "a-1", "a-2", "a-3")
}

func testRefused(t *testing.T, open OpenFunc) {
	s := open(t, func(_ context.Context, m messaging.Message) error {
		if m.ID == "a-2" {
			return messaging.Permanent(errors.New("no such thing"))
		}
		return nil
	})
	c := claim(t, s.Sink)
	a, b := Stream(topic, "a", 4), Stream(topic, "b", 3)
	apply(t, c, Batch(0, a[0], b[0], a[1], b[1], a[2]))
	apply(t, c, Batch(5, a[3], b[2]))
	expect(t, s, "a-1", "b-1", "b-2", "b-3")
	expectParked(t, s, map[string]int{"a": 3})
}

func testPanics(t *testing.T, open OpenFunc) {
	var mu sync.Mutex
	panics := 0
	s := open(t, func(_ context.Context, m messaging.Message) error {
		if m.Key == "a" {
			mu.Lock()
			panics++
			mu.Unlock()
			panic("index out of range")
		}
		return nil
	})
	apply(t, claim(t, s.Sink), Batch(0, Message(topic, "a", 1), Message(topic, "b", 1)))
	expect(t, s, "b-1")
	expectParked(t, s, map[string]int{"a": 1})
	if panics < 3 || panics > 4 { // once more if the batch was tried as a whole first
		t.Errorf("the handler was called %d times, want 3", panics)
	}
}

func testGap(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	c := claim(t, s.Sink)
	a, b := Stream(topic, "a", 5), Stream(topic, "b", 1)
	apply(t, c, Batch(0, a[0], a[2], b[0], a[3]))
	expect(t, s, "a-1", "b-1")
	expectParked(t, s, map[string]int{"a": 2})
	apply(t, c, Batch(4, a[1]))
	expect(t, s, "a-1", "b-1", "a-2", "a-3", "a-4")
	expectParked(t, s, map[string]int{})
	apply(t, c, Batch(5, a[4]))
	expect(t, s, "a-1", "b-1", "a-2", "a-3", "a-4", "a-5")
}

func testRewritten(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	c := claim(t, s.Sink)
	v := Stream(topic, "a", 3)
	otherID, otherData := v[1], v[1]
	otherID.ID = "another"
	otherData.Data = []byte(`{"amount":1}`)
	apply(t, c, Batch(0, v[0], v[1], otherID))
	expectParked(t, s, map[string]int{"a": 1})
	w := Stream(topic, "b", 2)
	otherData.Key, otherData.Stream, otherData.ID = "b", w[1].Stream, w[1].ID
	apply(t, c, Batch(3, w[0], w[1], otherData))
	expectParked(t, s, map[string]int{"a": 1, "b": 1})
	expect(t, s, "a-1", "a-2", "b-1", "b-2")
}

func testBroken(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	batch, parked := []messaging.Message{}, 0
	for name, breakIt := range Broken() {
		m := Message(topic, "key of "+name, 1)
		breakIt(&m)
		batch = append(batch, m, Message(topic, fmt.Sprint("good ", len(batch)), 1))
		parked++
	}
	apply(t, claim(t, s.Sink), Batch(0, batch...))
	if got := len(s.Effects(t)); got != len(batch)-parked {
		t.Errorf("got %d effects, want %d", got, len(batch)-parked)
	}
	n := 0
	for _, waiting := range s.Parked(t) {
		n += waiting
	}
	if n != parked {
		t.Errorf("got %d parked messages, want %d: %v", n, parked, s.Parked(t))
	}
}

// Broken are ways in which a message can be none.
func Broken() map[string]func(*messaging.Message) {
	data := func(s string) func(*messaging.Message) {
		return func(m *messaging.Message) { m.Data = []byte(s) }
	}
	return map[string]func(*messaging.Message){
		"null data":         func(m *messaging.Message) { m.Data = nil },
		"empty data":        data(""),
		"no JSON":           data("hello"),
		"truncated JSON":    data(`{"a":1`),
		"two values":        data(`{} {}`),
		"bad UTF-8":         data("{\"a\":\"\xff\"}"),
		"a member twice":    data(`{"a":1,"b":{},"a":2}`),
		"twice, escaped":    data(`{"a":1,"\u0061":2}`),
		"no id":             func(m *messaging.Message) { m.ID = "" },
		"no type":           func(m *messaging.Message) { m.Type = "" },
		"no stream":         func(m *messaging.Message) { m.Stream = "" },
		"version 0":         func(m *messaging.Message) { m.Version = 0 },
		"negative version":  func(m *messaging.Message) { m.Version = -1 },
		"negative position": func(m *messaging.Message) { m.Position = -1 },
		"no time":           func(m *messaging.Message) { m.Time = m.Time.AddDate(-9000, 0, 0) },
		"no key":            func(m *messaging.Message) { m.Key = "" },
		"NUL in the id":     func(m *messaging.Message) { m.ID = "a\x00b" },
		"NUL in a header":   func(m *messaging.Message) { m.Headers = map[string]string{"x": "\x00"} },
		"what the adapter says": func(m *messaging.Message) {
			m.Invalid = errors.New("header ce_id twice")
		},
	}
}

func testLarge(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	c := claim(t, s.Sink)
	all := Streams(topic, 40, 12)
	apply(t, c, Batch(0, all...))
	apply(t, c, Batch(int64(len(all)), all...))
	next := map[string]int{}
	for _, id := range s.Effects(t) {
		var key, version int
		if _, err := fmt.Sscanf(id, "key-%d-%d", &key, &version); err != nil {
			t.Fatal(err)
		}
		k := fmt.Sprint(key)
		if next[k]++; version != next[k] {
			t.Fatalf("key %d: version %d came in place %d", key, version, next[k])
		}
	}
	if got := len(s.Effects(t)); got != len(all) {
		t.Errorf("got %d effects, want %d", got, len(all))
	}
}

func testMisplaced(t *testing.T, open OpenFunc) {
	s := open(t, fine)
	c := claim(t, s.Sink)
	v := Stream(topic, "a", 2)
	apply(t, c, Batch(5, v[0]))
	elsewhere := Batch(6, v[1])
	elsewhere[0].Partition = 1
	for name, batch := range map[string][]messaging.Message{"before": Batch(5, v[1]), "elsewhere": elsewhere} {
		if err := c.Apply(t.Context(), batch); err == nil {
			t.Errorf("%s: the batch was taken", name)
		}
	}
	expect(t, s, "a-1")
	if c.Next() != 6 {
		t.Errorf("got offset %d, want 6", c.Next())
	}
}
