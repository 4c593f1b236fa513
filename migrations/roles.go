package migrations

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Roles are the database roles the services log in with. None owns a table, none is superuser: what each may do is in grants/.
// Renaming one is a migration.
var Roles = []string{"order_app", "payment_app", "query_project", "query_read", "query_staff", "kontor_audit"}

// createRoles makes the roles that are missing, without a password and so without a login. Where an administrator made them
// beforehand, the right to make roles is not needed.
func createRoles(ctx context.Context, conn *pgxpool.Conn) error {
	for _, role := range Roles {
		var there bool
		if err := conn.QueryRow(ctx, "select exists (select from pg_roles where rolname = $1)", role).Scan(&there); err != nil {
			return fmt.Errorf("look for role %s: %w", role, err)
		}
		if there {
			continue
		}
		if _, err := conn.Exec(ctx, "create role "+role+" nologin"); err != nil && !exists(err) {
			return fmt.Errorf("create role %s: %w", role, err)
		}
	}
	return nil
}

// exists says whether err means that the thing is there, also when two made it at the same moment: roles and databases belong to the
// whole server, the lock to one database.
func exists(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "42710" || pg.Code == "42P04" || pg.Code == "23505")
}

// Create makes the databases of all services and lets their roles log in with password. The URL is that of a role which may make
// databases and roles; what is there already is kept, passwords are set anew. Nothing else here sets a password.
func Create(ctx context.Context, adminURL, password string) error {
	if password == "" {
		return errors.New("the password of the services' roles is empty")
	}
	pool, err := pgxpool.New(ctx, adminURL)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := checkServer(ctx, pool); err != nil {
		return err
	}
	return locked(ctx, pool, func(ctx context.Context, conn *pgxpool.Conn) error {
		if err := createRoles(ctx, conn); err != nil {
			return err
		}
		if err := setPasswords(ctx, conn, password); err != nil {
			return err
		}
		return createDatabases(ctx, conn)
	})
}

// setPasswords lets the roles log in. ALTER ROLE takes no parameter, so the server quotes it.
func setPasswords(ctx context.Context, conn *pgxpool.Conn, password string) error {
	for _, role := range Roles {
		var set string
		if err := conn.QueryRow(ctx, "select format('alter role %I login password %L', $1::text, $2::text)", role, password).Scan(&set); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, set); err != nil {
			return fmt.Errorf("let role %s log in: %w", role, err)
		}
	}
	return nil
}

func createDatabases(ctx context.Context, conn *pgxpool.Conn) error {
	for _, s := range Services {
		if _, err := conn.Exec(ctx, "create database "+pgx.Identifier{s.Database}.Sanitize()); err != nil && !exists(err) {
			return fmt.Errorf("create database %s: %w", s.Database, err)
		}
	}
	return nil
}
