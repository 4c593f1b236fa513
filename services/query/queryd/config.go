package queryd

import (
	"errors"
	"time"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/telemetry"
)

// Prefix begins the name of every setting.
const Prefix = "QUERY_"

// Config is how one query service is set up. Make one with [ConfigFrom].
type Config struct {
	Env              string              `env:"ENV" envDefault:"dev" doc:"prod forbids what is for development only"`
	Addr             string              `env:"ADDR" envDefault:"127.0.0.1:8083" doc:"public port"`
	AdminAddr        string              `env:"ADMIN_ADDR" envDefault:"127.0.0.1:9083" doc:"private port: health, metrics, profiles, projections"`
	DatabaseURL      config.Secret       `env:"DATABASE_URL,required" doc:"Postgres of the views as the role that writes them, query_project"`
	ReadDatabaseURL  config.Secret       `env:"READ_DATABASE_URL,required" doc:"the same as the role that reads for customers under row security, query_read"`
	StaffDatabaseURL config.Secret       `env:"STAFF_DATABASE_URL,required" doc:"the same as the role that reads for staff, query_staff"`
	Brokers          []string            `env:"BROKERS" envDefault:"127.0.0.1:19092" doc:"Kafka brokers, host:port"`
	CursorKey        config.Secret       `env:"CURSOR_KEY,required" doc:"secret of list cursors, at least 16 bytes, the same in all replicas"`
	MaxWaits         int                 `env:"MAX_WAITS" envDefault:"100" doc:"reads that wait for a version at once"`
	MigrationWait    time.Duration       `env:"MIGRATION_WAIT" envDefault:"2m" doc:"how long to wait for pending migrations"`
	DrainDelay       time.Duration       `env:"DRAIN_DELAY" envDefault:"200ms" doc:"from not ready to closing the port; 5s behind a load balancer"`
	RateLimit        float64             `env:"RATE_LIMIT" envDefault:"200" doc:"requests per second and caller; 0: no limit"`
	MaxInFlight      int                 `env:"MAX_IN_FLIGHT" envDefault:"256" doc:"requests at once"`
	Auth             auth.Config         `envPrefix:"AUTH_"`
	Log              telemetry.LogConfig `envPrefix:"LOG_"`
}

// ConfigFrom reads the configuration from an environment such as os.Environ(). Its error names every problem.
func ConfigFrom(environ []string) (Config, error) { return config.Parse[Config](environ, Prefix) }

// Validate returns what is wrong across fields; [ConfigFrom] calls it.
func (c Config) Validate() error {
	var errs []error
	if len(c.CursorKey.Reveal()) < 16 {
		errs = append(errs, errors.New("CURSOR_KEY must have at least 16 bytes"))
	}
	if c.MaxWaits < 1 || c.MaxInFlight > 0 && c.MaxWaits >= c.MaxInFlight {
		errs = append(errs, errors.New("MAX_WAITS must be at least 1 and below MAX_IN_FLIGHT, or waiting reads leave no place for others"))
	}
	return errors.Join(append(errs, c.Auth.Validate(c.Env, c.Addr), c.Log.Validate())...)
}
