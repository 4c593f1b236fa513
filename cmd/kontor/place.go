package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kontor-dev/kontor/internal/ids"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// placeRequest is the body of POST /v1/orders.
type placeRequest struct {
	Currency     string            `json:"currency"`
	Lines        []placeLine       `json:"lines"`
	Address      map[string]string `json:"shipping_address"`
	Submit       bool              `json:"submit"`
	PaymentToken string            `json:"payment_method_token"`
}

type placeLine struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

func placeCommand() *cobra.Command {
	var f clientFlags
	var currency, token, key string
	cmd := &cobra.Command{
		Use:   "place SKU=QUANTITY…",
		Short: "Place an order",
		Example: `  kontor place MUG-BLUE=2 TEA-EARL=1
  kontor place MUG-BLUE=1 --payment tok_declined_funds`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			lines, err := parseLines(args)
			if err != nil {
				return &usageError{err}
			}
			c, err := f.client(cmd.Context())
			if err != nil {
				return err
			}
			if key == "" {
				key = es.NewID()
			}
			body := placeRequest{Currency: currency, Lines: lines, Address: demoAddress, Submit: true, PaymentToken: token}
			var raw json.RawMessage
			if err := c.do(cmd.Context(), http.MethodPost, "/v1/orders", http.Header{"Idempotency-Key": {key}}, body, &raw); err != nil {
				return err
			}
			return printOrder(cmd.OutOrStdout(), f.output, raw)
		},
	}
	f.add(cmd, "customer")
	cmd.Flags().StringVar(&currency, "currency", "EUR", "ISO 4217 code")
	cmd.Flags().StringVar(&token, "payment", "tok_ok", "payment method token")
	cmd.Flags().StringVar(&key, "key", "", "Idempotency-Key; default: a fresh one")
	return cmd
}

// demoAddress is where `kontor place` sends its parcels.
var demoAddress = map[string]string{
	"name": "Demo Customer", "line1": "1 Sample Street", "postal_code": "10115", "city": "Berlin", "country": "DE", "email": "demo@example.com",
}

func parseLines(args []string) ([]placeLine, error) {
	lines := make([]placeLine, len(args))
	for i, arg := range args {
		name, count, found := strings.Cut(arg, "=")
		quantity := 1
		if found {
			n, err := strconv.Atoi(count)
			if err != nil {
				return nil, fmt.Errorf("%s: want SKU=QUANTITY", arg)
			}
			quantity = n
		}
		sku, err := ids.SKU(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", arg, err)
		}
		lines[i] = placeLine{SKU: sku, Quantity: quantity}
	}
	return lines, nil
}
