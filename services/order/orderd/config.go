package orderd

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/money"
	"github.com/kontor-dev/kontor/internal/telemetry"
	"github.com/kontor-dev/kontor/services/order/internal/app"
	"github.com/kontor-dev/kontor/services/order/internal/order"
)

// Prefix begins the name of every setting.
const Prefix = "ORDER_"

// Config is how one order service is set up. Make one with [ConfigFrom].
type Config struct {
	Env           string              `env:"ENV" envDefault:"dev" doc:"prod forbids what is for development only"`
	Addr          string              `env:"ADDR" envDefault:"127.0.0.1:8081" doc:"public port"`
	AdminAddr     string              `env:"ADMIN_ADDR" envDefault:"127.0.0.1:9081" doc:"private port: health, metrics, profiles"`
	DatabaseURL   config.Secret       `env:"DATABASE_URL,required" doc:"Postgres of the order service"`
	Brokers       []string            `env:"BROKERS" envDefault:"127.0.0.1:19092" doc:"Kafka brokers, host:port"`
	CapturePolicy string              `env:"CAPTURE_POLICY" envDefault:"on_shipment" doc:"on_shipment or on_confirm, as the payment service has it; orders keep the one they were placed under"`
	Currencies    []string            `env:"CURRENCIES" doc:"currencies that may be placed in; empty: all"`
	Shipping      string              `env:"SHIPPING" doc:"flat fees as CURRENCY:FEE:FREE_FROM:TAX_BP[:net], minor units, comma-separated, as EUR:499:10000:1900; a currency without one ships free"`
	SchemaBaseURL string              `env:"SCHEMA_BASE_URL" envDefault:"http://localhost:8080/schemas" doc:"where the schemas of messages are; fixed for the life of a deployment"`
	AcceptHistory bool                `env:"RELAY_ACCEPT_HISTORY" envDefault:"false" doc:"publish although a topic knows more than the store, after a restore"`
	UnsafeStore   bool                `env:"ALLOW_UNSAFE_STORE" envDefault:"false" doc:"accept a database with fsync off; for tests"`
	MigrationWait time.Duration       `env:"MIGRATION_WAIT" envDefault:"2m" doc:"how long to wait for pending migrations"`
	DrainDelay    time.Duration       `env:"DRAIN_DELAY" envDefault:"200ms" doc:"from not ready to closing the port; 5s behind a load balancer"`
	RateLimit     float64             `env:"RATE_LIMIT" envDefault:"200" doc:"requests per second and caller; 0: no limit"`
	MaxInFlight   int                 `env:"MAX_IN_FLIGHT" envDefault:"256" doc:"requests at once"`
	Auth          auth.Config         `envPrefix:"AUTH_"`
	Log           telemetry.LogConfig `envPrefix:"LOG_"`
}

// ConfigFrom reads the configuration from an environment such as os.Environ(). Its error names every problem.
func ConfigFrom(environ []string) (Config, error) { return config.Parse[Config](environ, Prefix) }

// Validate returns what is wrong across fields; [ConfigFrom] calls it.
func (c Config) Validate() error {
	var errs []error
	if _, err := c.shop(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(append(errs, c.Auth.Validate(c.Env, c.Addr), c.Log.Validate())...)
}

// shop is what the use cases need of it.
func (c Config) shop() (app.Config, error) {
	shop := app.Config{CapturePolicy: order.CapturePolicy(c.CapturePolicy), Shipping: map[money.Currency]order.ShippingRate{}}
	var errs []error
	if shop.CapturePolicy != order.OnShipment && shop.CapturePolicy != order.OnConfirm {
		errs = append(errs, fmt.Errorf("CAPTURE_POLICY is on_shipment or on_confirm, not %q", c.CapturePolicy))
	}
	for _, code := range c.Currencies {
		currency, err := money.ParseCurrency(strings.TrimSpace(code))
		if err != nil {
			errs = append(errs, fmt.Errorf("CURRENCIES: %q: %w", code, err))
		}
		shop.Currencies = append(shop.Currencies, currency)
	}
	if c.Shipping != "" {
		for entry := range strings.SplitSeq(c.Shipping, ",") {
			currency, rate, err := parseShipping(strings.TrimSpace(entry))
			if err != nil {
				errs = append(errs, fmt.Errorf("SHIPPING: %q: %w", entry, err))
			}
			shop.Shipping[currency] = rate
		}
	}
	return shop, errors.Join(errs...)
}

// parseShipping reads CURRENCY:FEE:FREE_FROM:TAX_BP, with :net for a fee that the tax goes on top of.
func parseShipping(entry string) (money.Currency, order.ShippingRate, error) {
	fields := strings.Split(entry, ":")
	if len(fields) < 4 || len(fields) > 5 || (len(fields) == 5 && fields[4] != "net") {
		return "", order.ShippingRate{}, errors.New("want CURRENCY:FEE:FREE_FROM:TAX_BP, and :net if tax goes on top")
	}
	currency, err := money.ParseCurrency(fields[0])
	if err != nil {
		return "", order.ShippingRate{}, err
	}
	var numbers [3]int64
	for i, text := range fields[1:4] {
		if numbers[i], err = strconv.ParseInt(text, 10, 64); err != nil || numbers[i] < 0 {
			return "", order.ShippingRate{}, errors.New("fee, limit and tax are whole numbers from 0")
		}
	}
	return currency, order.ShippingRate{
		Fee: money.Amount(numbers[0]), FreeFrom: money.Amount(numbers[1]), TaxRateBP: int(numbers[2]), TaxIncluded: len(fields) == 4,
	}, nil
}
