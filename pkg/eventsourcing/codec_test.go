package eventsourcing_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// fact is a sealed sum, as the events of an aggregate are.
type fact interface{ fact() }

type (
	opened struct {
		Owner string    `json:"owner"`
		At    time.Time `json:"at"`
	}
	moved struct {
		Cents int64 `json:"cents"`
	}
	movedV1 struct{ Amount int64 }
	movedV2 struct{ Euros float64 }
	hidden  struct{ amount int64 } //nolint:unused // JSON cannot see it: the codec must
	skipped struct {
		Amount int64 `json:"-"`
	}
	nested  struct{ Lines []hidden }
	unknown struct{}
	fickle  struct{ N any }
)

func (opened) fact()  {}
func (moved) fact()   {}
func (hidden) fact()  {}
func (skipped) fact() {}
func (nested) fact()  {}
func (unknown) fact() {}
func (fickle) fact()  {}

func newCodec() *es.Codec[fact] {
	c := es.NewCodec[fact]()
	es.Register[opened](c, "account.opened", 1)
	es.Register[moved](c, "account.moved", 3)
	es.Upcast(c, "account.moved", 1, func(old movedV1) movedV2 { return movedV2{Euros: float64(old.Amount)} })
	es.Upcast(c, "account.moved", 2, func(old movedV2) moved { return moved{Cents: int64(old.Euros * 100)} })
	es.Register[fickle](c, "account.fickle", 1)
	return c
}

func TestEventsAreReadBackAsTheyWere(t *testing.T) {
	c := newCodec()
	for _, want := range []fact{opened{Owner: "Zoë", At: time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)}, moved{Cents: -5}} {
		name, schema, data, err := c.Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Decode(es.Event{EventType: name, Data: data, Metadata: es.Metadata{SchemaVersion: schema}})
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s (-want +got):\n%s%v", name, d, err)
		}
	}
	if got, want := c.Names(), []string{"account.fickle", "account.moved", "account.opened"}; !slices.Equal(got, want) {
		t.Errorf("got names %v, want %v", got, want)
	}
}

func TestRetiredShapesAreReadAsTodays(t *testing.T) {
	c := newCodec()
	for schema, data := range map[int]string{0: `{"Amount":7}`, 1: `{"Amount":7}`, 2: `{"Euros":7}`, 3: `{"cents":700}`} {
		got, err := c.Decode(es.Event{EventType: "account.moved", Data: json.RawMessage(data), Metadata: es.Metadata{SchemaVersion: schema}})
		if err != nil || got != fact(moved{Cents: 700}) {
			t.Errorf("schema %d: got %v, %v, want 700 cents", schema, got, err)
		}
	}
}

func TestWhatTheCodecDoesNotKnowIsAnError(t *testing.T) {
	c := newCodec()
	for name, e := range map[string]es.Event{
		"a name":         {EventType: "account.closed", Data: []byte(`{}`)},
		"a newer schema": {EventType: "account.moved", Data: []byte(`{}`), Metadata: es.Metadata{SchemaVersion: 4}},
	} {
		if _, err := c.Decode(e); !errors.Is(err, es.ErrUnknownEvent) {
			t.Errorf("%s: got %v, want %v", name, err, es.ErrUnknownEvent)
		}
	}
	for _, schema := range []int{1, 3} {
		if _, err := c.Decode(es.Event{EventType: "account.moved", Data: []byte(`{"`), Metadata: es.Metadata{SchemaVersion: schema}}); err == nil {
			t.Errorf("schema %d: broken data was read", schema)
		}
	}
	if _, _, _, err := c.Encode(unknown{}); !errors.Is(err, es.ErrUnknownEvent) {
		t.Errorf("encode: got %v, want %v", err, es.ErrUnknownEvent)
	}
	if _, _, _, err := c.Encode(nil); !errors.Is(err, es.ErrUnknownEvent) {
		t.Errorf("encode nil: got %v, want %v", err, es.ErrUnknownEvent)
	}
}

func TestAnEventThatDoesNotSurviveIsNotEncoded(t *testing.T) {
	c := newCodec()
	for _, n := range []any{make(chan int), int64(1<<53 + 1)} { // the second comes back as a float
		if _, _, _, err := c.Encode(fickle{N: n}); !errors.Is(err, es.ErrNotReadable) {
			t.Errorf("%T: got %v, want %v", n, err, es.ErrNotReadable)
		}
	}
}

func TestAWrongRegistrationPanicsAtStartUp(t *testing.T) {
	for name, register := range map[string]func(*es.Codec[fact]){
		"is registered twice":     func(c *es.Codec[fact]) { es.Register[moved](c, "account.moved", 3) },
		"registered twice":        func(c *es.Codec[fact]) { es.Register[moved](c, "account.other", 3) },
		"cannot register":         func(c *es.Codec[fact]) { es.Register[string](c, "account.string", 1) },
		"as \"\"":                 func(c *es.Codec[fact]) { es.Register[unknown](c, "", 1) },
		"schema 0":                func(c *es.Codec[fact]) { es.Register[unknown](c, "account.unknown", 0) },
		"hidden.amount":           func(c *es.Codec[fact]) { es.Register[hidden](c, "account.hidden", 1) },
		"skipped.Amount":          func(c *es.Codec[fact]) { es.Register[skipped](c, "account.skipped", 1) },
		"its field hidden.amount": func(c *es.Codec[fact]) { es.Register[nested](c, "account.nested", 1) },
		"schema 1 of": func(c *es.Codec[fact]) {
			es.Upcast(c, "account.moved", 1, func(o movedV1) movedV2 { return movedV2{} })
		},
		"is not older than today's": func(c *es.Codec[fact]) { es.Upcast(c, "account.opened", 1, func(o movedV1) opened { return opened{} }) },
		"today's is": func(c *es.Codec[fact]) {
			es.Register[unknown](c, "account.unknown", 2)
			es.Upcast(c, "account.unknown", 1, func(o movedV1) moved { return moved{} })
		},
		"the next is": func(c *es.Codec[fact]) {
			es.Upcast(c, "account.x", 2, func(o movedV2) moved { return moved{} })
			es.Upcast(c, "account.x", 1, func(o movedV2) movedV1 { return movedV1{} })
		},
	} {
		func() {
			defer func() {
				if message, _ := recover().(string); !strings.Contains(message, name) {
					t.Errorf("got panic %q, want one with %q", message, name)
				}
			}()
			register(newCodec())
		}()
	}
}

func TestAChainWithAMissingShapeIsUnknown(t *testing.T) {
	c := es.NewCodec[fact]()
	es.Register[moved](c, "account.moved", 3)
	es.Upcast(c, "account.moved", 1, func(old movedV1) movedV2 { return movedV2{Euros: float64(old.Amount)} })
	for schema := range 3 { // 0 is read as 1
		_, err := c.Decode(es.Event{EventType: "account.moved", Data: []byte(`{}`), Metadata: es.Metadata{SchemaVersion: schema}})
		if !errors.Is(err, es.ErrUnknownEvent) {
			t.Errorf("schema %d: got %v, want %v", schema, err, es.ErrUnknownEvent)
		}
	}
}
