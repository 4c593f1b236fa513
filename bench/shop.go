package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/auth/devissuer"
	"github.com/kontor-dev/kontor/internal/devstack"
	"github.com/kontor-dev/kontor/migrations"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/services/order/orderd"
	"github.com/kontor-dev/kontor/services/query/queryd"
)

// skus is how many products the placed orders are spread over, clients how many ask at once.
const (
	skus    = 500
	clients = 64
)

// shop is an order service and what it needs, in this process.
type shop struct {
	pg                     *devstack.Postgres
	broker                 *devstack.Broker
	issuer                 *devissuer.Issuer
	issuerURL              string
	order, query           string // addresses
	customer, admin, staff string // tokens
	dir                    string
}

// benchShop measures HTTP, the relay and the projections, one after another.
func benchShop(ctx context.Context, pg *devstack.Postgres, dir string, s settings, r *report) error {
	shop, closeShop, err := openShop(ctx, pg, dir)
	if err != nil {
		return err
	}
	defer closeShop()
	stop, err := shop.startOrder(ctx)
	if err != nil {
		return err
	}
	err = shop.benchHTTP(ctx, s, r)
	if stopErr := stop(); err == nil {
		err = stopErr
	}
	if err != nil || s.only == "http" {
		return err
	}
	events, err := shop.benchRelay(ctx, r)
	if err != nil || s.only == "relay" {
		return err
	}
	return shop.benchProjection(ctx, events, r)
}

// openShop makes databases, topics and an issuer of tokens.
func openShop(ctx context.Context, pg *devstack.Postgres, dir string) (*shop, func(), error) {
	if err := migrate(ctx, pg); err != nil {
		return nil, nil, err
	}
	broker, err := devstack.StartBroker(ctx, devstack.BrokerConfig{Dir: dir, Ephemeral: true})
	if err != nil {
		return nil, nil, err
	}
	specs := []kafka.TopicSpec{{Name: orderv1.Topic, Partitions: 12}, {Name: paymentv1.Topic, Partitions: 12}, {Name: catalogv1.Topic, Partitions: 12}}
	if _, err := kafka.ApplyTopics(ctx, kafka.Connection{Brokers: broker.Addrs()}, specs, false); err != nil {
		return nil, nil, err
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	s := &shop{pg: pg, broker: broker, dir: dir, issuerURL: "http://" + ln.Addr().String(), order: freeAddr(), query: freeAddr()}
	if s.issuer, err = devissuer.New(s.issuerURL, ""); err != nil {
		return nil, nil, err
	}
	srv := &http.Server{Handler: s.issuer.Handler(), ReadHeaderTimeout: time.Second}
	go func() { _ = srv.Serve(ln) }() // ends with Close
	for _, t := range []struct {
		token *string
		role  auth.Role
	}{{&s.customer, auth.Customer}, {&s.admin, auth.Admin}, {&s.staff, auth.Support}} {
		if *t.token, err = s.issuer.Mint("bench-"+string(t.role), time.Hour, t.role); err != nil {
			return nil, nil, err
		}
	}
	return s, func() { _ = srv.Close(); broker.Close() }, nil
}

func migrate(ctx context.Context, pg *devstack.Postgres) error {
	if err := migrations.Create(ctx, pg.URL("postgres"), "bench"); err != nil {
		return err
	}
	for _, m := range migrations.Services {
		pool, err := pgxpool.New(ctx, pg.URL(m.Database))
		if err != nil {
			return err
		}
		_, err = migrations.Up(ctx, pool, m.Name)
		pool.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// freeAddr is an address on loopback that was free when it looked.
func freeAddr() string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer ln.Close()
	return ln.Addr().String()
}

// as is the URL of a database for a role of a service.
func (s *shop) as(role, database string) string {
	u, err := url.Parse(s.pg.URL(database))
	if err != nil {
		return ""
	}
	u.User = url.UserPassword(role, "bench")
	return u.String()
}

func (s *shop) common(prefix, addr, admin string) []string {
	return []string{
		prefix + "ADDR=" + addr, prefix + "ADMIN_ADDR=" + admin, prefix + "BROKERS=" + strings.Join(s.broker.Addrs(), ","), prefix + "RATE_LIMIT=0",
		prefix + "AUTH_MODE=dev", prefix + "AUTH_ISSUER=" + s.issuerURL, prefix + "AUTH_JWKS_URL=" + s.issuerURL + devissuer.KeysPath, prefix + "LOG_LEVEL=WARN",
	}
}

// startOrder runs the order service and returns what stops it.
func (s *shop) startOrder(ctx context.Context) (func() error, error) {
	admin := freeAddr()
	cfg, err := orderd.ConfigFrom(append(s.common("ORDER_", s.order, admin), "ORDER_DATABASE_URL="+s.as("order_app", "kontor_order"), "ORDER_DRAIN_DELAY=0s"))
	if err != nil {
		return nil, err
	}
	return s.start(ctx, "order", admin, func(ctx context.Context, log *os.File) error { return orderd.Run(ctx, cfg, log) })
}

// startQuery runs the query service and returns what stops it.
func (s *shop) startQuery(ctx context.Context) (func() error, error) {
	admin := freeAddr()
	cfg, err := queryd.ConfigFrom(append(s.common("QUERY_", s.query, admin), "QUERY_CURSOR_KEY=a-key-of-the-benchmark-that-is-long-enough",
		"QUERY_DATABASE_URL="+s.as("query_project", "kontor_query"), "QUERY_READ_DATABASE_URL="+s.as("query_read", "kontor_query"),
		"QUERY_STAFF_DATABASE_URL="+s.as("query_staff", "kontor_query")))
	if err != nil {
		return nil, err
	}
	return s.start(ctx, "query", admin, func(ctx context.Context, log *os.File) error { return queryd.Run(ctx, cfg, log) })
}

// start runs a service in this process until it is stopped, and waits until it is ready.
func (s *shop) start(ctx context.Context, name, admin string, run func(context.Context, *os.File) error) (func() error, error) {
	log, err := os.Create(filepath.Join(s.dir, name+".log"))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- run(ctx, log) }()
	stop := func() error {
		cancel()
		return errors.Join(<-done, log.Close())
	}
	for deadline := time.Now().Add(30 * time.Second); ; {
		if w, err := dial(ctx, admin); err == nil {
			status, _, err := w.request("GET", "/readyz", "", "", "", nil)
			_ = w.conn.Close()
			if err == nil && status == http.StatusOK {
				return stop, nil
			}
		}
		select {
		case err := <-done:
			done <- err
			return nil, fmt.Errorf("%s ended: %w", name, err)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return nil, errors.Join(fmt.Errorf("%s is not ready", name), stop())
		}
	}
}
