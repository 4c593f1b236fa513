package pgstore

import (
	"context"
	_ "embed"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// Schema is the SQL that creates the tables a [Store] and its subscriptions work on: events with its append-only triggers, snapshots
// and subscriptions. It is run once, in an empty schema, by a migration or a test; it is never edited after a release.
//
//go:embed schema.sql
var Schema string

// Store is an event store in PostgreSQL: [es.Store], [es.Appender], [es.Log] and [es.SnapshotStore]. Make one with [New]; appends are
// answered while [Store.Run] runs. Safe for concurrent use.
type Store struct {
	pool      *pgxpool.Pool
	opts      Options
	queue     *queue
	loads     *loadQueue
	snapshots *snapshotQueue
	running   atomic.Bool

	mu    sync.Mutex
	grown chan struct{} // closed at the next flush that stored something
}

// New returns a Store on the tables of [Schema] in pool's search path. It opens no connection yet.
func New(pool *pgxpool.Pool, o Options) *Store {
	return &Store{
		pool: pool, opts: o.withDefaults(), queue: newQueue(), loads: newLoadQueue(), snapshots: newSnapshotQueue(),
		grown: make(chan struct{}),
	}
}

const (
	eventColumns = `version, event_id, event_type, schema_version, data, metadata, recorded_at`
	loadSQL      = `select ` + eventColumns + ` from events
where stream_id = $1 and stream_type = $2 and version > $3 order by version`
	existsSQL = `select exists (select from events where stream_id = $1 and version = 1 and stream_type = $2)`
	readSQL   = `select ` + eventColumns + `, global_position, stream_type, stream_id from events
where global_position > $1 order by global_position limit $2`
	headSQL = `select coalesce(max(global_position), 0) from events`
)

// binaryRows asks for prepared statements and binary results, whatever the pool's default is: rows are decoded by hand.
var binaryRows = []any{pgx.QueryExecModeCacheStatement, pgx.QueryResultFormats{pgx.BinaryFormatCode}}

func args(a ...any) []any { return append(binaryRows[:2:2], a...) }

// Load implements [es.Store]. Loads that come while others are in flight share a round trip.
func (s *Store) Load(ctx context.Context, stream es.Stream, after int64) ([]es.Event, error) {
	id, err := parseID(stream.ID)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", stream, err)
	}
	if found, ok, err := s.loads.do(ctx, []want{{stream: stream, id: id, after: after}}); ok {
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", stream, unavailable(err))
		}
		return found[0], nil
	}
	events, err := s.loadOne(ctx, stream, id, after)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", stream, unavailable(err))
	}
	return events, nil
}

func (s *Store) loadOne(ctx context.Context, stream es.Stream, id uuid, after int64) ([]es.Event, error) {
	rows, err := s.pool.Query(ctx, loadSQL, args(id, stream.Type, after)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var events []es.Event
	for rows.Next() {
		e, err := decodeEvent(rows.RawValues())
		if err != nil {
			return nil, err
		}
		e.AggregateType, e.AggregateID = stream.Type, stream.ID
		events = append(events, e)
	}
	return events, rows.Err()
}

// LoadAll implements [es.Store].
func (s *Store) LoadAll(ctx context.Context, after map[es.Stream]int64) (map[es.Stream][]es.Event, error) {
	wants := make([]want, 0, len(after))
	for stream, version := range after {
		id, err := parseID(stream.ID)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", stream, err)
		}
		wants = append(wants, want{stream: stream, id: id, after: version})
	}
	if len(wants) == 0 {
		return map[es.Stream][]es.Event{}, nil
	}
	found, ok, err := s.loads.do(ctx, wants)
	if !ok {
		found, err = s.loadMany(ctx, wants)
	}
	if err != nil {
		return nil, fmt.Errorf("load %d streams: %w", len(wants), unavailable(err))
	}
	out := make(map[es.Stream][]es.Event, len(wants))
	for i, w := range wants {
		out[w.stream] = found[i]
	}
	return out, nil
}

// Exists implements [es.Store].
func (s *Store) Exists(ctx context.Context, stream es.Stream) (bool, error) {
	id, err := parseID(stream.ID)
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", stream, err)
	}
	var found bool
	if err := s.pool.QueryRow(ctx, existsSQL, id, stream.Type).Scan(&found); err != nil {
		return false, fmt.Errorf("look for %s: %w", stream, unavailable(err))
	}
	return found, nil
}

// ReadAll implements [es.Log].
func (s *Store) ReadAll(ctx context.Context, after int64, limit int) ([]es.Recorded, error) {
	out, err := s.readAll(ctx, after, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read after position %d: %w", after, unavailable(err))
	}
	return out, nil
}

func (s *Store) readAll(ctx context.Context, after int64, limit int) ([]es.Recorded, error) {
	rows, err := s.pool.Query(ctx, readSQL, args(after, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []es.Recorded
	for rows.Next() {
		r, err := decodeRecorded(rows.RawValues())
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Head returns the position of the newest event, 0 if there is none.
func (s *Store) Head(ctx context.Context) (position int64, err error) {
	if err := s.pool.QueryRow(ctx, headSQL).Scan(&position); err != nil {
		return 0, fmt.Errorf("read head: %w", unavailable(err))
	}
	return position, nil
}

// Appended returns a channel that is closed by the next flush of this process that stored something.
func (s *Store) Appended() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.grown
}

func (s *Store) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.grown)
	s.grown = make(chan struct{})
}
