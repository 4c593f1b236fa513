package pgstore

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// maxSnapshots is how many snapshots wait to be written; what comes beyond is dropped.
const maxSnapshots = 256

const (
	loadSnapshotsSQL = `select stream_id, version, schema_version, state from snapshots where stream_id = any($1::uuid[])`
	saveSnapshotSQL  = `insert into snapshots (stream_id, version, schema_version, state) values ($1, $2, $3, $4)
on conflict (stream_id) do update
set version = excluded.version, schema_version = excluded.schema_version, state = excluded.state, taken_at = now()
where snapshots.schema_version <> excluded.schema_version or snapshots.version < excluded.version`
)

// LoadSnapshots implements [es.SnapshotStore].
func (s *Store) LoadSnapshots(ctx context.Context, streams ...es.Stream) (map[es.Stream]es.Snapshot, error) {
	ids, of := make([]uuid, len(streams)), make(map[uuid]es.Stream, len(streams))
	for i, stream := range streams {
		id, err := parseID(stream.ID)
		if err != nil {
			return nil, fmt.Errorf("load snapshot of %s: %w", stream, err)
		}
		ids[i], of[id] = id, stream
	}
	rows, err := s.pool.Query(ctx, loadSnapshotsSQL, ids)
	if err != nil {
		return nil, fmt.Errorf("load snapshots: %w", unavailable(err))
	}
	out := make(map[es.Stream]es.Snapshot, len(streams))
	var id uuid
	var snap es.Snapshot
	var state []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &snap.Version, &snap.SchemaVersion, &state}, func() error {
		out[of[id]] = es.Snapshot{Stream: of[id], Version: snap.Version, SchemaVersion: snap.SchemaVersion, State: state}
		state = nil
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load snapshots: %w", unavailable(err))
	}
	return out, nil
}

// SaveSnapshot implements [es.SnapshotStore]. It only queues: [Store.Run] writes. When too many wait it is dropped, and taken again
// at a later load.
func (s *Store) SaveSnapshot(ctx context.Context, snap es.Snapshot) error {
	id, err := parseID(snap.Stream.ID)
	if err != nil {
		return fmt.Errorf("save snapshot of %s: %w", snap.Stream, err)
	}
	s.snapshots.put(id, snap)
	return ctx.Err()
}

// snapshotQueue keeps the newest snapshot of each stream until it is written.
type snapshotQueue struct {
	mu      sync.Mutex
	waiting map[uuid]es.Snapshot
	filled  chan struct{}
}

func newSnapshotQueue() *snapshotQueue {
	return &snapshotQueue{waiting: map[uuid]es.Snapshot{}, filled: make(chan struct{}, 1)}
}

func (q *snapshotQueue) put(id uuid, s es.Snapshot) {
	q.mu.Lock()
	defer q.mu.Unlock()
	old, ok := q.waiting[id]
	if (ok && old.SchemaVersion == s.SchemaVersion && old.Version > s.Version) || (!ok && len(q.waiting) >= maxSnapshots) {
		return
	}
	q.waiting[id] = s
	select {
	case q.filled <- struct{}{}:
	default:
	}
}

func (q *snapshotQueue) take() map[uuid]es.Snapshot {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := q.waiting
	q.waiting = map[uuid]es.Snapshot{}
	return out
}

// writeSnapshots writes what is queued until ctx ends, and what is left then. One that fails is lost, which costs time only.
func (s *Store) writeSnapshots(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-s.snapshots.filled:
		}
		if all := s.snapshots.take(); len(all) > 0 {
			s.saveSnapshots(context.WithoutCancel(ctx), all)
		}
	}
}

// saveSnapshots does not wait for the disk: a snapshot that a crash takes away is taken again.
func (s *Store) saveSnapshots(ctx context.Context, all map[uuid]es.Snapshot) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.FlushTimeout)
	defer cancel()
	b := &pgx.Batch{}
	b.Queue("set local synchronous_commit = off")
	for id, snap := range all {
		b.Queue(saveSnapshotSQL, id, snap.Version, snap.SchemaVersion, []byte(snap.State))
	}
	_ = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return tx.SendBatch(ctx, b).Close() })
}
