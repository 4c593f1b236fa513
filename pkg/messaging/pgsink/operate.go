package pgsink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNotParked is a key that has no parked records.
var ErrNotParked = errors.New("key is not parked")

// ParkedRecord is a record that waits, as operators see it. Its value stays in the database: it may hold secrets.
type ParkedRecord struct {
	Consumer  string
	Topic     string
	Partition int
	Offset    int64
	Key       string // a record without a readable key has one made of its offset
	Stream    string
	Version   int64
	Type      string
	Reason    string // the first one of its key says why; "behind" for those that wait for it
	Error     string
	Attempts  int
	FirstSeen time.Time
	Released  bool // it will be tried again, or is about to be discarded
}

// Parked lists the parked records of consumer, or of all if it is empty, in order of topic, key and offset.
func Parked(ctx context.Context, db DB, consumer string) ([]ParkedRecord, error) {
	rows, err := db.Query(ctx, `select consumer, topic, part, off, key, stream, version, coalesce(headers->>'ce_type', ''), reason, error, attempts, first_seen, retry
from parked_record where $1 = '' or consumer = $1 order by consumer, topic, key, off`, consumer)
	if err != nil {
		return nil, fmt.Errorf("list parked records: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ParkedRecord])
	if err != nil {
		return nil, fmt.Errorf("list parked records: %w", err)
	}
	return list, nil
}

// Retry releases a key: the consumer that owns its partition applies its records within about a second, and parks the rest again at the first one
// it cannot apply. It is [ErrNotParked] when there are none.
func Retry(ctx context.Context, db DB, consumer, key string) error {
	tag, err := db.Exec(ctx, `update parked_record set retry = true where consumer = $1 and key = $2`, consumer, key)
	return affected(tag.RowsAffected(), err, "retry", key)
}

// Discard gives up the record at which key is stuck, for a reason that is kept in discarded_record, and releases the key: later versions go on as if it had
// been applied. It is [ErrNotParked] when there is none.
func Discard(ctx context.Context, db DB, consumer, key, reason string) error {
	if reason == "" {
		return errors.New("discard: a reason is needed")
	}
	tag, err := db.Exec(ctx, `with culprit as (
  select distinct on (topic, part) topic, part, off from parked_record
  where consumer = $1 and key = $2 order by topic, part, reason = 'behind', off)
update parked_record p set retry = true, discard = case when p.off = c.off then $3 else p.discard end
from culprit c where p.consumer = $1 and p.key = $2 and p.topic = c.topic and p.part = c.part`, consumer, key, reason)
	return affected(tag.RowsAffected(), err, "discard", key)
}

func affected(n int64, err error, what, key string) error {
	switch {
	case err != nil:
		return fmt.Errorf("%s key %s: %w", what, key, err)
	case n == 0:
		return fmt.Errorf("%s key %s: %w", what, key, ErrNotParked)
	}
	return nil
}

// Reset makes consumer read topic from the beginning, as is needed after the topic was made again. What it applied is remembered: versions it
// has seen are skipped. Parked records of the topic are dropped, as they will be read again. Whoever owns a partition is fenced.
func Reset(ctx context.Context, db DB, consumer, topic string) error {
	_, err := db.Exec(ctx, `with dropped as (delete from parked_record where consumer = $1 and topic = $2)
update consumer_offset set next_offset = 0, last_id = '', epoch = epoch + 1, updated_at = now() where consumer = $1 and topic = $2`, consumer, topic)
	if err != nil {
		return fmt.Errorf("reset %s on %s: %w", consumer, topic, err)
	}
	return nil
}

// Forget makes consumer start over in every topic, remembering nothing: for a view that was emptied.
func Forget(ctx context.Context, db DB, consumer string) error {
	_, err := db.Exec(ctx, `with dropped as (delete from parked_record where consumer = $1), streams as (delete from consumer_stream where consumer = $1)
update consumer_offset set next_offset = 0, last_id = '', epoch = epoch + 1, updated_at = now() where consumer = $1`, consumer)
	if err != nil {
		return fmt.Errorf("forget %s: %w", consumer, err)
	}
	return nil
}
