package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"
)

func watchCommand() *cobra.Command {
	var f clientFlags
	cmd := &cobra.Command{
		Use:   "watch ORDER_ID",
		Short: "Print each change of an order until it is final or Ctrl-C",
		Args:  exactly("ORDER_ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := f.client(cmd.Context())
			if err != nil {
				return err
			}
			err = watch(cmd.Context(), cmd.OutOrStdout(), c, args[0])
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		},
	}
	f.add(cmd, "support")
	return cmd
}

// watch asks for the next version again and again; the view answers as soon as it has it.
func watch(ctx context.Context, w io.Writer, c *client, id string) error {
	path := "/v1/orders/" + url.PathEscape(id)
	query := ""
	for {
		var raw json.RawMessage
		err := c.do(ctx, http.MethodGet, path+query, nil, nil, &raw)
		var r *refusal
		switch {
		case errors.As(err, &r) && r.Code == "read_model_lagging":
			continue // nothing new within the wait
		case err != nil:
			return err
		}
		var o orderView
		if err := json.Unmarshal(raw, &o); err != nil {
			return err
		}
		fmt.Fprintf(w, "version %d: %s · payment %s · fulfillment %s\n", o.Version, o.Status, o.Payment, o.Fulfillment)
		switch o.Status {
		case "completed", "cancelled", "expired":
			return nil
		}
		query = fmt.Sprintf("?min_version=%d&wait=5s", o.Version+1)
	}
}
