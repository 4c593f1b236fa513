package e2e

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
)

// TestCompose brings up docker-compose.yml as its users do, walks one order through the published ports, and cleans up.
func TestCompose(t *testing.T) {
	compose(t, 15*time.Minute, "up", "--build", "--wait")
	t.Cleanup(func() { compose(t, 2*time.Minute, "down", "-v") })
	s := &stack{t: t, front: "http://localhost:8080", gateway: "http://localhost:8090", broker: "localhost:19092"}
	s.stock("COMPOSED", 2500, 10)
	customer, warehouse := s.as("customer", "anna"), s.as("warehouse", "packer")
	o := customer.place("COMPOSED", 2, "tok_ok")
	customer.await(o.OrderID, "confirmed", status("confirmed"))
	var shipped order
	warehouse.do(http.MethodPost, "/v1/orders/"+o.OrderID+"/shipments", es.NewID(), map[string]any{
		"carrier": "DHL", "tracking_number": "T1", "lines": []map[string]any{{"line_id": o.Lines[0].LineID, "quantity": 2}},
	}).decode(t, http.StatusCreated, &shipped)
	customer.await(o.OrderID, "captured", payment("captured"))
	if a := warehouse.do(http.MethodPost, "/v1/orders/"+o.OrderID+"/shipments/"+shipped.Shipments[0].ShipmentID+"/delivered", es.NewID(), nil); a.status != http.StatusOK {
		t.Fatalf("deliver: %d %s", a.status, a.body)
	}
	customer.await(o.OrderID, "completed", status("completed"))
	if got, want := did(s.ledger(o.OrderID)), []string{"authorize 5000", "capture 5000"}; !cmp.Equal(got, want) {
		t.Errorf("ledger: got %v, want %v", got, want)
	}
	s.checkViews()
	s.checkTopic()
	for _, page := range []string{"/docs", "/problems", "/problems/insufficient_stock", "/openapi/order.json", "/openapi/payment.json", "/openapi/query.json"} {
		if a := (user{t: t, front: s.front}).do(http.MethodGet, page, "", nil); a.status != http.StatusOK {
			t.Errorf("GET %s: %d", page, a.status)
		}
	}
}

// compose runs docker compose from the root of the project, in a project of its own name.
func compose(t *testing.T, limit time.Duration, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "docker", append([]string{"compose", "-p", "kontor-e2e"}, args...)...)
	cmd.Dir = ".."
	cmd.Env = os.Environ()
	out, err := cmd.CombinedOutput()
	if err != nil {
		logs := exec.Command("docker", "compose", "-p", "kontor-e2e", "logs", "--tail", "30")
		logs.Dir = ".."
		tail, _ := logs.CombinedOutput()
		t.Errorf("docker compose %v: %v\n%s\n%s", args, err, out, tail)
	}
}
