package e2e

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/modules/postgres"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/kontor-dev/kontor/internal/nettest"
)

// stack is the whole shop for one test: containers of its own, a process per service.
type stack struct {
	t        *testing.T
	dir      string // of logs, ledger and keys
	postgres string // URL of an administrator
	broker   string
	kafka    testcontainers.Container
	programs map[string]*program
	front    string
	gateway  string
}

// bin is where TestMain built the programs.
var bin string

// startStack starts everything and waits until it is ready.
func startStack(t *testing.T) *stack {
	t.Helper()
	s := &stack{t: t, dir: t.TempDir(), programs: map[string]*program{}}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	s.startPostgres(ctx)
	s.startKafka(ctx)
	s.tool("migrate", "--admin-url", s.postgres)
	s.tool("topics", "apply", "--brokers", s.broker, "--replication", "1")
	s.startPrograms()
	return s
}

func image(variable, public string) string {
	if name := os.Getenv(variable); name != "" {
		return name
	}
	return public
}

func (s *stack) startPostgres(ctx context.Context) {
	s.t.Helper()
	c, err := postgres.Run(ctx, image("POSTGRES_IMAGE", "postgres:18"),
		postgres.WithUsername("postgres"), postgres.WithPassword("kontor"), postgres.WithDatabase("postgres"),
		testcontainers.WithCmd("postgres", "-c", "fsync=on", "-c", "max_connections=200"), // the module turns fsync off, and the services refuse that
		testcontainers.WithWaitStrategy(wait.ForExec([]string{"pg_isready", "-h", "127.0.0.1", "-U", "postgres"}).WithStartupTimeout(time.Minute)))
	testcontainers.CleanupContainer(s.t, c, testcontainers.StopTimeout(0))
	if err != nil {
		s.t.Fatalf("start Postgres: %v", err)
	}
	if s.postgres, err = c.ConnectionString(ctx, "sslmode=disable"); err != nil {
		s.t.Fatal(err)
	}
}

// startKafka gives the broker a port that is known beforehand, because a broker has to tell its clients where it is.
func (s *stack) startKafka(ctx context.Context) {
	s.t.Helper()
	port := nettest.Port(s.t)
	s.broker = fmt.Sprintf("127.0.0.1:%d", port)
	c, err := testcontainers.Run(ctx, image("KAFKA_IMAGE", "apache/kafka:4.3.1"),
		testcontainers.WithExposedPorts("19092/tcp"),
		testcontainers.WithHostConfigModifier(func(h *container.HostConfig) {
			h.PortBindings = network.PortMap{network.MustParsePort("19092/tcp"): {{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: strconv.Itoa(port)}}}
		}),
		testcontainers.WithEnv(map[string]string{
			"CLUSTER_ID": "4L6g3nShT-eMCtK--X86sw", "KAFKA_NODE_ID": "1", "KAFKA_PROCESS_ROLES": "broker,controller",
			"KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:29093", "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
			"KAFKA_LISTENERS": "CONTROLLER://:29093,INTERNAL://:9092,HOST://:19092", "KAFKA_INTER_BROKER_LISTENER_NAME": "INTERNAL",
			"KAFKA_ADVERTISED_LISTENERS":           "INTERNAL://localhost:9092,HOST://" + s.broker,
			"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,HOST:PLAINTEXT",
			"KAFKA_AUTO_CREATE_TOPICS_ENABLE":      "false", "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
			"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1", "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
			"KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0", "KAFKA_HEAP_OPTS": "-Xms256m -Xmx512m",
		}),
		testcontainers.WithWaitStrategy(wait.ForExec([]string{"bash", "-c", "</dev/tcp/127.0.0.1/9092"}).WithStartupTimeout(time.Minute)))
	testcontainers.CleanupContainer(s.t, c, testcontainers.StopTimeout(0))
	if err != nil {
		s.t.Fatalf("start Kafka: %v", err)
	}
	s.kafka = c
}

// tool runs a verb of kontor to its end.
func (s *stack) tool(args ...string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "kontor"), args...)
	cmd.Env = append(os.Environ(), "KONTOR_DB_PASSWORD=kontor")
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("kontor %v: %v\n%s", args, err, out)
	}
}
