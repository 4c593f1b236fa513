package main

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"github.com/kontor-dev/kontor/pkg/eventsourcing/subscription"
)

func relayCommand() *cobra.Command {
	var database string
	cmd := &cobra.Command{Use: "relay", Short: "See and move the relays that publish events to Kafka"}
	cmd.PersistentFlags().StringVar(&database, "database-url", envOr("KONTOR_DATABASE_URL", ""), "Postgres URL of the service's database (KONTOR_DATABASE_URL)")
	connect := func(cmd *cobra.Command) (*pgxpool.Pool, error) {
		if database == "" {
			return nil, &usageError{errors.New("--database-url is missing: the database of the order or the payment service")}
		}
		return pgxpool.New(cmd.Context(), database)
	}
	status := &cobra.Command{
		Use:   "status",
		Short: "Show how far the subscriptions of a service came",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			pool, err := connect(cmd)
			if err != nil {
				return err
			}
			defer pool.Close()
			states, err := subscription.List(cmd.Context(), pool)
			if err != nil {
				return err
			}
			t := newTable(cmd.OutOrStdout(), "subscription", "position", "updated")
			for _, s := range states {
				t.AppendRow([]any{s.Name, s.Position, s.UpdatedAt.Format("2006-01-02 15:04:05")})
			}
			t.Render()
			return nil
		},
	}
	var name string
	var to int64
	rewind := &cobra.Command{
		Use:   "rewind --name order.relay --to POSITION",
		Short: "Publish everything after a position once more; consumers skip what they have",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to < 0 {
				return &usageError{errors.New("--to is missing: the position to go back to, 0 for the beginning")}
			}
			pool, err := connect(cmd)
			if err != nil {
				return err
			}
			defer pool.Close()
			was, err := subscription.Checkpoint(cmd.Context(), pool, name)
			if err != nil {
				return err
			}
			if to > was {
				return &usageError{fmt.Errorf("%s is at %d: going on to %d would skip events", name, was, to)}
			}
			if err := subscription.Rewind(cmd.Context(), pool, name, to); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: from %d back to %d\n", name, was, to)
			return nil
		},
	}
	rewind.Flags().StringVar(&name, "name", "order.relay", "order.relay or payment.relay")
	rewind.Flags().Int64Var(&to, "to", -1, "position to go back to")
	cmd.AddCommand(status, rewind)
	return cmd
}
