package pgsink

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// Reasons why a record is parked.
const (
	reasonInvalid   = "invalid"      // no message at all: only a republished one or Discard helps
	reasonGap       = "gap"          // versions before it are missing
	reasonRewritten = "rewritten"    // its version was applied with another content
	reasonUnknown   = "unknown type" // of a newer release
	reasonRefused   = "refused"      // the handler says it never will
	reasonPanic     = "panic"        // three times
	reasonBehind    = "behind"       // an earlier one of its key is parked
)

// verdict is what the version rule says about a message.
type verdict int

const (
	apply verdict = iota
	skip          // applied before
	pass          // nothing to do, but its version counts
	park
)

// position is the last applied version of a stream.
type position struct {
	version int64
	id      string
	hash    []byte
}

// parking is a record on its way to parked_record.
type parking struct {
	messaging.Message
	key, reason, detail string
	attempts            int
}

// ledger is what a batch has to know and what it changes. Safe for concurrent use by goroutines that do not share keys.
type ledger struct {
	claim       *claim
	passUnknown bool

	mu      sync.Mutex
	streams map[string]position
	dirty   map[string]bool
	keys    map[string]bool // parked
	parked  []parking
	release map[string]bool // parked keys whose missing version arrived
}

// open loads the ledger for batch. In front of it, in the same round trip, it asks the questions of ask.
func (c *claim) open(ctx context.Context, db DB, batch []messaging.Message, passUnknown bool, ask ...func(*pgx.Batch)) (*ledger, error) {
	l := &ledger{
		claim: c, passUnknown: passUnknown,
		streams: map[string]position{}, dirty: map[string]bool{}, keys: map[string]bool{}, release: map[string]bool{},
	}
	streams, keys := map[string]bool{}, map[string]bool{}
	for _, m := range batch {
		streams[text(m.Stream)], keys[keyOf(m)] = true, true
	}
	questions := &pgx.Batch{}
	for _, a := range ask {
		a(questions)
	}
	questions.Queue(sqlStreams, c.cfg.Consumer, list(streams)).Query(l.readStreams)
	questions.Queue(sqlParkedKeys, c.cfg.Consumer, c.topic, c.part, list(keys)).Query(l.readKeys)
	if err := db.SendBatch(ctx, questions).Close(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *ledger) readStreams(rows pgx.Rows) error {
	var stream string
	var p position
	_, err := pgx.ForEachRow(rows, []any{&stream, &p.version, &p.id, &p.hash}, func() error {
		l.streams[stream] = position{p.version, p.id, bytes.Clone(p.hash)}
		return nil
	})
	return err
}

func (l *ledger) readKeys(rows pgx.Rows) error {
	var key string
	_, err := pgx.ForEachRow(rows, []any{&key}, func() error {
		l.keys[key] = true
		return nil
	})
	return err
}

// judge applies the version rule. For park it says why. Nothing is changed.
func (l *ledger) judge(m messaging.Message, key string) (v verdict, reason, detail string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, behind := l.streams[m.Stream], l.keys[key]
	if err := messaging.Validate(m); err != nil {
		return park, reasonInvalid, err.Error()
	}
	switch {
	case m.Version < at.version:
		return skip, "", ""
	case m.Version == at.version && m.ID == at.id && bytes.Equal(hash(m), at.hash):
		return skip, "", ""
	case m.Version == at.version:
		return park, reasonRewritten, fmt.Sprintf("version %d was %s, now is %s with other content", m.Version, at.id, m.ID)
	case behind:
		if m.Version == at.version+1 {
			l.release[key] = true
		}
		return park, reasonBehind, ""
	case m.Version > at.version+1:
		return park, reasonGap, fmt.Sprintf("version %d follows %d", m.Version, at.version)
	case l.claim.cfg.Known(m.Type):
		return apply, "", ""
	case l.passUnknown:
		return pass, "", ""
	}
	return park, reasonUnknown, m.Type
}

// done notes that m had its effect, or needs none.
func (l *ledger) done(m messaging.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.streams[m.Stream] = position{m.Version, m.ID, hash(m)}
	l.dirty[m.Stream] = true
}

// park notes that m, and from now on its key, is set aside.
func (l *ledger) park(m messaging.Message, key, reason, detail string, attempts int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys[key] = true
	l.parked = append(l.parked, parking{m, key, reason, detail, attempts})
}

// settle judges m and notes everything but an effect. True: m is to be applied.
func (l *ledger) settle(m messaging.Message) bool {
	key := keyOf(m)
	v, reason, detail := l.judge(m, key)
	switch v {
	case skip:
		l.claim.stats.duplicates.Add(1)
	case pass:
		l.claim.stats.unknown.Add(1)
		l.done(m)
	case park:
		l.park(m, key, reason, detail, 0)
	}
	return v == apply
}

// save writes what changed. It is the last thing in the transaction.
func (l *ledger) save(ctx context.Context, tx pgx.Tx) error {
	c := l.claim
	if len(l.dirty) > 0 {
		var streams, ids []string
		var versions []int64
		var hashes [][]byte
		for s := range l.dirty {
			p := l.streams[s]
			streams, versions, ids, hashes = append(streams, s), append(versions, p.version), append(ids, p.id), append(hashes, p.hash)
		}
		if _, err := tx.Exec(ctx, sqlSaveStreams, c.cfg.Consumer, streams, versions, ids, hashes); err != nil {
			return fmt.Errorf("save streams: %w", err)
		}
	}
	if len(l.parked) > 0 {
		if err := l.savePark(ctx, tx); err != nil {
			return fmt.Errorf("park: %w", err)
		}
	}
	if len(l.release) > 0 {
		c.looked = c.looked.AddDate(-1, 0, 0) // do not wait to look for them
		if _, err := tx.Exec(ctx, sqlRelease, c.cfg.Consumer, c.topic, c.part, list(l.release)); err != nil {
			return fmt.Errorf("release: %w", err)
		}
	}
	return nil
}

func (l *ledger) savePark(ctx context.Context, tx pgx.Tx) error {
	c := l.claim
	var offs, versions []int64
	var keys, streams, reasons, errs []string
	var headers []json.RawMessage
	var values [][]byte
	var attempts []int
	for _, p := range l.parked {
		h, err := packHeaders(p.Message)
		if err != nil {
			return err
		}
		offs, versions, keys, streams = append(offs, p.Offset), append(versions, p.Version), append(keys, p.key), append(streams, text(p.Stream))
		reasons, errs, attempts = append(reasons, p.reason), append(errs, text(p.detail)), append(attempts, p.attempts)
		headers, values = append(headers, h), append(values, append([]byte{}, p.Data...))
	}
	if _, err := tx.Exec(ctx, sqlPark, c.cfg.Consumer, c.topic, c.part, offs, keys, streams, versions, headers, values, reasons, errs, attempts); err != nil {
		return err
	}
	var n int
	if err := tx.QueryRow(ctx, sqlCountParked, c.cfg.Consumer).Scan(&n); err != nil {
		return err
	}
	if n > c.cfg.MaxParked {
		return fmt.Errorf("%w: %d", ErrTooManyParked, n)
	}
	return c.hook("park.before_commit")
}

// report tells about what was parked, after the commit.
func (l *ledger) report(ctx context.Context) {
	l.claim.stats.parked.Add(int64(len(l.parked)))
	for _, p := range l.parked {
		if p.reason != reasonBehind {
			l.claim.cfg.Log.ErrorContext(ctx, "key parked", "consumer", l.claim.cfg.Consumer, "topic", p.Topic, "partition", p.Partition,
				"offset", p.Offset, "key", p.key, "type", p.Type, "reason", p.reason, "error", p.detail)
		}
	}
}

// keyOf is the key of m, or one made of its offset if it has none that can be stored: then it is parked alone.
func keyOf(m messaging.Message) string {
	if m.Key == "" || m.Key != text(m.Key) {
		return fmt.Sprintf("offset %d/%d", m.Partition, m.Offset)
	}
	return m.Key
}

// text is s as Postgres takes it.
func text(s string) string {
	if utf8.ValidString(s) && !strings.ContainsRune(s, 0) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

func hash(m messaging.Message) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00", m.Type)
	h.Write(m.Data)
	return h.Sum(nil)
}

func list(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	return out
}

// packHeaders keeps what the value does not say, as the transport would.
func packHeaders(m messaging.Message) (json.RawMessage, error) {
	out := map[string]string{}
	for _, h := range messaging.EncodeHeaders(m) {
		out[text(h.Key)] = text(string(h.Value))
	}
	return json.Marshal(out)
}

// unpack is the reverse of parking.
func unpack(m messaging.Message, headers map[string]string, reason, detail string) messaging.Message {
	list := make([]messaging.Header, 0, len(headers))
	for k, v := range headers {
		list = append(list, messaging.Header{Key: k, Value: []byte(v)})
	}
	m.Key = headers["ce_subject"]
	m.Invalid = messaging.DecodeHeaders(&m, list)
	if reason == reasonInvalid && m.Invalid == nil {
		m.Invalid = fmt.Errorf("%s", detail) // what was wrong is not in what was kept
	}
	return m
}
