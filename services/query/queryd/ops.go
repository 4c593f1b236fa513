package queryd

import (
	"context"
	"io"
	"log/slog"

	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/daemon"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/query/internal/httpapi"
)

// Main is the command line of the service.
func Main(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	return daemon.Program[Config]{
		Name: "query", Prefix: Prefix, Parse: ConfigFrom, Run: Run, Admin: func(c Config) string { return c.AdminAddr },
	}.Main(ctx, args, environ, stdout, stderr)
}

// OpenAPI is the description of the public API, as YAML.
func OpenAPI() ([]byte, error) {
	api := httpapi.New(webapi.Config{Version: daemon.Version, Log: slog.New(slog.DiscardHandler)}, httpapi.Deps{})
	return api.OpenAPI().YAML()
}

// Settings are the variables of the service, for its documentation.
func Settings() []config.Setting { return config.Settings[Config](Prefix) }
