package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// usageError is a command line that cannot be understood.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// root is the command tree.
func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "kontor",
		Short:         "An event-sourced order-management system",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	cmd.AddCommand(
		devCommand(), postgresCommand(), frontCommand(), tokenCommand(),
		placeCommand(), showCommand(), watchCommand(), eventsCommand(),
		migrateCommand(), topicsCommand(), relayCommand(), versionCommand(),
	)
	return cmd
}

// exactly is cobra.ExactArgs with an error that says what is missing.
func exactly(names ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		if len(args) < len(names) {
			return &usageError{fmt.Errorf("%s is missing", names[len(args)])}
		}
		return &usageError{errors.New("too many arguments")}
	}
}
