package paymentd

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/telemetry"
)

// Prefix begins the name of every setting.
const Prefix = "PAYMENT_"

// Config is how one payment service is set up. Make one with [ConfigFrom].
type Config struct {
	Env           string              `env:"ENV" envDefault:"dev" doc:"prod forbids what is for development only"`
	Addr          string              `env:"ADDR" envDefault:"127.0.0.1:8082" doc:"public port"`
	AdminAddr     string              `env:"ADMIN_ADDR" envDefault:"127.0.0.1:9082" doc:"private port: health, metrics, profiles"`
	DatabaseURL   config.Secret       `env:"DATABASE_URL,required" doc:"Postgres of the payment service"`
	Brokers       []string            `env:"BROKERS" envDefault:"127.0.0.1:19092" doc:"Kafka brokers, host:port"`
	GatewayURL    string              `env:"GATEWAY_URL" envDefault:"http://127.0.0.1:8090" doc:"payment gateway"`
	GatewayName   string              `env:"GATEWAY_NAME" envDefault:"fake" doc:"name of the gateway, written into every payment"`
	GatewayWait   time.Duration       `env:"GATEWAY_TIMEOUT" envDefault:"10s" doc:"limit of one call; at most 10s"`
	WebhookSecret config.Secret       `env:"WEBHOOK_SECRET" doc:"signs the gateway's webhooks; without it all are refused"`
	CapturePolicy string              `env:"CAPTURE_POLICY" envDefault:"on_shipment" doc:"on_shipment or on_confirm, as the order service has it"`
	SchemaBaseURL string              `env:"SCHEMA_BASE_URL" envDefault:"http://localhost:8080/schemas" doc:"where the schemas of messages are; fixed for the life of a deployment"`
	AcceptHistory bool                `env:"RELAY_ACCEPT_HISTORY" envDefault:"false" doc:"publish although the topic knows more than the store, after a restore"`
	UnsafeStore   bool                `env:"ALLOW_UNSAFE_STORE" envDefault:"false" doc:"accept a database with fsync off; for tests"`
	MigrationWait time.Duration       `env:"MIGRATION_WAIT" envDefault:"2m" doc:"how long to wait for pending migrations"`
	DrainDelay    time.Duration       `env:"DRAIN_DELAY" envDefault:"200ms" doc:"from not ready to closing the port; 5s behind a load balancer"`
	RateLimit     float64             `env:"RATE_LIMIT" envDefault:"200" doc:"requests per second and caller"`
	Auth          auth.Config         `envPrefix:"AUTH_"`
	Log           telemetry.LogConfig `envPrefix:"LOG_"`
}

// ConfigFrom reads the configuration from an environment such as os.Environ(). Its error names every problem.
func ConfigFrom(environ []string) (Config, error) { return config.Parse[Config](environ, Prefix) }

// Validate returns what is wrong across fields; [ConfigFrom] calls it.
func (c Config) Validate() error {
	var errs []error
	if c.CapturePolicy != onShipment && c.CapturePolicy != "on_confirm" {
		errs = append(errs, fmt.Errorf("CAPTURE_POLICY is on_shipment or on_confirm, not %q", c.CapturePolicy))
	}
	u, err := url.Parse(c.GatewayURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		errs = append(errs, errors.New("GATEWAY_URL must be an http or https URL"))
	} else if c.Env == "prod" && u.Scheme != "https" {
		errs = append(errs, errors.New("GATEWAY_URL must be https with ENV=prod"))
	}
	if c.GatewayWait <= 0 || c.GatewayWait > 10*time.Second {
		errs = append(errs, errors.New("GATEWAY_TIMEOUT must be above 0 and at most 10s, or a job would not outlive its call"))
	}
	if c.Env == "prod" && c.WebhookSecret.IsZero() {
		errs = append(errs, errors.New("WEBHOOK_SECRET is needed with ENV=prod"))
	}
	return errors.Join(append(errs, c.Auth.Validate(c.Env, c.Addr), c.Log.Validate())...)
}

const onShipment = "on_shipment"
