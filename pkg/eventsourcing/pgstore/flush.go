package pgstore

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// lockSQL is the first statement of every flush: one writer at a time, so positions follow commit order. The snapshot of the next
// statement then sees everything that was committed before. A NOTIFY in it is sent by the commit.
const (
	lockSQL       = `select pg_advisory_xact_lock($1::bigint)`
	lockNotifySQL = `select pg_advisory_xact_lock($1::bigint), pg_notify($2::text, '')`
)

// flushSQL stores every append whose streams all are at the versions it was decided on, and returns the others: which row was
// refused, and the version its stream has.
const flushSQL = `
with input as materialized (
  select * from unnest($1::text[], $2::uuid[], $3::int4[], $4::uuid[], $5::text[], $6::int2[], $7::json[], $8::json[],
                       $9::int4[], $10::int4[]) with ordinality
    as u (stream_type, stream_id, version, event_id, event_type, schema_version, data, metadata, expected, request, ord)
), refused as materialized (
  select i.request, i.ord, coalesce(e.version, 0) as actual
  from input i left join lateral (
    select version from events where stream_id = i.stream_id order by version desc limit 1) e on true
  where i.version = i.expected + 1 and coalesce(e.version, 0) <> i.expected
), stored as (
  insert into events (stream_type, stream_id, version, event_id, event_type, schema_version, data, metadata)
  select stream_type, stream_id, version, event_id, event_type, schema_version, data, metadata
  from input where request not in (select request from refused) order by ord
)
select request, ord::int4, actual from refused order by ord`

// plainSQL does the same for a flush in which every append is one event. It returns what was stored; a loser costs a look at versionsSQL. It
// takes a tenth to a fifth less of the server's time than flushSQL.
const plainSQL = `
insert into events (stream_type, stream_id, version, event_id, event_type, schema_version, data, metadata)
select stream_type, stream_id, version, event_id, event_type, schema_version, data, metadata
from unnest($1::text[], $2::uuid[], $3::int4[], $4::uuid[], $5::text[], $6::int2[], $7::json[], $8::json[],
            $9::int4[], $10::int4[]) with ordinality
  as u (stream_type, stream_id, version, event_id, event_type, schema_version, data, metadata, expected, request, ord)
where coalesce((select e.version from events e where e.stream_id = u.stream_id order by e.version desc limit 1), 0) = u.expected
order by ord returning event_id`

// versionsSQL reads the versions that streams have.
const versionsSQL = `select u.ord::int4, coalesce((select e.version from events e where e.stream_id = u.stream_id order by e.version desc limit 1), 0)
from unnest($1::uuid[]) with ordinality as u (stream_id, ord)`

// lookSQL reads the events of append heads back, for flushes whose answer was lost.
const lookSQL = `select u.ord::int4, e.event_id, e.version from unnest($1::uuid[], $2::int4[]) with ordinality as u (stream_id, version, ord)
join events e on e.stream_id = u.stream_id and e.version = u.version`

// refusal is a row that did not find its stream as expected.
type refusal struct {
	request, row int // index of the request in the flush, and of the row in all its rows
	actual       int64
}

// send writes the flush in one go. Nothing is awaited: see receive.
func (c *session) send(ctx context.Context, batch []*request, plain bool) *pgconn.MultiResultReader {
	n := 0
	for _, r := range batch {
		n += len(r.rows)
	}
	for i, oid := range [...]uint32{oidText, oidUUID, oidInt4, oidUUID, oidText, oidInt2, oidJSON, oidJSON, oidInt4, oidInt4} {
		c.columns[i].reset(oid, n)
	}
	for i, r := range batch {
		for j := range r.rows {
			c.add(&r.rows[j], i)
		}
	}
	params := make([][]byte, len(c.columns))
	for i := range c.columns {
		params[i] = c.columns[i].buf
	}
	b := &pgconn.Batch{}
	b.ExecStatement(c.lock, c.lockArgs, c.formats, nil)
	if plain {
		b.ExecStatement(c.plain, params, c.formats, c.formats)
	} else {
		b.ExecStatement(c.flush, params, c.formats, c.formats)
	}
	return c.conn.PgConn().ExecBatch(ctx, b)
}

func (c *session) add(r *row, request int) {
	c.columns[0].text(r.streamType)
	c.columns[1].bytes(r.stream[:])
	c.columns[2].int4(r.version)
	c.columns[3].bytes(r.event[:])
	c.columns[4].text(r.eventType)
	c.columns[5].int2(r.schema)
	c.columns[6].bytes(r.data)
	c.columns[7].bytes(r.metadata)
	c.columns[8].int4(r.expected)
	c.columns[9].int4(int32(request))
}

// receive reads the answer to send. Without an error the flush is committed, less the refused.
func (c *session) receive(ctx context.Context, reply *pgconn.MultiResultReader, batch []*request, plain bool) ([]refusal, error) {
	var refused []refusal
	c.stored = c.stored[:0]
	for statement := 0; reply.NextResult(); statement++ {
		rows := reply.ResultReader()
		for rows.NextRow() {
			switch v := rows.Values(); {
			case statement == 0: // the lock
			case plain:
				c.stored = append(c.stored, uuid(v[0]))
			default:
				refused = append(refused, refusal{request: int4(v[0]), row: int4(v[1]) - 1, actual: int64(int4(v[2]))})
			}
		}
		if _, err := rows.Close(); err != nil {
			reply.Close() // the same error
			return nil, err
		}
	}
	if err := reply.Close(); err != nil {
		return nil, err
	}
	if plain && len(c.stored) < len(batch) {
		refused = c.refusedPlain(ctx, batch)
	}
	return refused, nil
}

// refusedPlain finds who is not among the stored of a plain flush, and what version each met. The flush is committed: when the look
// fails, the losers are told that nobody looked.
func (c *session) refusedPlain(ctx context.Context, batch []*request) (refused []refusal) {
	streams := &c.columns[1]
	streams.reset(oidUUID, len(batch)-len(c.stored))
	for i, r := range batch {
		if slices.Contains(c.stored, r.rows[0].event) {
			continue
		}
		refused = append(refused, refusal{request: i, row: i, actual: -1})
		streams.bytes(r.rows[0].stream[:])
	}
	rows := c.conn.PgConn().ExecStatement(ctx, c.versions, [][]byte{streams.buf}, c.formats, c.formats)
	for rows.NextRow() {
		v := rows.Values()
		refused[int4(v[0])-1].actual = int64(int4(v[1]))
	}
	rows.Close() // a connection that broke is found by the next flush
	return refused
}

// head names the first event of an append: whether it is stored tells whether the append is.
type head struct {
	stream  uuid
	version int32
}

// lookUp reads which events are stored at heads, under the append lock: whoever wrote them has ended by then.
func (c *session) lookUp(ctx context.Context, heads []head) ([]uuid, error) {
	streams, versions := &c.columns[0], &c.columns[1]
	streams.reset(oidUUID, len(heads))
	versions.reset(oidInt4, len(heads))
	for _, h := range heads {
		streams.bytes(h.stream[:])
		versions.int4(h.version)
	}
	b := &pgconn.Batch{}
	b.ExecStatement(c.lock, c.lockArgs, c.formats, nil)
	b.ExecStatement(c.look, [][]byte{streams.buf, versions.buf}, c.formats, c.formats)
	results, err := c.conn.PgConn().ExecBatch(ctx, b).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(results) != 2 {
		return nil, fmt.Errorf("look up: %d results, want 2", len(results))
	}
	found := make([]uuid, len(heads))
	for _, v := range results[1].Rows {
		found[int4(v[0])-1] = uuid(v[1])
	}
	return found, results[1].Err
}

func int4(b []byte) int { return int(int32(binary.BigEndian.Uint32(b))) }
