package pgstore

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/internal/pgdial"
)

// maxLoads is how many streams one round trip reads at most, unless a single LoadAll asks for more.
const maxLoads = 256

// gatherSQL reads many streams at once. The lateral join makes it one descent of the (stream_id, version) index for each.
const gatherSQL = `select u.ord::int4, e.* from unnest($1::uuid[], $2::text[], $3::int4[]) with ordinality as u (stream_id, stream_type, after, ord)
cross join lateral (select ` + eventColumns + ` from events
  where stream_id = u.stream_id and version > u.after and stream_type = u.stream_type order by version) e`

// want is a stream to load, and from where.
type want struct {
	stream es.Stream
	id     uuid
	after  int64
}

// load is one call on its way.
type load struct {
	ctx    context.Context
	wants  []want
	found  [][]es.Event // by index in wants
	answer chan bool    // whether found is filled; buffered
}

// loadQueue gathers loads while the round trips before are under way.
type loadQueue struct {
	mu      sync.Mutex
	waiting []*load
	serving int
	filled  chan struct{}
}

func newLoadQueue() *loadQueue { return &loadQueue{filled: make(chan struct{}, 1)} }

// do answers wants through a shared round trip. Not ok: nobody serves, or it failed; ask the pool.
func (q *loadQueue) do(ctx context.Context, wants []want) (found [][]es.Event, ok bool, err error) {
	l := &load{ctx: ctx, wants: wants, answer: make(chan bool, 1)}
	q.mu.Lock()
	if q.serving == 0 {
		q.mu.Unlock()
		return nil, false, nil
	}
	q.waiting = append(q.waiting, l)
	q.signal()
	q.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, true, ctx.Err()
	case ok := <-l.answer:
		return l.found, ok, nil
	}
}

func (q *loadQueue) signal() {
	select {
	case q.filled <- struct{}{}:
	default:
	}
}

// serve changes how many serve by n; when nobody does, whoever waits is sent to the pool.
func (q *loadQueue) serve(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.serving += n; q.serving == 0 {
		for _, l := range q.waiting {
			l.answer <- false
		}
		q.waiting = nil
	}
}

// settle lets callers that are ready to run queue their loads first, as the append lane does; it waits for nobody.
func (q *loadQueue) settle() {
	for before := 0; ; {
		q.mu.Lock()
		now := len(q.waiting)
		q.mu.Unlock()
		if now <= before || now >= maxLoads {
			return
		}
		before = now
		runtime.Gosched()
	}
}

func (q *loadQueue) take(batch []*load) []*load {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, i := 0, 0
	for ; i < len(q.waiting); i++ {
		l := q.waiting[i]
		if n > 0 && n+len(l.wants) > maxLoads {
			break
		}
		if l.ctx.Err() == nil {
			n += len(l.wants)
			batch = append(batch, l)
		}
	}
	q.waiting = slices.Delete(q.waiting, 0, i)
	if len(q.waiting) > 0 {
		q.signal()
	}
	return batch
}

// serveLoads is one connection that loads for many. While it has none, the pool serves.
func (s *Store) serveLoads(ctx context.Context) {
	for pause := 20 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, time.Second) {
		if g, err := s.newGatherer(ctx); err == nil {
			pause = 20 * time.Millisecond
			s.loads.serve(1)
			g.run(ctx, s.loads, s.opts.FlushTimeout)
			s.loads.serve(-1)
			pgdial.Close(g.conn)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// gatherer is a connection for loads.
type gatherer struct {
	conn               *pgx.Conn
	sql                *pgconn.StatementDescription
	ids, types, afters array
	batch              []*load
}

func (s *Store) newGatherer(ctx context.Context) (*gatherer, error) {
	ctx, cancel := context.WithTimeout(ctx, pgdial.Timeout)
	defer cancel()
	conn, err := s.dial(ctx, "kontor load")
	if err != nil {
		return nil, err
	}
	sql, err := conn.PgConn().Prepare(ctx, "kontor_gather", gatherSQL, nil)
	if err != nil {
		pgdial.Close(conn)
		return nil, err
	}
	return &gatherer{conn: conn, sql: sql}, nil
}

// run serves until ctx ends or the connection is of no use any more.
func (g *gatherer) run(ctx context.Context, q *loadQueue, timeout time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-q.filled:
		}
		q.settle()
		g.batch = q.take(g.batch[:0])
		if len(g.batch) == 0 {
			continue
		}
		err := g.load(context.WithoutCancel(ctx), timeout)
		for _, l := range g.batch {
			l.answer <- err == nil
		}
		clear(g.batch)
		if err != nil && g.conn.IsClosed() {
			return
		}
	}
}

// load fills the found of everybody in the batch.
func (g *gatherer) load(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var to []*[]es.Event
	var wants []want
	for _, l := range g.batch {
		l.found = make([][]es.Event, len(l.wants))
		for i, w := range l.wants {
			to, wants = append(to, &l.found[i]), append(wants, w)
		}
	}
	g.ids.reset(oidUUID, len(wants))
	g.types.reset(oidText, len(wants))
	g.afters.reset(oidInt4, len(wants))
	for _, w := range wants {
		g.ids.bytes(w.id[:])
		g.types.text(w.stream.Type)
		g.afters.int4(int32(w.after))
	}
	one := []int16{1}
	rows := g.conn.PgConn().ExecStatement(ctx, g.sql, [][]byte{g.ids.buf, g.types.buf, g.afters.buf}, one, one)
	for rows.NextRow() {
		v := rows.Values()
		e, err := decodeEvent(v[1:])
		if err != nil {
			rows.Close() // the decoding error says more
			return err
		}
		n := int4(v[0]) - 1
		e.AggregateType, e.AggregateID = wants[n].stream.Type, wants[n].stream.ID
		*to[n] = append(*to[n], e)
	}
	_, err := rows.Close()
	return err
}

// loadMany is what gatherer does for LoadAll, through the pool.
func (s *Store) loadMany(ctx context.Context, wants []want) ([][]es.Event, error) {
	ids, types, afters := make([]uuid, len(wants)), make([]string, len(wants)), make([]int32, len(wants))
	for i, w := range wants {
		ids[i], types[i], afters[i] = w.id, w.stream.Type, int32(w.after)
	}
	rows, err := s.pool.Query(ctx, gatherSQL, args(ids, types, afters)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make([][]es.Event, len(wants))
	for rows.Next() {
		v := rows.RawValues()
		e, err := decodeEvent(v[1:])
		if err != nil {
			return nil, err
		}
		n := int4(v[0]) - 1
		e.AggregateType, e.AggregateID = wants[n].stream.Type, wants[n].stream.ID
		found[n] = append(found[n], e)
	}
	return found, rows.Err()
}
