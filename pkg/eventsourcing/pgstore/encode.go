package pgstore

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

type uuid = [16]byte

// parseID reads the canonical form only: an id that came back in another spelling would name another stream.
func parseID(s string) (id uuid, err error) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, fmt.Errorf("%q is not a UUID: %w", s, es.ErrInvalidAggregateID)
	}
	var digits [32]byte
	n := 0
	for _, part := range [...]string{s[0:8], s[9:13], s[14:18], s[19:23], s[24:36]} {
		n += copy(digits[n:], part)
	}
	for _, c := range digits {
		if 'A' <= c && c <= 'F' {
			return id, fmt.Errorf("%q is not a UUID in lower case: %w", s, es.ErrInvalidAggregateID)
		}
	}
	if _, err := hex.Decode(id[:], digits[:]); err != nil {
		return id, fmt.Errorf("%q is not a UUID: %w", s, es.ErrInvalidAggregateID)
	}
	return id, nil
}

func formatID(b []byte) string {
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// row is an event as the lane sends it.
type row struct {
	stream, event         uuid
	streamType, eventType string
	version, expected     int32
	schema                int16
	data, metadata        []byte
}

func (r *row) size() int {
	return len(r.data) + len(r.metadata) + len(r.streamType) + len(r.eventType) + 64
}

// encodeEvent refuses what the server would refuse, so that one bad payload does not take a whole flush with it.
func encodeEvent(e es.Event, stream uuid, expected int64) (row, error) {
	id, err := parseID(e.EventID)
	if err != nil {
		return row{}, fmt.Errorf("event id %q is not a UUID: %w", e.EventID, es.ErrInvalidEvent)
	}
	metadata, err := json.Marshal(e.Metadata)
	if err != nil {
		return row{}, fmt.Errorf("metadata: %w: %w", es.ErrInvalidEvent, err)
	}
	schema := max(e.Metadata.SchemaVersion, 1)
	switch {
	case e.Version > math.MaxInt32:
		return row{}, fmt.Errorf("version %d: %w", e.Version, es.ErrInvalidEventVersion)
	case schema > math.MaxInt16:
		return row{}, fmt.Errorf("schema version %d: %w", schema, es.ErrInvalidEvent)
	case e.EventType == "" || !isText(e.EventType) || !isText(e.AggregateType):
		return row{}, fmt.Errorf("event type %q of %q: %w", e.EventType, e.AggregateType, es.ErrInvalidEvent)
	case len(e.Data)+len(metadata) > MaxEventBytes:
		return row{}, fmt.Errorf("event of %d bytes, at most %d: %w", len(e.Data)+len(metadata), MaxEventBytes, es.ErrInvalidEvent)
	case !json.Valid(e.Data) || !utf8.Valid(e.Data):
		return row{}, fmt.Errorf("data is not JSON: %w", es.ErrInvalidEvent)
	}
	return row{
		stream: stream, event: id, streamType: e.AggregateType, eventType: e.EventType, version: int32(e.Version),
		expected: int32(expected), schema: int16(schema), data: e.Data, metadata: metadata,
	}, nil
}

func isText(s string) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return false
		}
	}
	return utf8.ValidString(s)
}

// array builds a one-dimensional array without nulls in PostgreSQL's binary form.
type array struct{ buf []byte }

func (a *array) reset(oid uint32, n int) {
	a.buf = a.buf[:0]
	for _, v := range [...]uint32{1, 0, oid, uint32(n), 1} { // dimensions, nulls, element type, length, lower bound
		a.buf = binary.BigEndian.AppendUint32(a.buf, v)
	}
}

func (a *array) bytes(b []byte) {
	a.buf = binary.BigEndian.AppendUint32(a.buf, uint32(len(b)))
	a.buf = append(a.buf, b...)
}

func (a *array) text(s string) {
	a.buf = binary.BigEndian.AppendUint32(a.buf, uint32(len(s)))
	a.buf = append(a.buf, s...)
}

func (a *array) int4(v int32) {
	a.buf = binary.BigEndian.AppendUint32(a.buf, 4)
	a.buf = binary.BigEndian.AppendUint32(a.buf, uint32(v))
}

func (a *array) int2(v int16) {
	a.buf = binary.BigEndian.AppendUint32(a.buf, 2)
	a.buf = binary.BigEndian.AppendUint16(a.buf, uint16(v))
}

// Object ids of element types.
const (
	oidUUID, oidText, oidInt4, oidInt2, oidJSON = pgtype.UUIDOID, pgtype.TextOID, pgtype.Int4OID, pgtype.Int2OID, pgtype.JSONOID
)

// epoch is the zero of PostgreSQL's binary timestamps, which count microseconds.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// decodeEvent reads eventColumns in binary form. The values may be reused by the driver: everything is copied.
func decodeEvent(v [][]byte) (es.Event, error) {
	if len(v) < 7 || len(v[0]) != 4 || len(v[1]) != 16 || len(v[3]) != 2 || len(v[6]) != 8 {
		return es.Event{}, fmt.Errorf("decode event: unexpected shape of a row")
	}
	e := es.Event{
		Version:   int64(int32(binary.BigEndian.Uint32(v[0]))),
		EventID:   formatID(v[1]),
		EventType: string(v[2]),
		Data:      append(json.RawMessage(nil), v[4]...),
		Timestamp: epoch.Add(time.Duration(int64(binary.BigEndian.Uint64(v[6]))) * time.Microsecond),
	}
	if err := json.Unmarshal(v[5], &e.Metadata); err != nil {
		return es.Event{}, fmt.Errorf("decode metadata of event %s: %w", e.EventID, err)
	}
	e.Metadata.SchemaVersion = int(int16(binary.BigEndian.Uint16(v[3])))
	return e, nil
}

// decodeRecorded reads eventColumns, global_position, stream_type, stream_id.
func decodeRecorded(v [][]byte) (es.Recorded, error) {
	e, err := decodeEvent(v)
	if err != nil || len(v) < 10 || len(v[7]) != 8 || len(v[9]) != 16 {
		return es.Recorded{}, fmt.Errorf("decode row of the log: %w", err)
	}
	e.AggregateType, e.AggregateID = string(v[8]), formatID(v[9])
	return es.Recorded{Position: int64(binary.BigEndian.Uint64(v[7])), Event: e}, nil
}
