package pgsink

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// glance is how often a claim looks for released keys.
const glance = time.Second

// parkedRow is a record in parked_record.
type parkedRow struct {
	messaging.Message
	reason, discard string
}

// drain is the release of one key: what became of its records.
type drain struct {
	*ledger
	key     string
	gone    []int64 // offsets of records that are settled
	applied []messaging.Message
	stuck   *parking // the record that still cannot be applied
}

// released calls do for every key of the partition that an operator, a late version or a new release set free.
func (c *claim) released(ctx context.Context, do func(key string) error) error {
	if time.Since(c.looked) < glance {
		return nil
	}
	rows, err := c.pool.Query(ctx, sqlReleased, c.cfg.Consumer, c.topic, c.part)
	if err != nil {
		return err
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := do(key); err != nil {
			return fmt.Errorf("release key %s: %w", key, err)
		}
	}
	c.looked = time.Now()
	return nil
}

// drain goes through the parked records of key until one cannot be applied. It changes nothing but the effects of one.
func (c *claim) drain(ctx context.Context, db DB, key string, passUnknown bool, one func(messaging.Message) (string, int, error)) (*drain, error) {
	rows, err := c.parkedRows(ctx, db, key)
	if err != nil {
		return nil, err
	}
	messages := make([]messaging.Message, len(rows))
	for i, r := range rows {
		messages[i] = r.Message
	}
	l, err := c.open(ctx, db, messages, passUnknown, c.fenced)
	if err != nil {
		return nil, err
	}
	l.keys[key] = false // it is being released
	d := &drain{ledger: l, key: key}
	for _, r := range inVersionOrder(rows) {
		if err := c.hook("park.drain_step"); err != nil {
			return nil, err
		}
		stop, err := d.step(r, one)
		if err != nil {
			return nil, err
		}
		if stop {
			break
		}
	}
	return d, nil
}

// step settles one record, or says that the key is stuck at it.
func (d *drain) step(r parkedRow, one func(messaging.Message) (string, int, error)) (stop bool, err error) {
	at := d.streams[r.Stream].version
	switch {
	case r.discard != "":
		if r.Version > at && r.Stream != "" {
			d.done(r.Message)
		}
		d.gone = append(d.gone, r.Offset)
		return false, nil
	case r.Invalid != nil && r.Version > 0 && r.Version <= at: // a good one took its place
		d.gone = append(d.gone, r.Offset)
		return false, nil
	}
	v, reason, detail := d.judge(r.Message, d.key)
	if v == apply {
		var n int
		if reason, n, err = one(r.Message); err != nil && reason == "" {
			return false, err
		}
		if reason != "" {
			d.stuck = &parking{r.Message, d.key, reason, err.Error(), n}
			return true, nil
		}
		d.applied = append(d.applied, r.Message)
	}
	if v == park {
		d.stuck = &parking{r.Message, d.key, reason, detail, 0}
		return true, nil
	}
	if v != skip {
		d.done(r.Message)
	}
	d.gone = append(d.gone, r.Offset)
	return false, nil
}

// save forgets the settled records and says why the rest stays.
func (d *drain) save(ctx context.Context, tx pgx.Tx) error {
	c := d.claim
	if _, err := tx.Exec(ctx, sqlDiscarded, c.cfg.Consumer, c.topic, c.part, d.gone); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlUnpark, c.cfg.Consumer, c.topic, c.part, d.gone); err != nil {
		return err
	}
	if s := d.stuck; s != nil {
		if _, err := tx.Exec(ctx, sqlStuck, c.cfg.Consumer, c.topic, c.part, d.key, s.Offset, s.reason, text(s.detail)); err != nil {
			return err
		}
	}
	return d.ledger.save(ctx, tx)
}

func (d *drain) report(ctx context.Context) {
	c := d.claim
	c.stats.applied.Add(int64(len(d.applied)))
	c.stats.released.Add(int64(len(d.gone)))
	c.cfg.Log.InfoContext(ctx, "key released", "consumer", c.cfg.Consumer, "topic", c.topic, "key", d.key, "records", len(d.gone))
	if s := d.stuck; s != nil {
		c.cfg.Log.ErrorContext(ctx, "key parked again", "consumer", c.cfg.Consumer, "topic", c.topic, "key", d.key,
			"offset", s.Offset, "reason", s.reason, "error", s.detail)
	}
}

func (c *claim) parkedRows(ctx context.Context, db DB, key string) ([]parkedRow, error) {
	rows, err := db.Query(ctx, sqlParked, c.cfg.Consumer, c.topic, c.part, key)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r parkedRow, err error) {
		m := messaging.Message{Topic: c.topic, Partition: c.part}
		var headers map[string]string
		var detail, storedKey, stream string
		var version int64
		var attempts int
		err = row.Scan(&m.Offset, &storedKey, &stream, &version, &headers, &m.Data, &r.reason, &detail, &attempts, &r.discard)
		r.Message = unpack(m, headers, r.reason, detail)
		r.Stream, r.Version = stream, version
		return r, err
	})
}

// inVersionOrder puts the records of each stream in order of versions, into the places that stream has by offset: a version that was published again
// moves to where it was missing, and streams keep their order among each other. Of one version good records come first.
func inVersionOrder(rows []parkedRow) []parkedRow {
	byStream := map[string][]parkedRow{}
	for _, r := range rows {
		byStream[r.Stream] = append(byStream[r.Stream], r)
	}
	bad := func(r parkedRow) int {
		if r.Invalid != nil {
			return 1
		}
		return 0
	}
	for _, of := range byStream {
		slices.SortStableFunc(of, func(a, b parkedRow) int {
			return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(bad(a), bad(b)), cmp.Compare(a.Offset, b.Offset))
		})
	}
	out := make([]parkedRow, len(rows))
	for i, r := range rows {
		out[i], byStream[r.Stream] = byStream[r.Stream][0], byStream[r.Stream][1:]
	}
	return out
}
