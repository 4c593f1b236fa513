package front

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/telemetry"
)

// Prefix is that of front's variables.
const Prefix = "FRONT_"

// Config says where the services are.
type Config struct {
	Env  string `env:"ENV" envDefault:"dev" doc:"prod refuses everything that is for development only"`
	Addr string `env:"ADDR" envDefault:"127.0.0.1:8080" doc:"address to listen on"`

	OrderURL   string `env:"ORDER_URL" envDefault:"http://127.0.0.1:8081" doc:"base URL of the order service"`
	PaymentURL string `env:"PAYMENT_URL" envDefault:"http://127.0.0.1:8082" doc:"base URL of the payment service"`
	QueryURL   string `env:"QUERY_URL" envDefault:"http://127.0.0.1:8083" doc:"base URL of the query service"`

	Issuer     string `env:"ISSUER" doc:"URL under which front is the development issuer, as services know it; empty: it is none"`
	DevKeyFile string `env:"DEV_KEY_FILE" doc:"where the development issuer keeps its key; empty: a new key at every start"`
	DevRemote  bool   `env:"DEV_REMOTE" envDefault:"false" doc:"with an issuer, listen beyond loopback too"`

	Log telemetry.LogConfig `envPrefix:"LOG_"`
}

// Validate returns every problem of c.
func (c Config) Validate() error {
	errs := []error{c.Log.Validate()}
	for _, u := range []struct{ name, url string }{
		{"ORDER_URL", c.OrderURL}, {"PAYMENT_URL", c.PaymentURL}, {"QUERY_URL", c.QueryURL},
	} {
		if parsed, err := url.Parse(u.url); err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
			errs = append(errs, fmt.Errorf("%s%s must be an http or https URL", Prefix, u.name))
		}
	}
	if c.Issuer != "" {
		errs = append(errs, auth.Config{Mode: auth.ModeDev, Issuer: c.Issuer, DevRemote: c.DevRemote}.Validate(c.Env, c.Addr))
	}
	return errors.Join(errs...)
}
