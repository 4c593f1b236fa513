package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/kontor-dev/kontor/internal/fakegateway"
)

type config struct {
	Addr          string `env:"ADDR" envDefault:"127.0.0.1:8090"`
	Ledger        string `env:"LEDGER"`
	Fsync         bool   `env:"FSYNC"`
	SingleCapture bool   `env:"SINGLE_CAPTURE"`
	WebhookURL    string `env:"WEBHOOK_URL"`
	WebhookSecret string `env:"WEBHOOK_SECRET"`
}

func run(ctx context.Context, args, environ []string, stderr io.Writer) error {
	var cfg config
	err := env.ParseWithOptions(&cfg, env.Options{Environment: env.ToMap(environ), Prefix: "FAKEGATEWAY_"})
	if err != nil {
		return err
	}
	switch {
	case len(args) == 0 || args[0] == "serve":
		return serve(ctx, cfg, stderr)
	case args[0] == "healthcheck":
		return healthcheck(ctx, cfg.Addr)
	default:
		return fmt.Errorf("unknown command %q: serve or healthcheck", args[0])
	}
}

func serve(ctx context.Context, cfg config, stderr io.Writer) error {
	log := slog.New(slog.NewJSONHandler(stderr, nil))
	gw, err := fakegateway.New(fakegateway.Options{
		Path: cfg.Ledger, Fsync: cfg.Fsync, SingleCapture: cfg.SingleCapture,
		WebhookURL: cfg.WebhookURL, WebhookSecret: cfg.WebhookSecret, Log: log,
	})
	if err != nil {
		return err
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return errors.Join(err, gw.Close())
	}
	log.Info("fake gateway listens", "addr", ln.Addr().String(), "ledger", cfg.Ledger)
	srv := &http.Server{Handler: gw, ReadHeaderTimeout: 2 * time.Second, IdleTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err = <-served:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if srv.Shutdown(grace) != nil { // requests that never answer
			err = srv.Close()
		}
		<-served
	}
	return errors.Join(err, gw.Close())
}

func healthcheck(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return nil
}
