package projection

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kontor-dev/kontor/pkg/messaging"
)

// Channel is where commits of order views are told. A payload is a list of orders and the version their view has now, "id=version",
// separated by blanks.
const Channel = "view_changed"

// maxPayload is below the 8000 bytes that Postgres takes.
const maxPayload = 7000

// notify tells which orders a transaction changed, once it commits.
func notify(ctx context.Context, tx pgx.Tx, applied []messaging.Message) error {
	if _, err := tx.Exec(ctx, sqlNotify, Channel, payloads(applied)); err != nil {
		return fmt.Errorf("notify %s: %w", Channel, err)
	}
	return nil
}

// payloads names every order once, at its highest version.
func payloads(applied []messaging.Message) []string {
	highest := make(map[string]int64, len(applied))
	var keys []string
	for _, m := range applied {
		if _, known := highest[m.Key]; !known {
			keys = append(keys, m.Key)
		}
		highest[m.Key] = max(highest[m.Key], m.Version)
	}
	var out []string
	var b strings.Builder
	for _, key := range keys {
		if b.Len() > 0 && b.Len()+len(key)+22 > maxPayload {
			out = append(out, b.String())
			b.Reset()
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(key + "=" + strconv.FormatInt(highest[key], 10))
	}
	return append(out, b.String())
}
