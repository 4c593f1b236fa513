package migrations_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/migrations"
)

func TestGrantsAreTheOnesReviewed(t *testing.T) {
	t.Parallel()
	const golden = "testdata/grants.golden"
	var got strings.Builder
	for _, s := range migrations.Services {
		fmt.Fprintf(&got, "# %s: what each role may do with tables; the owner is left out\n", s.Database)
		for _, l := range lines(t, migrated(t, s.Name), `
select format('%s %s.%s %s', grantee, table_schema, table_name, string_agg(privilege_type, ', ' order by privilege_type))
from (select * from information_schema.role_table_grants where grantee <> current_user
      union select * from information_schema.table_privileges where grantee = 'PUBLIC') as given
where table_schema not in ('pg_catalog', 'information_schema')
group by grantee, table_schema, table_name order by grantee collate "C", table_schema collate "C", table_name collate "C"`) {
			got.WriteString(l + "\n")
		}
		got.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("grants changed. If that is meant, run `go test ./migrations -run Grants -update` and have the difference reviewed:\n%s",
			difference(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")))
	}
}

func TestTheRolesBelongToNobodyPowerful(t *testing.T) {
	t.Parallel()
	pool := migrated(t, "order")
	for _, l := range lines(t, pool, `select rolname::text from pg_roles where rolname = any($1)
and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)`, migrations.Roles) {
		t.Errorf("%s may do what no service may", l)
	}
	if got := lines(t, pool, "select rolname::text from pg_roles where rolname = any($1)", migrations.Roles); len(got) != len(migrations.Roles) {
		t.Errorf("roles: %v, want all of %v", got, migrations.Roles)
	}
}

const insertEvent = `insert into events (stream_id, event_id, version, stream_type, event_type, data, metadata)
values (gen_random_uuid(), gen_random_uuid(), 1, 'order', 'order.drafted', '{}', '{}')`

// stores are the databases with an event store, and the role that writes it.
var stores = map[string]string{"order": "order_app", "payment": "payment_app"}

func TestAServiceMayOnlyAddEvents(t *testing.T) {
	t.Parallel()
	for service, role := range stores {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			app := as(t, migrated(t, service), role)
			exec(t, app, insertEvent)
			if n := lines(t, app, "select event_type from events"); len(n) != 1 {
				t.Fatalf("it reads %d events, want the one it added", len(n))
			}
			for name, sql := range map[string]string{
				"UPDATE":                   "update events set data = '{}'",
				"DELETE":                   "delete from events",
				"TRUNCATE":                 "truncate events",
				"SELECT FOR UPDATE":        "select * from events for update",
				"ALTER":                    "alter table events add column more text",
				"DROP":                     "drop table events",
				"CREATE TRIGGER":           "create trigger mine before insert on events for each row execute function append_only()",
				"DISABLE TRIGGER":          "alter table events disable trigger all",
				"session_replication_role": "set session_replication_role = replica",
				"CREATE TABLE":             "create table mine (n int)",
				"CREATE TEMP TABLE":        "create temp table mine (n int)",
				"CREATE SCHEMA":            "create schema mine",
				"LOCK TABLE":               "do $$ begin lock table events in access exclusive mode; end $$",
				"the migrations' log":      "delete from schema_migrations",
			} {
				t.Run(name, func(t *testing.T) { refused(t, app, sql, "") })
			}
			if n := lines(t, app, "select event_type from events"); len(n) != 1 {
				t.Errorf("%d events are left", len(n))
			}
		})
	}
}

func TestTheOwnerMayNotChangeEventsEither(t *testing.T) {
	t.Parallel()
	for service := range stores {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			owner := migrated(t, service)
			exec(t, owner, insertEvent)
			for _, sql := range []string{"update events set data = '{}'", "delete from events", "truncate events"} {
				refused(t, owner, sql, "events is append-only")
			}
		})
	}
}

func TestReadersOfViewsMayNotWrite(t *testing.T) {
	t.Parallel()
	owner := migrated(t, "query")
	for _, role := range []string{"query_read", "query_staff", "kontor_audit"} {
		t.Run(role, func(t *testing.T) {
			own := as(t, owner, role)
			for _, table := range []string{"view_a.orders", "view_b.payments", "view_a.stock"} {
				if n := lines(t, own, "select count(*)::text from "+table); n[0] != "0" {
					t.Fatalf("%s rows in %s of an empty database", n[0], table)
				}
				refused(t, own, "delete from "+table, "")
			}
			refused(t, own, "update view_live set side = 'b'", "")
		})
	}
}

func TestAConsumersOperatorMayDiscard(t *testing.T) {
	t.Parallel()
	for service, role := range stores {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			exec(t, as(t, migrated(t, service), role), `insert into discarded_record (consumer, topic, part, off, key, stream, version, reason)
values ('c', 't', 0, 1, 'k', 's', 1, 'a test')`)
		})
	}
}

// refused fails unless the statement ends with insufficient_privilege, and with this text if there is one.
func refused(t *testing.T, pool *pgxpool.Pool, sql, text string) {
	t.Helper()
	_, err := pool.Exec(t.Context(), sql)
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "42501" || !strings.Contains(pg.Message, text) {
		t.Errorf("%s: got %v, want 42501 %s", sql, err, text)
	}
}
