package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/kontor-dev/kontor/internal/devstack"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
)

// devOptions are the flags of `kontor dev`.
type devOptions struct {
	dir, pgBin, databaseURL string
	brokers                 []string
	ephemeral, reset, empty bool
}

func devCommand() *cobra.Command {
	var o devOptions
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Run the whole shop in one process, on an embedded Postgres and broker",
		Long: `Run the three services, the front, a fake payment gateway, a PostgreSQL and a broker, with demo products. Nothing needs to be
installed: PostgreSQL 15 or later is used where it is found, and downloaded once where it is not. Data is kept between runs.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return dev(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&o.dir, "dir", devstack.DefaultDir(), "where data is kept")
	cmd.Flags().StringVar(&o.pgBin, "pg-bin", "", "folder of PostgreSQL's programs, or `download` to fetch them")
	cmd.Flags().StringVar(&o.databaseURL, "database-url", "", "use this PostgreSQL, as a role that may make databases and roles")
	cmd.Flags().StringSliceVar(&o.brokers, "brokers", nil, "use this Kafka")
	cmd.Flags().BoolVar(&o.ephemeral, "ephemeral", false, "keep nothing: data in a temporary place, without fsync")
	cmd.Flags().BoolVar(&o.reset, "reset", false, "move the data of earlier runs aside and begin anew")
	cmd.Flags().BoolVar(&o.empty, "no-demo", false, "start without demo products")
	return cmd
}

// postgresCommand is the hidden child that keeps the embedded server.
func postgresCommand() *cobra.Command {
	return &cobra.Command{
		Use:    devstack.PostgresCommand,
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE:   func(*cobra.Command, []string) error { return devstack.PostgresChild(os.Stdin, os.Stdout) },
	}
}

// shop is what a run of `kontor dev` has started.
type shop struct {
	ports    map[string]int
	adminURL string
	brokers  []string
	logs     string
	closers  []func() error
}

// dev starts everything from the bottom up, says what to try, waits, and stops from the top down.
func dev(ctx context.Context, o devOptions, out, progress io.Writer) (err error) {
	if o.ephemeral {
		if o.dir, err = os.MkdirTemp("", "kontor-dev"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir)
	}
	lock, err := devstack.Lock(o.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if o.reset {
		moved, err := devstack.Reset(o.dir)
		if err != nil {
			return err
		}
		if moved != "" {
			fmt.Fprintf(progress, "earlier data is in %s now\n", moved)
		}
	}
	s := &shop{logs: filepath.Join(o.dir, "logs")}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.choosePorts(o.dir, progress); err != nil {
		return err
	}
	if err := s.startPostgres(ctx, o, progress); err != nil {
		return err
	}
	if err := s.startBroker(ctx, o, progress); err != nil {
		return err
	}
	daemons, err := s.startDaemons(ctx, o)
	if err != nil {
		return err
	}
	defer daemons.stop()
	if err := daemons.waitReady(ctx); err != nil {
		return err
	}
	if !o.empty {
		if err := seed(ctx, s.url("front")); err != nil {
			return fmt.Errorf("list the demo products: %w", err)
		}
	}
	s.welcome(out)
	return daemons.wait(ctx)
}

// wantedPorts are the same as in docker-compose.yml.
var wantedPorts = []devstack.Port{
	{Name: "front", Number: 8080}, {Name: "order", Number: 8081}, {Name: "payment", Number: 8082}, {Name: "query", Number: 8083},
	{Name: "order admin", Number: 9081}, {Name: "payment admin", Number: 9082}, {Name: "query admin", Number: 9083},
	{Name: "gateway", Number: 8090}, {Name: "postgres", Number: 15432}, {Name: "broker", Number: 19092},
}

func (s *shop) choosePorts(dir string, progress io.Writer) error {
	ports, moved, err := devstack.ChoosePorts(wantedPorts)
	if err != nil {
		return err
	}
	for _, m := range moved {
		fmt.Fprintln(progress, m)
	}
	s.ports = ports
	return devstack.UpdateState(dir, func(st *devstack.State) { st.PID, st.Ports = os.Getpid(), ports })
}

func (s *shop) addr(name string) string { return "127.0.0.1:" + strconv.Itoa(s.ports[name]) }

func (s *shop) url(name string) string { return "http://" + s.addr(name) }

// startPostgres starts a server, unless one was given, and brings the databases up to date.
func (s *shop) startPostgres(ctx context.Context, o devOptions, progress io.Writer) error {
	s.adminURL = o.databaseURL
	if s.adminURL == "" {
		pg, err := devstack.StartPostgres(ctx, devstack.PostgresConfig{
			Dir: o.dir, Port: s.ports["postgres"], BinDir: o.pgBin, Mirror: os.Getenv("KONTOR_POSTGRES_MIRROR"), Ephemeral: o.ephemeral, Stderr: progress,
		})
		if err != nil {
			return err
		}
		s.closers = append(s.closers, pg.Close)
		s.adminURL = pg.URL("postgres")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return migrate(ctx, progress, s.adminURL, devPassword)
}

// devPassword is what the services' roles log in with; the server listens on loopback only.
const devPassword = "kontor"

func (s *shop) startBroker(ctx context.Context, o devOptions, progress io.Writer) error {
	s.brokers = o.brokers
	replication := min(3, len(o.brokers))
	if len(s.brokers) == 0 {
		broker, err := devstack.StartBroker(ctx, devstack.BrokerConfig{Dir: o.dir, Port: s.ports["broker"], Ephemeral: o.ephemeral})
		if err != nil {
			return err
		}
		s.closers = append(s.closers, func() error { broker.Close(); return nil })
		s.brokers, replication = broker.Addrs(), 1
		fmt.Fprintln(progress, devstack.BrokerNotice)
	}
	drift, err := kafka.ApplyTopics(ctx, kafka.Connection{Brokers: s.brokers}, topicSpecs(replication), false)
	for _, d := range drift {
		fmt.Fprintln(progress, "topics:", d)
	}
	return err
}

// close stops what was started, last first.
func (s *shop) close() error {
	var errs []error
	for i := len(s.closers) - 1; i >= 0; i-- {
		errs = append(errs, s.closers[i]())
	}
	return errors.Join(errs...)
}
