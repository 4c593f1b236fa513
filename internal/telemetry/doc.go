// Package telemetry sets up what an operator sees: logs, traces and metrics.
//
// Logs are slog, one JSON object per line on a pipe and coloured text on a
// terminal; every record made with a context carries trace_id and span_id. Control
// characters in messages and values are escaped, so that no input can forge a
// line. Traces go nowhere unless an OTEL_* variable asks for it; then spans, and
// log records beside standard output, are exported as OpenTelemetry says. Span
// contexts exist in any case, so that problems and log lines always share an id.
// Metrics are Prometheus collectors, named with the prefix kontor_, one registry
// per service.
//
// What one command sets off is spread over processes and over time. It is joined
// by the W3C traceparent that events carry: TraceParent takes it from a context,
// StartLinked begins a span that links to it rather than being its child, because
// an event may be handled days after its request ended.
//
// Ids may appear as attributes of logs and spans, never as labels of metrics;
// names, addresses, tokens and bodies appear nowhere. Daemon packages, cmd and
// adapters import this package.
package telemetry
