package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
)

// timelineEntry is one event of an order as the timeline shows it.
type timelineEntry struct {
	Version    int64     `json:"version"`
	Type       string    `json:"type"`
	OccurredAt time.Time `json:"occurred_at"`
	Actor      string    `json:"actor"`
	After      struct {
		Status      string `json:"status"`
		Payment     string `json:"payment_status"`
		Fulfillment string `json:"fulfillment_status"`
	} `json:"after"`
	Summary string `json:"summary"`
}

func eventsCommand() *cobra.Command {
	var f clientFlags
	cmd := &cobra.Command{
		Use:   "events ORDER_ID",
		Short: "List the timeline of an order",
		Args:  exactly("ORDER_ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := f.client(cmd.Context())
			if err != nil {
				return err
			}
			var raw json.RawMessage
			path := "/v1/orders/" + url.PathEscape(args[0]) + "/timeline?limit=200"
			if err := c.do(cmd.Context(), http.MethodGet, path, nil, nil, &raw); err != nil {
				return err
			}
			if f.output == "json" {
				return printJSON(cmd.OutOrStdout(), raw)
			}
			var page struct {
				Items []timelineEntry `json:"items"`
			}
			if err := json.Unmarshal(raw, &page); err != nil {
				return err
			}
			t := newTable(cmd.OutOrStdout(), "version", "when", "event", "status", "payment", "fulfillment", "actor", "summary")
			for _, e := range page.Items {
				t.AppendRow(table.Row{e.Version, e.OccurredAt.Format("15:04:05.000"), e.Type, e.After.Status, e.After.Payment, e.After.Fulfillment, e.Actor, e.Summary})
			}
			t.Render()
			return nil
		},
	}
	f.add(cmd, "support")
	return cmd
}
