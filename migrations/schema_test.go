package migrations_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/pkg/eventsourcing/pgstore"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
)

// catalogue describes every column, constraint, index, trigger and function of the schemas that are ours, a line each.
func catalogue(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	return lines(t, pool, `
with mine as (select oid, nspname from pg_namespace where nspname in ('public', 'view_a', 'view_b'))
select line from (
  select format('%s.%s column %s %s%s%s%s', nspname, relname, attname, format_type(atttypid, atttypmod),
    case when attnotnull then ' not null' else '' end,
    case when attidentity <> '' then ' identity ' || attidentity::text else '' end,
    coalesce(' default ' || pg_get_expr(adbin, adrelid), '')) as line
  from pg_attribute a join pg_class c on c.oid = attrelid join mine on mine.oid = relnamespace
  left join pg_attrdef d on adrelid = attrelid and adnum = attnum
  where relkind = 'r' and attnum > 0 and not attisdropped
  union all
  select format('%s.%s constraint %s', nspname, relname, pg_get_constraintdef(k.oid))
  from pg_constraint k join pg_class c on c.oid = conrelid join mine on mine.oid = relnamespace where contype <> 'n'
  union all
  select format('%s.%s index %s', nspname, relname, pg_get_indexdef(indexrelid))
  from pg_index join pg_class c on c.oid = indrelid join mine on mine.oid = relnamespace
  union all
  select format('%s.%s trigger %s', nspname, relname, pg_get_triggerdef(g.oid))
  from pg_trigger g join pg_class c on c.oid = tgrelid join mine on mine.oid = relnamespace where not tgisinternal
  union all
  select format('%s.%s policy %s %s %s', nspname, relname, polname, polcmd, pg_get_expr(polqual, polrelid))
  from pg_policy join pg_class c on c.oid = polrelid join mine on mine.oid = relnamespace
  union all
  select format('%s function %s', nspname, pg_get_functiondef(p.oid)) from pg_proc p join mine on mine.oid = pronamespace
) as all_of_it where line not like 'public.schema_migrations %' order by 1`)
}

// difference lists what is on one side alone.
func difference(a, b []string) string {
	var out strings.Builder
	for _, l := range a {
		if !slices.Contains(b, l) {
			out.WriteString("- " + l + "\n")
		}
	}
	for _, l := range b {
		if !slices.Contains(a, l) {
			out.WriteString("+ " + l + "\n")
		}
	}
	return out.String()
}

func TestTheServicesHaveTheTablesOfTheLibraries(t *testing.T) {
	t.Parallel()
	reference := pgtest.Pool(t)
	exec(t, reference, pgsink.Schema)
	consumer := catalogue(t, reference)
	exec(t, reference, pgstore.Schema)
	both := catalogue(t, reference)
	if len(consumer) < 40 || len(both) < len(consumer)+20 {
		t.Fatalf("%d and %d lines: does the catalogue still find everything?", len(consumer), len(both))
	}
	for service, want := range map[string][]string{"order": both, "payment": both, "query": consumer} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			got := slices.DeleteFunc(catalogue(t, migrated(t, service)), func(l string) bool {
				return service == "query" && (!strings.HasPrefix(l, "public.") || strings.HasPrefix(l, "public.view_live "))
			})
			if !slices.Equal(want, got) {
				t.Errorf("the schema differs from pgstore.Schema and pgsink.Schema:\n%s", difference(want, got))
			}
		})
	}
}

func TestBothSidesOfTheViewsAreTheSame(t *testing.T) {
	t.Parallel()
	sides := map[string][]string{}
	for _, l := range catalogue(t, migrated(t, "query")) {
		for _, side := range []string{"view_a", "view_b"} {
			if strings.HasPrefix(l, side+".") {
				sides[side] = append(sides[side], strings.ReplaceAll(l, side, "view"))
			}
		}
	}
	if a, b := sides["view_a"], sides["view_b"]; len(a) < 40 || !slices.Equal(a, b) {
		t.Errorf("%d lines; the sides differ:\n%s", len(a), difference(a, b))
	}
}
