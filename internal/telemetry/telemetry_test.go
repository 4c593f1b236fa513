package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/kontor-dev/kontor/internal/telemetry"
)

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func TestALogLineCarriesTheTraceOfItsContext(t *testing.T) {
	var out bytes.Buffer
	log := telemetry.NewLogger(&out, "order", telemetry.LogConfig{Format: telemetry.LogAuto})
	log.With("a", 1).InfoContext(telemetry.WithTraceParent(t.Context(), traceparent), "hello\nforged line")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%s: %v", out.String(), err)
	}
	for key, want := range map[string]any{
		"service": "order", "trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331", "msg": `hello\nforged line`, "a": 1.0,
	} {
		if line[key] != want {
			t.Errorf("%s: %v, want %v", key, line[key], want)
		}
	}
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("%d lines, want 1", n)
	}
}

func TestTextLogsAreOneLinePerRecordAndColourlessOnAPipe(t *testing.T) {
	var out bytes.Buffer
	telemetry.NewLogger(&out, "order", telemetry.LogConfig{Format: telemetry.LogText}).Info("a\r\nb", "value", "c\nd")
	if got := out.String(); strings.Count(got, "\n") != 1 || strings.ContainsRune(got, '\x1b') {
		t.Errorf("got %q", got)
	}
}

func TestTheLevelIsKept(t *testing.T) {
	var out bytes.Buffer
	telemetry.NewLogger(&out, "order", telemetry.LogConfig{Level: slog.LevelWarn}).Info("quiet")
	if out.Len() != 0 {
		t.Errorf("got %q", out.String())
	}
}

func TestAnUnknownFormatIsAProblem(t *testing.T) {
	if err := (telemetry.LogConfig{Format: "xml"}).Validate(); err == nil {
		t.Error("xml was accepted")
	}
	if err := (telemetry.LogConfig{Format: telemetry.LogJSON}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestWithoutConfigurationNothingIsExportedButIdsExist(t *testing.T) {
	for _, name := range []string{"OTEL_TRACES_EXPORTER", "OTEL_LOGS_EXPORTER"} {
		t.Setenv(name, "")
	}
	export, err := telemetry.Setup(t.Context(), "order", "1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := export.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	if len(export.LogHandlers) != 0 {
		t.Error("logs are exported")
	}
	ctx, span := telemetry.Tracer().Start(t.Context(), "x")
	defer span.End()
	if !span.SpanContext().HasTraceID() || span.IsRecording() {
		t.Errorf("trace id %v, recording %v; want an id and no recording", span.SpanContext().TraceID(), span.IsRecording())
	}
	if got := telemetry.TraceParent(ctx); !strings.HasPrefix(got, "00-"+span.SpanContext().TraceID().String()) {
		t.Errorf("traceparent %q", got)
	}
}

func TestAnUnknownExporterIsAProblem(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "pigeon")
	if _, err := telemetry.Setup(t.Context(), "order", "1"); err == nil {
		t.Error("no error")
	}
}

func TestATraceParentTravelsThroughAContext(t *testing.T) {
	if got := telemetry.TraceParent(telemetry.WithTraceParent(t.Context(), traceparent)); got != traceparent {
		t.Errorf("got %q", got)
	}
	for _, bad := range []string{"", "garbage"} {
		if got := telemetry.TraceParent(telemetry.WithTraceParent(t.Context(), bad)); got != "" {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

func TestHandlingAnEventLinksToItsCause(t *testing.T) {
	rec := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(rec)))
	for _, cause := range []string{traceparent, ""} {
		_, span := telemetry.StartLinked(t.Context(), "handle", cause)
		span.End()
	}
	ended := rec.Ended()
	links := ended[0].Links()
	if len(links) != 1 || links[0].SpanContext.TraceID().String() != traceparent[3:35] {
		t.Errorf("links %v", links)
	}
	if ended[0].SpanContext().TraceID() == links[0].SpanContext.TraceID() || ended[0].Parent().IsValid() {
		t.Error("the span is a child of its cause, want a link only")
	}
	if len(ended[1].Links()) != 0 || ended[1].SpanKind() != trace.SpanKindInternal {
		t.Errorf("a span without a cause has links %v", ended[1].Links())
	}
}

func TestMetricsHaveThePrefix(t *testing.T) {
	reg := telemetry.NewRegistry()
	telemetry.Counter(reg, "commands_total", "Commands.", "type").WithLabelValues("place").Inc()
	telemetry.Gauge(reg, "parked_keys", "Keys.", "consumer").WithLabelValues("c").Set(2)
	telemetry.GaugeFunc(reg, "relay_oldest_seconds", "Age.", func() float64 { return 1 })
	telemetry.Seconds(reg, "append_seconds", "Time.").WithLabelValues().Observe(.1)
	telemetry.Sizes(reg, "append_batch_events", "Events.").WithLabelValues().Observe(3)
	names := []string{"kontor_commands_total", "kontor_parked_keys", "kontor_relay_oldest_seconds", "kontor_append_seconds", "kontor_append_batch_events", "go_goroutines"}
	if n, err := testutil.GatherAndCount(reg, names...); err != nil || n != len(names) {
		t.Errorf("%d of %d metrics, err %v", n, len(names), err)
	}
}
