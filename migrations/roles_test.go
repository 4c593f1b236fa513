package migrations_test

import (
	"errors"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
)

// login is the URL with another user and database.
func login(t *testing.T, server, role, database string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	if role != "" {
		u.User = url.UserPassword(role, "any")
	}
	u.Path = "/" + database
	return u.String()
}

// upAll migrates every database of the server.
func upAll(t *testing.T, server string) {
	t.Helper()
	for _, s := range migrations.Services {
		if _, err := migrations.Up(t.Context(), pgtest.Connect(t, login(t, server, "", s.Database)), s.Name); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRoles works on a server of its own: roles and these databases belong to the whole server.
func TestRoles(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t).URL()
	admin := pgtest.Connect(t, server)
	exec(t, admin, "create database kontor_order")
	if _, err := migrations.Up(t.Context(), pgtest.Connect(t, login(t, server, "", "kontor_order")), "order"); err != nil {
		t.Fatal(err)
	}
	t.Run("Up alone lets no role log in", func(t *testing.T) {
		if got := passwords(t, admin); len(got) != 0 {
			t.Errorf("these have a password: %v", got)
		}
		if got := lines(t, admin, "select rolname::text from pg_roles where rolcanlogin and rolname = any($1)", migrations.Roles); len(got) != 0 {
			t.Errorf("these may log in: %v", got)
		}
	})

	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := migrations.Create(t.Context(), server, "it's a password"); err != nil {
				t.Errorf("Create beside itself, over what is there: %v", err)
			}
		})
	}
	wg.Wait()
	set := passwords(t, admin)
	t.Run("Create sets the password of each", func(t *testing.T) {
		if len(set) != len(migrations.Roles) {
			t.Errorf("%d roles have one, want %d", len(set), len(migrations.Roles))
		}
	})
	upAll(t, server)
	t.Run("Up keeps passwords", func(t *testing.T) {
		if got := passwords(t, admin); !slices.Equal(got, set) {
			t.Error("they changed")
		}
	})
	t.Run("Create refuses an empty password", func(t *testing.T) {
		if err := migrations.Create(t.Context(), server, ""); err == nil {
			t.Error("it took one")
		}
	})
	t.Run("a role meets its own database only", func(t *testing.T) { meetOwn(t, server) })
	t.Run("a role's statements end", func(t *testing.T) { limits(t, server) })
}

// passwords are the roles that have one, with its hash.
func passwords(t *testing.T, admin *pgxpool.Pool) []string {
	t.Helper()
	return lines(t, admin, "select rolname || ' ' || rolpassword from pg_authid where rolpassword is not null and rolname = any($1) order by 1", migrations.Roles)
}

// homes are the databases that each role may connect to.
var homes = map[string][]string{
	"order_app": {"kontor_order"}, "payment_app": {"kontor_payment"},
	"query_project": {"kontor_query"}, "query_read": {"kontor_query"}, "query_staff": {"kontor_query"},
	"kontor_audit": {"kontor_order", "kontor_payment", "kontor_query"},
}

func meetOwn(t *testing.T, server string) {
	if len(homes) != len(migrations.Roles) {
		t.Fatalf("%d roles are looked at, want %d", len(homes), len(migrations.Roles))
	}
	for role, own := range homes {
		for _, s := range migrations.Services {
			conn, err := pgx.Connect(t.Context(), login(t, server, role, s.Database))
			if err == nil {
				err = conn.Close(t.Context())
			}
			var pg *pgconn.PgError
			if slices.Contains(own, s.Database) {
				if err != nil {
					t.Errorf("%s in %s: %v", role, s.Database, err)
				}
			} else if !errors.As(err, &pg) || pg.Code != "42501" {
				t.Errorf("%s in %s: got %v, want 42501", role, s.Database, err)
			}
		}
	}
}

func limits(t *testing.T, server string) {
	for role, own := range homes {
		pool := pgtest.Connect(t, login(t, server, role, own[0]))
		if role != "kontor_audit" { // it may take its time
			for _, setting := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
				if got := lines(t, pool, "select current_setting($1)", setting); got[0] == "0" {
					t.Errorf("%s has no %s", role, setting)
				}
			}
		}
		reads := role == "query_read" || role == "query_staff" || role == "kontor_audit"
		if got := lines(t, pool, "select current_setting('default_transaction_read_only')"); (got[0] == "on") != reads {
			t.Errorf("%s: read only is %s", role, got[0])
		}
	}
}
