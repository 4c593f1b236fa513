package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func tokenCommand() *cobra.Command {
	var f clientFlags
	cmd := &cobra.Command{
		Use:   "token --role ROLE [--subject NAME]",
		Short: "Print a token of the development issuer, and nothing else",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := &client{base: f.url, http: httpClient()}
			token, err := c.devToken(cmd.Context(), f.role, f.subject)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), token)
			return err
		},
	}
	f.add(cmd, "customer")
	return cmd
}
