package eventsourcing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Codec maps the events of one kind of aggregate to stored names and JSON, and reads every shape that was ever stored. Fill it with
// [Register] and [Upcast] at start-up; after that it is safe for concurrent use. Names and schema numbers are for ever: renaming
// one is a migration.
type Codec[E any] struct {
	byName map[string]*kind[E]
	byType map[reflect.Type]*kind[E]
}

// kind is one stored name with all its schemas.
type kind[E any] struct {
	name   string
	schema int // today's
	typ    reflect.Type
	decode func([]byte) (E, error)
	retire map[int]upcast // by the schema they read
}

// upcast turns a retired shape into the next one. Decode reads the stored bytes, up goes one step on.
type upcast struct {
	from, to reflect.Type
	decode   func([]byte) (any, error)
	up       func(any) any
}

// NewCodec returns an empty Codec.
func NewCodec[E any]() *Codec[E] {
	return &Codec[E]{byName: map[string]*kind[E]{}, byType: map[reflect.Type]*kind[E]{}}
}

// Register gives today's shape T of an event its stored name and schema number, from 1. It panics for a T that is no E, for one with
// fields that JSON leaves out (unexported, or tagged "-"), and for a name or a type that is registered already.
func Register[T, E any](c *Codec[E], name string, schema int) {
	typ := reflect.TypeFor[T]()
	if _, ok := reflect.New(typ).Elem().Interface().(E); !ok || name == "" || schema < 1 {
		panic(fmt.Sprintf("eventsourcing: cannot register %v as %q schema %d", typ, name, schema))
	}
	if field := leftOut(typ, map[reflect.Type]bool{}); field != "" {
		panic(fmt.Sprintf("eventsourcing: cannot register %v: its field %s would not be stored", typ, field))
	}
	k := c.kind(name)
	if k.typ != nil || c.byType[typ] != nil {
		panic(fmt.Sprintf("eventsourcing: %v or %q is registered twice", typ, name))
	}
	k.typ, k.schema = typ, schema
	k.decode = func(data []byte) (E, error) {
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			var none E
			return none, err
		}
		return any(v).(E), nil
	}
	c.byType[typ] = k
	k.check()
}

// Upcast keeps the retired shape Old, stored as name with this schema number, readable: up makes the next schema's shape of it. It
// panics when the chain of shapes does not fit together, or the schema is registered already.
func Upcast[Old, New, E any](c *Codec[E], name string, schema int, up func(Old) New) {
	k := c.kind(name)
	if _, twice := k.retire[schema]; twice || schema < 1 {
		panic(fmt.Sprintf("eventsourcing: schema %d of %q is registered twice", schema, name))
	}
	k.retire[schema] = upcast{
		from: reflect.TypeFor[Old](), to: reflect.TypeFor[New](),
		decode: func(data []byte) (any, error) {
			var v Old
			err := json.Unmarshal(data, &v)
			return v, err
		},
		up: func(v any) any { return up(v.(Old)) },
	}
	k.check()
}

func (c *Codec[E]) kind(name string) *kind[E] {
	k := c.byName[name]
	if k == nil {
		k = &kind[E]{name: name, retire: map[int]upcast{}}
		c.byName[name] = k
	}
	return k
}

// check panics when two shapes that follow one another do not fit.
func (k *kind[E]) check() {
	for schema, u := range k.retire {
		next, known := k.retire[schema+1]
		switch {
		case k.typ != nil && schema >= k.schema:
			panic(fmt.Sprintf("eventsourcing: %q: schema %d is not older than today's %d", k.name, schema, k.schema))
		case k.typ != nil && schema+1 == k.schema && u.to != k.typ:
			panic(fmt.Sprintf("eventsourcing: %q: schema %d becomes %v, today's is %v", k.name, schema, u.to, k.typ))
		case known && u.to != next.from:
			panic(fmt.Sprintf("eventsourcing: %q: schema %d becomes %v, the next is %v", k.name, schema, u.to, next.from))
		}
	}
}

// Names returns the stored names in alphabetical order.
func (c *Codec[E]) Names() []string {
	names := make([]string, 0, len(c.byName))
	for name := range c.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Encode returns the stored form of e: name, schema and JSON. It proves that Decode reads it, and that what was read encodes to the same
// bytes; an event that does not survive is [ErrNotReadable].
func (c *Codec[E]) Encode(e E) (name string, schema int, data json.RawMessage, err error) {
	k := c.byType[reflect.TypeOf(e)]
	if k == nil {
		return "", 0, nil, fmt.Errorf("encode %T: %w", e, ErrUnknownEvent)
	}
	if data, err = json.Marshal(e); err != nil {
		return "", 0, nil, fmt.Errorf("encode %s: %w: %w", k.name, ErrNotReadable, err)
	}
	back, err := k.decode(data)
	if err != nil {
		return "", 0, nil, fmt.Errorf("encode %s: %w: %w", k.name, ErrNotReadable, err)
	}
	if reflect.DeepEqual(e, back) { // encodes to the same bytes, then; a third of the cost of doing it
		return k.name, k.schema, data, nil
	}
	again, err := json.Marshal(back)
	if err != nil || !bytes.Equal(data, again) {
		return "", 0, nil, fmt.Errorf("encode %s: %w", k.name, ErrNotReadable)
	}
	return k.name, k.schema, data, nil
}

// Decode returns the event in today's shape. A name or a schema that is not registered is [ErrUnknownEvent].
func (c *Codec[E]) Decode(e Event) (E, error) {
	var none E
	k := c.byName[e.EventType]
	schema := max(e.Metadata.SchemaVersion, 1)
	if k == nil || k.typ == nil {
		return none, fmt.Errorf("decode %s: %w", e.EventType, ErrUnknownEvent)
	}
	if schema == k.schema {
		v, err := k.decode(e.Data)
		if err != nil {
			return none, fmt.Errorf("decode %s: %w", e.EventType, err)
		}
		return v, nil
	}
	u, ok := k.retire[schema]
	if !ok {
		return none, fmt.Errorf("decode %s schema %d: %w", e.EventType, schema, ErrUnknownEvent)
	}
	v, err := u.decode(e.Data)
	if err != nil {
		return none, fmt.Errorf("decode %s schema %d: %w", e.EventType, schema, err)
	}
	for ; schema < k.schema; schema++ {
		if u, ok = k.retire[schema]; !ok {
			return none, fmt.Errorf("decode %s schema %d: %w", e.EventType, schema, ErrUnknownEvent)
		}
		v = u.up(v)
	}
	return v.(E), nil
}
