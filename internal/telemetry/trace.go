package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Export is what OTEL_* variables asked for.
type Export struct {
	// LogHandlers are for NewLogger; empty unless logs are exported.
	LogHandlers []slog.Handler
	shutdown    []func(context.Context) error
}

// Setup makes OpenTelemetry's globals work for this process: W3C propagation, and
// a tracer provider that exports where OTEL_* says, by default nowhere. Call it
// once per process and Shutdown at its end.
func Setup(ctx context.Context, service, version string) (*Export, error) {
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	res, err := resource.Merge(resource.Default(), resource.NewSchemaless(
		attribute.String("service.name", service), attribute.String("service.version", version)))
	if err != nil {
		return nil, fmt.Errorf("describe this process: %w", err)
	}
	e := &Export{}
	if err := errors.Join(e.traces(ctx, res), e.logs(ctx, res)); err != nil {
		return nil, errors.Join(err, e.Shutdown(ctx))
	}
	return e, nil
}

func (e *Export) traces(ctx context.Context, res *resource.Resource) error {
	exporter, err := autoexport.NewSpanExporter(ctx, autoexport.WithFallbackSpanExporter(
		func(context.Context) (sdktrace.SpanExporter, error) { return noSpans{}, nil }))
	if err != nil {
		return fmt.Errorf("exporter of spans: %w", err)
	}
	options := []sdktrace.TracerProviderOption{sdktrace.WithResource(res)}
	if _, none := exporter.(noSpans); none || autoexport.IsNoneSpanExporter(exporter) {
		// Ids without recording: nothing is kept, yet every request has a trace id.
		options = append(options, sdktrace.WithSampler(sdktrace.NeverSample()))
	} else {
		options = append(options, sdktrace.WithBatcher(exporter))
	}
	tp := sdktrace.NewTracerProvider(options...)
	otel.SetTracerProvider(tp)
	e.shutdown = append(e.shutdown, tp.Shutdown)
	return nil
}

func (e *Export) logs(ctx context.Context, res *resource.Resource) error {
	exporter, err := autoexport.NewLogExporter(ctx, autoexport.WithFallbackLogExporter(
		func(context.Context) (sdklog.Exporter, error) { return noLogs{}, nil }))
	if err != nil {
		return fmt.Errorf("exporter of logs: %w", err)
	}
	if _, none := exporter.(noLogs); none || autoexport.IsNoneLogExporter(exporter) {
		return nil
	}
	lp := sdklog.NewLoggerProvider(sdklog.WithResource(res), sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)))
	e.LogHandlers = append(e.LogHandlers, otelslog.NewHandler("kontor", otelslog.WithLoggerProvider(lp)))
	e.shutdown = append(e.shutdown, lp.Shutdown)
	return nil
}

// Shutdown sends what is still buffered and ends the export.
func (e *Export) Shutdown(ctx context.Context) error {
	var errs []error
	for _, f := range e.shutdown {
		errs = append(errs, f(ctx))
	}
	return errors.Join(errs...)
}

type noSpans struct{}

func (noSpans) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }
func (noSpans) Shutdown(context.Context) error                             { return nil }

type noLogs struct{}

func (noLogs) Export(context.Context, []sdklog.Record) error { return nil }
func (noLogs) Shutdown(context.Context) error                { return nil }
func (noLogs) ForceFlush(context.Context) error              { return nil }

var w3c propagation.TraceContext

// TraceParent returns the W3C traceparent of the span in ctx; "" if there is none.
func TraceParent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	w3c.Inject(ctx, carrier)
	return carrier["traceparent"]
}

// WithTraceParent returns a context whose next span is a child of traceparent; ctx
// itself if that is none.
func WithTraceParent(ctx context.Context, traceparent string) context.Context {
	if traceparent == "" {
		return ctx
	}
	return w3c.Extract(ctx, propagation.MapCarrier{"traceparent": traceparent})
}

// StartLinked begins a span of its own that links to traceparent, the stored one
// of the event that is being handled.
func StartLinked(ctx context.Context, name, traceparent string, attrs ...attribute.KeyValue) (context.Context, trace.Span) {
	options := []trace.SpanStartOption{trace.WithAttributes(attrs...)}
	cause := trace.SpanContextFromContext(WithTraceParent(context.Background(), traceparent))
	if cause.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: cause}))
	}
	return Tracer().Start(ctx, name, options...)
}

// Tracer returns Kontor's tracer.
func Tracer() trace.Tracer { return otel.Tracer("github.com/kontor-dev/kontor") }
