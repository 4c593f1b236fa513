package paymentd

import (
	"log/slog"

	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/payment/internal/httpapi"
)

// OpenAPI is the description of the service's HTTP API, OpenAPI 3.1 in YAML. It needs nothing that runs.
func OpenAPI() ([]byte, error) {
	api := httpapi.New(webapi.Config{Version: Version, Log: slog.New(slog.DiscardHandler)}, httpapi.Deps{})
	return api.OpenAPI().YAML()
}
