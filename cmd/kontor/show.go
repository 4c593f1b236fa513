package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/kontor-dev/kontor/internal/money"
)

// orderView is what the terminal shows of an order.
type orderView struct {
	OrderID     string      `json:"order_id"`
	Number      string      `json:"order_number"`
	Version     int64       `json:"version"`
	Customer    string      `json:"customer_id"`
	Currency    string      `json:"currency"`
	Status      string      `json:"status"`
	Payment     string      `json:"payment_status"`
	Fulfillment string      `json:"fulfillment_status"`
	GrandTotal  money.Money `json:"grand_total"`
	Captured    money.Money `json:"captured"`
	Refunded    money.Money `json:"refunded"`
	Lines       []struct {
		SKU       string      `json:"sku"`
		Name      string      `json:"name"`
		Ordered   int         `json:"ordered"`
		Cancelled int         `json:"cancelled"`
		Shipped   int         `json:"shipped"`
		Delivered int         `json:"delivered"`
		UnitPrice money.Money `json:"unit_price"`
	} `json:"lines"`
}

func showCommand() *cobra.Command {
	var f clientFlags
	var version int64
	var at string
	cmd := &cobra.Command{
		Use:   "show ORDER_ID",
		Short: "Show an order: the view, or the state of its stream at a version or a moment",
		Args:  exactly("ORDER_ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := f.client(cmd.Context())
			if err != nil {
				return err
			}
			path := "/v1/orders/" + url.PathEscape(args[0])
			switch {
			case version > 0:
				path += "/state?version=" + strconv.FormatInt(version, 10)
			case at != "":
				path += "/state?at=" + url.QueryEscape(at)
			}
			var raw json.RawMessage
			if err := c.do(cmd.Context(), http.MethodGet, path, nil, nil, &raw); err != nil {
				return err
			}
			return printOrder(cmd.OutOrStdout(), f.output, raw)
		},
	}
	f.add(cmd, "support")
	cmd.Flags().Int64Var(&version, "version", 0, "as of this version of the stream")
	cmd.Flags().StringVar(&at, "at", "", "as of this moment (RFC 3339)")
	return cmd
}

func printOrder(w io.Writer, output string, raw json.RawMessage) error {
	if output == "json" {
		return printJSON(w, raw)
	}
	var o orderView
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s  %s  version %d\n%s · payment %s · fulfillment %s\n", o.OrderID, o.Number, o.Version, o.Status, o.Payment, o.Fulfillment)
	t := newTable(w, "sku", "name", "ordered", "cancelled", "shipped", "delivered", "unit price")
	for _, l := range o.Lines {
		t.AppendRow(table.Row{l.SKU, l.Name, l.Ordered, l.Cancelled, l.Shipped, l.Delivered, amount(l.UnitPrice)})
	}
	t.Render()
	_, err := fmt.Fprintf(w, "total %s · captured %s · refunded %s\n", amount(o.GrandTotal), amount(o.Captured), amount(o.Refunded))
	return err
}

// newTable is a plain table that reads well in a terminal and in a pipe.
func newTable(w io.Writer, columns ...any) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.AppendHeader(table.Row(columns))
	return t
}

// amount is how a person reads money: "19.99 EUR".
func amount(m money.Money) string {
	return money.Format(m.Amount, m.Currency) + " " + string(m.Currency)
}
