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
	CapturePolicy string              `env:"CAPTURE_POLICY" envDefault:"on_shipment" doc:"on_shipment or on_confirm, of orders placed from now on"`
	Currencies    []string            `env:"CURRENCIES" envDefault:"EUR,USD,GBP,CHF,JPY" doc:"currencies that orders are placed in"`
	Shipping      []string            `env:"SHIPPING" doc:"shipping fees, each CURRENCY:fee:free_from:tax_rate_bp in minor units, tax included; a currency without one ships free"`
	SchemaBaseURL string              `env:"SCHEMA_BASE_URL" envDefault:"http://localhost:8080/schemas" doc:"where the schemas of messages are; fixed for the life of a deployment"`
	AcceptHistory bool                `env:"RELAY_ACCEPT_HISTORY" envDefault:"false" doc:"publish although the topics know more than the store, after a restore"`
	UnsafeStore   bool                `env:"ALLOW_UNSAFE_STORE" envDefault:"false" doc:"accept a database with fsync off; for tests"`
	MigrationWait time.Duration       `env:"MIGRATION_WAIT" envDefault:"2m" doc:"how long to wait for pending migrations"`
	DrainDelay    time.Duration       `env:"DRAIN_DELAY" envDefault:"200ms" doc:"from not ready to closing the port; 5s behind a load balancer"`
	RateLimit     float64             `env:"RATE_LIMIT" envDefault:"0" doc:"requests per second and caller; 0: no limit"`
	MaxInFlight   int                 `env:"MAX_IN_FLIGHT" envDefault:"256" doc:"requests at work at once; more wait shortly, then get 503"`
	Auth          auth.Config         `envPrefix:"AUTH_"`
	Log           telemetry.LogConfig `envPrefix:"LOG_"`
}

// ConfigFrom reads the configuration from an environment such as os.Environ().
// Its error names every problem.
func ConfigFrom(environ []string) (Config, error) { return config.Parse[Config](environ, Prefix) }

// Validate returns what is wrong across fields; [ConfigFrom] calls it.
func (c Config) Validate() error {
	_, err := c.shop()
	return errors.Join(err, c.Auth.Validate(c.Env, c.Addr), c.Log.Validate())
}

// shop is what the use cases are configured with.
func (c Config) shop() (app.Config, error) {
	out := app.Config{CapturePolicy: order.CapturePolicy(c.CapturePolicy), Shipping: map[money.Currency]order.ShippingRate{}}
	var errs []error
	if out.CapturePolicy != order.OnShipment && out.CapturePolicy != order.OnConfirm {
		errs = append(errs, fmt.Errorf("CAPTURE_POLICY is on_shipment or on_confirm, not %q", c.CapturePolicy))
	}
	for _, s := range c.Currencies {
		currency, err := money.ParseCurrency(strings.TrimSpace(s))
		if err != nil {
			errs = append(errs, fmt.Errorf("CURRENCIES: %q is no currency of ISO 4217", s))
			continue
		}
		out.Currencies = append(out.Currencies, currency)
	}
	for _, s := range c.Shipping {
		currency, rate, err := parseRate(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("SHIPPING: %q is not CURRENCY:fee:free_from:tax_rate_bp: %w", s, err))
			continue
		}
		out.Shipping[currency] = rate
	}
	return out, errors.Join(errs...)
}

var errRate = errors.New("expected four parts, amounts of 0 or more and a rate of at most 10000")

// parseRate reads "EUR:490:5000:1900": 4.90, free from 50.00 on, 19 % in it.
func parseRate(s string) (money.Currency, order.ShippingRate, error) {
	parts := strings.Split(strings.TrimSpace(s), ":")
	if len(parts) != 4 {
		return "", order.ShippingRate{}, errRate
	}
	currency, err := money.ParseCurrency(parts[0])
	if err != nil {
		return "", order.ShippingRate{}, err
	}
	var n [3]int64
	for i, part := range parts[1:] {
		if n[i], err = strconv.ParseInt(part, 10, 64); err != nil || n[i] < 0 || n[i] > int64(money.Max) {
			return "", order.ShippingRate{}, errRate
		}
	}
	if n[2] > 10_000 {
		return "", order.ShippingRate{}, errRate
	}
	return currency, order.ShippingRate{
		Fee: money.Amount(n[0]), FreeFrom: money.Amount(n[1]), TaxRateBP: int(n[2]), TaxIncluded: true,
	}, nil
}
