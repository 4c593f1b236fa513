package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/fakegateway"
	"github.com/kontor-dev/kontor/internal/front"
	"github.com/kontor-dev/kontor/internal/lifecycle"
	"github.com/kontor-dev/kontor/internal/telemetry"
	"github.com/kontor-dev/kontor/internal/webapi"
	"github.com/kontor-dev/kontor/services/order/orderd"
	"github.com/kontor-dev/kontor/services/payment/paymentd"
	"github.com/kontor-dev/kontor/services/query/queryd"
)

// webhookSecret signs the fake gateway's hints; both ends are this process.
const webhookSecret = "a-secret-for-development-only"

// daemons are the programs that run in this process as goroutines, each with a log file of its own.
type daemons struct {
	cancel context.CancelFunc
	group  sync.WaitGroup
	ready  []string // URLs that answer 200 once their daemon works
	failed chan error
	logs   string
}

// startDaemons starts gateway, front and the three services.
func (s *shop) startDaemons(ctx context.Context, o devOptions) (*daemons, error) {
	if err := os.MkdirAll(s.logs, 0o755); err != nil {
		return nil, err
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx)) // Ctrl-C ends them in order, see stop
	d := &daemons{cancel: cancel, failed: make(chan error, 5), logs: s.logs}
	for _, p := range []struct {
		name  string
		ready string
		run   func(ctx context.Context, log io.Writer) error
	}{
		{"gateway", s.url("gateway") + "/healthz", func(ctx context.Context, log io.Writer) error { return s.runGateway(ctx, o, log) }},
		{"front", s.url("front") + "/problems", func(ctx context.Context, log io.Writer) error { return s.runFront(ctx, o, log) }},
		{"order", s.url("order admin") + "/readyz", func(ctx context.Context, log io.Writer) error { return s.runOrder(ctx, o, log) }},
		{"payment", s.url("payment admin") + "/readyz", func(ctx context.Context, log io.Writer) error { return s.runPayment(ctx, o, log) }},
		{"query", s.url("query admin") + "/readyz", s.runQuery},
	} {
		log, err := os.OpenFile(filepath.Join(s.logs, p.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			d.stop()
			return nil, err
		}
		d.ready = append(d.ready, p.ready)
		d.group.Go(func() {
			defer log.Close()
			if err := p.run(own, log); err != nil && own.Err() == nil {
				d.failed <- fmt.Errorf("%s ended: %w (more in %s)", p.name, err, log.Name())
			}
		})
	}
	return d, nil
}

// waitReady waits until all of them work, one of them fails, or a minute is over.
func (d *daemons) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, url := range d.ready {
		for {
			err := answers(ctx, url)
			if err == nil {
				break
			}
			select {
			case failed := <-d.failed:
				return failed
			case <-ctx.Done():
				return fmt.Errorf("not ready: %w (logs are in %s)", err, d.logs)
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	return nil
}

// wait returns when ctx ends, or with the error of the first daemon that ends before.
func (d *daemons) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-d.failed:
		return err
	}
}

// stop ends all of them and waits.
func (d *daemons) stop() {
	d.cancel()
	d.group.Wait()
}

func (s *shop) runGateway(ctx context.Context, o devOptions, log io.Writer) error {
	options := fakegateway.Options{
		Path: filepath.Join(o.dir, "ledger.jsonl"), WebhookURL: s.url("payment") + "/v1/webhooks/gateway", WebhookSecret: webhookSecret,
		Log: telemetry.NewLogger(log, "gateway", telemetry.LogConfig{Format: "json"}),
	}
	gateway, err := fakegateway.New(options)
	if err != nil {
		return err
	}
	listener, err := webapi.Listen(ctx, s.addr("gateway"), 0)
	if err != nil {
		return errors.Join(err, gateway.Close())
	}
	err = lifecycle.Run(ctx, options.Log, lifecycle.HTTP("gateway", webapi.NewServer(gateway, options.Log), listener, time.Second))
	return errors.Join(err, gateway.Close())
}

func (s *shop) runFront(ctx context.Context, o devOptions, log io.Writer) error {
	cfg, err := config.Parse[front.Config]([]string{
		"FRONT_ADDR=" + s.addr("front"), "FRONT_ORDER_URL=" + s.url("order"), "FRONT_PAYMENT_URL=" + s.url("payment"), "FRONT_QUERY_URL=" + s.url("query"),
		"FRONT_ISSUER=" + s.issuer(), "FRONT_DEV_KEY_FILE=" + filepath.Join(o.dir, "issuer.json"),
	}, front.Prefix)
	if err != nil {
		return err
	}
	return front.Run(ctx, cfg, telemetry.NewLogger(log, "front", cfg.Log))
}

// issuer is under which name the front issues tokens.
func (s *shop) issuer() string { return fmt.Sprintf("http://localhost:%d", s.ports["front"]) }

// common are the settings that every service has, under its prefix.
func (s *shop) common(name, prefix string) []string {
	return []string{
		prefix + "ADDR=" + s.addr(name), prefix + "ADMIN_ADDR=" + s.addr(name+" admin"), prefix + "BROKERS=" + strings.Join(s.brokers, ","),
		prefix + "AUTH_MODE=dev", prefix + "AUTH_ISSUER=" + s.issuer(), prefix + "AUTH_JWKS_URL=" + s.url("front") + "/.well-known/jwks.json",
	}
}

// unsafeStore accepts the ephemeral server, which does not fsync.
func unsafeStore(prefix string, o devOptions) string {
	return prefix + "ALLOW_UNSAFE_STORE=" + strconv.FormatBool(o.ephemeral)
}

// database is the URL of a service's database for one of its roles.
func (s *shop) database(variable, name, role string) (string, error) {
	u, err := databaseURL(s.adminURL, name, role, devPassword)
	return variable + "=" + u, err
}

func (s *shop) runOrder(ctx context.Context, o devOptions, log io.Writer) error {
	database, err := s.database("ORDER_DATABASE_URL", "kontor_order", "order_app")
	if err != nil {
		return err
	}
	cfg, err := orderd.ConfigFrom(append(s.common("order", "ORDER_"), database, unsafeStore("ORDER_", o)))
	if err != nil {
		return err
	}
	return orderd.Run(ctx, cfg, log)
}

func (s *shop) runPayment(ctx context.Context, o devOptions, log io.Writer) error {
	database, err := s.database("PAYMENT_DATABASE_URL", "kontor_payment", "payment_app")
	if err != nil {
		return err
	}
	cfg, err := paymentd.ConfigFrom(append(s.common("payment", "PAYMENT_"), database, unsafeStore("PAYMENT_", o),
		"PAYMENT_GATEWAY_URL="+s.url("gateway"), "PAYMENT_WEBHOOK_SECRET="+webhookSecret))
	if err != nil {
		return err
	}
	return paymentd.Run(ctx, cfg, log)
}

func (s *shop) runQuery(ctx context.Context, log io.Writer) error {
	env := append(s.common("query", "QUERY_"), "QUERY_CURSOR_KEY=a-key-for-development-only-change-it")
	for variable, role := range map[string]string{
		"QUERY_DATABASE_URL": "query_project", "QUERY_READ_DATABASE_URL": "query_read", "QUERY_STAFF_DATABASE_URL": "query_staff",
	} {
		database, err := s.database(variable, "kontor_query", role)
		if err != nil {
			return err
		}
		env = append(env, database)
	}
	cfg, err := queryd.ConfigFrom(env)
	if err != nil {
		return err
	}
	return queryd.Run(ctx, cfg, log)
}
