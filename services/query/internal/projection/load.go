package projection

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// load reads the states under keys; sql selects key and document. What is not there is missing from the map, so it reads as the zero
// state.
func load[S any](ctx context.Context, tx pgx.Tx, sql string, keys []string) (map[string]S, error) {
	states := make(map[string]S, len(keys))
	if len(keys) == 0 {
		return states, nil
	}
	rows, err := tx.Query(ctx, sql, keys)
	if err != nil {
		return nil, err
	}
	var key string
	var doc []byte
	_, err = pgx.ForEachRow(rows, []any{&key, &doc}, func() error {
		var s S
		if err := json.Unmarshal(doc, &s); err != nil {
			return fmt.Errorf("decode %s: %w", key, err)
		}
		states[key] = s
		return nil
	})
	return states, err
}

// sorted are the keys of m in one order for all: rows are locked in it.
func sorted(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }
