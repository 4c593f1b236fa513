package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/front"
	"github.com/kontor-dev/kontor/internal/telemetry"
)

func frontCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "front",
		Short: "Join the three services to one origin, with the API docs; settings are FRONT_* variables",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Parse[front.Config](os.Environ(), front.Prefix)
			if err != nil {
				return err
			}
			return front.Run(cmd.Context(), cfg, telemetry.NewLogger(cmd.ErrOrStderr(), "front", cfg.Log))
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "healthcheck",
		Short: "Ask a running front whether it answers",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Parse[front.Config](os.Environ(), front.Prefix)
			if err != nil {
				return err
			}
			_, port, err := net.SplitHostPort(cfg.Addr)
			if err != nil {
				return err
			}
			return answers(cmd.Context(), "http://"+net.JoinHostPort("127.0.0.1", port)+"/problems")
		},
	})
	return cmd
}

// answers wants a 200 from a URL.
func answers(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := httpClient().Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, resp.Status)
	}
	return nil
}
