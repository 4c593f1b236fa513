package main

import (
	"context"
	"fmt"
	"io"
	"net/url"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"github.com/kontor-dev/kontor/migrations"
)

func migrateCommand() *cobra.Command {
	var adminURL, password string
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Make databases, roles and schemas, or bring them up to date",
		Long: `Make the databases of the three services and the roles they log in with, and bring each schema up to date. Safe to run
again, and beside itself. The role of the URL must be allowed to make databases and roles.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if adminURL == "" {
				return &usageError{fmt.Errorf("--admin-url or KONTOR_ADMIN_URL is missing")}
			}
			return migrate(cmd.Context(), cmd.ErrOrStderr(), adminURL, password)
		},
	}
	cmd.Flags().StringVar(&adminURL, "admin-url", envOr("KONTOR_ADMIN_URL", ""), "Postgres URL of an administrator (KONTOR_ADMIN_URL)")
	cmd.Flags().StringVar(&password, "password", envOr("KONTOR_DB_PASSWORD", "kontor"), "password the services' roles get (KONTOR_DB_PASSWORD)")
	return cmd
}

// migrate makes and updates all databases of one server.
func migrate(ctx context.Context, progress io.Writer, adminURL, password string) error {
	if err := migrations.Create(ctx, adminURL, password); err != nil {
		return err
	}
	for _, s := range migrations.Services {
		target, err := databaseURL(adminURL, s.Database, "", "")
		if err != nil {
			return err
		}
		pool, err := pgxpool.New(ctx, target)
		if err != nil {
			return err
		}
		run, err := migrations.Up(ctx, pool, s.Name)
		pool.Close()
		if err != nil {
			return err
		}
		if run > 0 {
			fmt.Fprintf(progress, "migrated %s: %d new\n", s.Database, run)
		}
	}
	return nil
}

// databaseURL is a Postgres URL with another database and, if user is given, another login.
func databaseURL(base, database, user, password string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", fmt.Errorf("read the Postgres URL: %w", err)
	}
	u.Path = "/" + database
	if user != "" {
		u.User = url.UserPassword(user, password)
	}
	return u.String(), nil
}
