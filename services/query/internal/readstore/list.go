package readstore

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/services/query/internal/view"
)

// query is a list's statement as it grows.
type query struct {
	conditions []string
	args       []any
	scope      []string // everything that a cursor is bound to
}

// newQuery begins a list. Name, caller and sort are what any cursor is bound to.
func newQuery(name string, who auth.Principal, sort string) *query {
	kind := "customer"
	if who.IsStaff() {
		kind = "staff"
	}
	return &query{scope: []string{name, kind, who.Key(), sort}}
}

// arg is the placeholder of v.
func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}

// where adds a condition; %s in it stands for v.
func (q *query) where(condition string, v any) {
	q.conditions = append(q.conditions, fmt.Sprintf(condition, q.arg(v)))
}

// filter is a condition that the caller asked for, and that a cursor is bound to. An empty one is none.
func (q *query) filter(name, condition, v string) {
	if v != "" {
		q.where(condition, v)
		q.scope = append(q.scope, name, v)
	}
}

// anyOf is a filter by a list of values.
func (q *query) anyOf(name, column string, values []string) {
	switch len(values) {
	case 0:
		return
	case 1: // so that the index of the column and the sort key is of use
		q.where(column+" = %s", values[0])
	default:
		q.where(column+" = any(%s)", values)
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	q.scope = append(append(q.scope, name), slices.Compact(sorted)...)
}

// since and before filter by an instant, [from, to).
func (q *query) since(name, condition string, t time.Time) {
	if !t.IsZero() {
		q.where(condition, t)
		q.scope = append(q.scope, name, t.UTC().Format(time.RFC3339Nano))
	}
}

// order is how a list is sorted: by a column, then by a unique one.
type order struct {
	column, unique string // SQL
	cast, ucast    string // how their values are read from a cursor, %s being the text
	descending     bool
}

// page returns the end of the statement: conditions, order and limit, and one row more than asked for.
func (q *query) page(s *Store, by order, p view.Paging) (string, error) {
	compare, direction := ">", ""
	if by.descending {
		compare, direction = "<", " desc"
	}
	if p.Cursor != "" {
		key, id, err := s.openCursor(q.scope, p.Cursor)
		if err != nil {
			return "", err
		}
		q.conditions = append(q.conditions, fmt.Sprintf("(%s, %s) %s ("+by.cast+", "+by.ucast+")",
			by.column, by.unique, compare, q.arg(key), q.arg(id)))
	}
	var b strings.Builder
	if len(q.conditions) > 0 {
		b.WriteString(" where " + strings.Join(q.conditions, " and "))
	}
	fmt.Fprintf(&b, " order by %s%s, %s%s limit %d", by.column, direction, by.unique, direction, p.Limit+1)
	return b.String(), nil
}

// pageOf cuts the row more than asked for off, and makes the cursor that goes on behind the last one shown.
func pageOf[T any](s *Store, q *query, p view.Paging, items []T, key func(T) (key, id string)) view.Page[T] {
	if len(items) <= p.Limit {
		return view.Page[T]{Items: items}
	}
	items = items[:p.Limit]
	last, id := key(items[len(items)-1])
	return view.Page[T]{Items: items, Next: s.sealCursor(q.scope, last, id)}
}

// How keys are read from a cursor: %s is the placeholder of a text.
const (
	castInstant = "to_timestamp(0) + %s::text::bigint * interval '1 microsecond'"
	castNumber  = "%s::text::bigint"
	castUUID    = "%s::text::uuid"
	castText    = "%s::text collate \"C\""
)
