package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/term"
)

// LogFormat is how log records look.
type LogFormat string

// The formats.
const (
	LogAuto LogFormat = "auto" // LogText on a terminal, else LogJSON
	LogJSON LogFormat = "json"
	LogText LogFormat = "text"
)

// LogConfig says what is logged and how. It is meant to be embedded in a service's
// configuration with envPrefix:"LOG_".
type LogConfig struct {
	Level  slog.Level `env:"LEVEL" envDefault:"INFO" doc:"DEBUG, INFO, WARN or ERROR"`
	Format LogFormat  `env:"FORMAT" envDefault:"auto" doc:"auto, json or text"`
}

// Validate returns what is wrong with c.
func (c LogConfig) Validate() error {
	switch c.Format {
	case "", LogAuto, LogJSON, LogText:
		return nil
	}
	return fmt.Errorf("LOG_FORMAT is auto, json or text, not %q", c.Format)
}

// NewLogger returns a logger that writes to w for the named service. Further
// handlers get every record too.
func NewLogger(w io.Writer, service string, c LogConfig, more ...slog.Handler) *slog.Logger {
	var h slog.Handler
	if c.Format == LogText || c.Format != LogJSON && isTerminal(w) {
		h = tint.NewTextHandler(w, &tint.Options{Level: c.Level, TimeFormat: time.TimeOnly, NoColor: !isTerminal(w) || os.Getenv("NO_COLOR") != ""})
	} else {
		h = slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.Level})
	}
	if len(more) > 0 {
		h = slog.NewMultiHandler(append([]slog.Handler{h}, more...)...)
	}
	return slog.New(&traced{h}).With("service", service)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// traced adds the ids of the span in the context, and makes line feeds in the
// message harmless, which the JSON handler does by itself and the text one not.
type traced struct{ slog.Handler }

func (t *traced) Handle(ctx context.Context, r slog.Record) error {
	if strings.ContainsAny(r.Message, "\r\n") {
		r = r.Clone()
		r.Message = strings.NewReplacer("\r", `\r`, "\n", `\n`).Replace(r.Message)
	}
	if sc := trace.SpanContextFromContext(ctx); sc.IsValid() {
		r = r.Clone()
		r.AddAttrs(slog.String("trace_id", sc.TraceID().String()), slog.String("span_id", sc.SpanID().String()))
	}
	return t.Handler.Handle(ctx, r)
}

func (t *traced) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &traced{t.Handler.WithAttrs(attrs)}
}
func (t *traced) WithGroup(name string) slog.Handler { return &traced{t.Handler.WithGroup(name)} }
