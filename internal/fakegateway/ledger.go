package fakegateway

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Row is one request as the ledger shows it: one row per request received. Repeat marks a request whose
// key was answered before and which therefore had no effect of its own; the rows with outcome "ok" that are
// no repeats are all the money that ever moved.
type Row struct {
	Seq        int64     `json:"seq"`
	ReceivedAt time.Time `json:"received_at"`
	Op         string    `json:"op"` // authorize, capture, void, refund or lookup
	Key        string    `json:"key"`
	OrderID    string    `json:"order_id"`
	PaymentID  string    `json:"payment_id"`
	Amount     int64     `json:"amount"` // minor units; of a void: what was released
	Currency   string    `json:"currency"`
	Outcome    string    `json:"outcome"` // ok, declined or failed
	Code       string    `json:"code,omitempty"`
	Repeat     bool      `json:"repeat"`
	GatewayRef string    `json:"gateway_ref"`
}

// entry is a line of the ledger file: the row, and what a restart needs to go on from it.
type entry struct {
	Row
	Advance   time.Duration `json:"advance,omitempty"` // a move of the clock; the row is then empty
	Effect    bool          `json:"effect,omitempty"`  // the key is settled by this row
	Body      string        `json:"body,omitempty"`    // hash of the request
	Token     string        `json:"token,omitempty"`
	AuthRef   string        `json:"auth_ref,omitempty"`
	ExpiresAt time.Time     `json:"expires_at,omitzero"`
	Class     string        `json:"class,omitempty"`
	Message   string        `json:"message,omitempty"`
	Named     int64         `json:"named,omitempty"` // the amount that answers name, if it is another one
}

// ledger is append-only: rows are written, and never changed.
type ledger struct {
	file    *os.File // nil: memory only
	fsync   bool
	entries []entry
}

// openLedger reads the lines that are there. A torn last line, the trace of a crash, is cut off: its
// request was never answered.
func openLedger(path string, fsync bool) (*ledger, error) {
	l := &ledger{fsync: fsync}
	if path == "" {
		return l, nil
	}
	whole, err := l.read(path)
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	if err := errors.Join(file.Truncate(whole), seekEnd(file, whole)); err != nil {
		return nil, errors.Join(fmt.Errorf("open ledger: %w", err), file.Close())
	}
	l.file = file
	return l, nil
}

// read returns the length of the whole lines.
func (l *ledger) read(path string) (int64, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var whole int64
	for r := bufio.NewReader(file); ; {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return whole, nil // io.EOF: what is left is no whole line
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return 0, fmt.Errorf("line %d: %w", len(l.entries)+1, err)
		}
		whole += int64(len(line))
		l.entries = append(l.entries, e)
	}
}

func seekEnd(file *os.File, at int64) error {
	_, err := file.Seek(at, 0)
	return err
}

// append gives e its number and keeps it. On an error the request must not be answered.
func (l *ledger) append(e entry) (entry, error) {
	e.Seq = int64(len(l.entries)) + 1
	if l.file != nil {
		line, err := json.Marshal(e)
		if err != nil {
			return e, fmt.Errorf("append to ledger: %w", err)
		}
		if _, err := l.file.Write(append(line, '\n')); err != nil {
			return e, fmt.Errorf("append to ledger: %w", err)
		}
		if l.fsync {
			if err := l.file.Sync(); err != nil {
				return e, fmt.Errorf("sync ledger: %w", err)
			}
		}
	}
	l.entries = append(l.entries, e)
	return e, nil
}

func (l *ledger) close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
