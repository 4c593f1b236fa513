package httpapi

import (
	"context"

	"go.opentelemetry.io/otel/propagation"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/services/order/internal/app"
)

// keyed is a request that may have an Idempotency-Key.
type keyed interface {
	Key() string
	Fingerprint(body any) (string, error)
}

// ask says for whom a command is, under which key, and at which version.
func ask(ctx context.Context, k keyed, version int64, body any) (app.Ask, error) {
	a := app.Ask{By: auth.From(ctx), IfVersion: version, TraceParent: traceParent(ctx)}
	if key := k.Key(); key != "" {
		a.CommandID = ids.Command(a.By.Key(), key)
		fingerprint, err := k.Fingerprint(body)
		if err != nil {
			return app.Ask{}, err
		}
		a.Fingerprint = fingerprint
	}
	return a, nil
}

// traceParent is the W3C trace context of ctx; empty without one.
func traceParent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier["traceparent"]
}
