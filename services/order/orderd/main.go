package orderd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/telemetry"
)

// Version is set by the linker when a release is built.
var Version = "dev"

// Main is the command line of the service: serve (the default), healthcheck, config or version. It is in args
// without the program's name.
func Main(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	command := "serve"
	if len(args) > 0 {
		command = args[0]
	}
	if command == "version" {
		_, err := fmt.Fprintln(stdout, Version)
		return err
	}
	cfg, err := ConfigFrom(environ)
	if err != nil {
		return err
	}
	switch command {
	case "serve":
		return serve(ctx, cfg, stderr)
	case "config":
		return config.Print(stdout, cfg, Prefix)
	case "healthcheck":
		return healthcheck(ctx, cfg.AdminAddr)
	default:
		return fmt.Errorf("unknown command %q: serve, healthcheck, config or version", command)
	}
}

func serve(ctx context.Context, cfg Config, stderr io.Writer) (err error) {
	export, err := telemetry.Setup(ctx, "order", Version)
	if err != nil {
		return err
	}
	defer func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		err = errors.Join(err, export.Shutdown(grace))
	}()
	return Run(ctx, cfg, stderr)
}

// healthcheck asks the service's own /readyz.
func healthcheck(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: status %d", resp.StatusCode)
	}
	return nil
}
