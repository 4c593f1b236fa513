package e2e

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestConformance runs the suites of the two libraries once more, on the PostgreSQL and the Kafka of the containers: what `make test` shows
// on the embedded ones holds there, too.
func TestConformance(t *testing.T) {
	s := &stack{t: t, dir: t.TempDir(), programs: map[string]*program{}}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	s.startPostgres(ctx)
	s.startKafka(ctx)
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout", "9m", "-p", "2", "./pkg/...")
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "POSTGRES_TEST_URL="+s.postgres, "KAFKA_TEST_BROKERS="+s.broker)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
