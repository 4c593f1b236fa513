package orderd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/auth/devissuer"
	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/internal/nettest"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/services/order/orderd"
)

const patience = 30 * time.Second

// world is a running order service with everything around it; the test plays the
// payment service.
type world struct {
	t         *testing.T
	url       string
	cfg       orderd.Config
	pool      *pgxpool.Pool
	brokers   []string
	publisher *kafka.Publisher
	issuer    *devissuer.Issuer
	position  int64
	stop      func()
}

func newWorld(t *testing.T, settings ...string) *world {
	t.Helper()
	database := pgtest.URL(t)
	w := &world{t: t, pool: pgtest.Connect(t, database)}
	if _, err := migrations.Up(t.Context(), w.pool, "order"); err != nil {
		t.Fatal(err)
	}
	w.brokers = kafkatest.Cluster(t, kfake.SeedTopics(4, orderv1.Topic, catalogv1.Topic, paymentv1.Topic)).ListenAddrs()
	mux := http.NewServeMux()
	issuerServer := httptest.NewServer(mux)
	t.Cleanup(issuerServer.Close)
	var err error
	if w.issuer, err = devissuer.New(issuerServer.URL, ""); err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", w.issuer.Handler())
	w.publisher, err = kafka.NewPublisher(t.Context(), kafka.PublisherConfig{
		Connection: kafka.Connection{Brokers: w.brokers}, Topics: []string{paymentv1.Topic},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.publisher.Close)
	addr := nettest.Addr(t)
	w.url = "http://" + addr
	w.cfg, err = orderd.ConfigFrom(append([]string{
		"ORDER_ADDR=" + addr, "ORDER_ADMIN_ADDR=" + nettest.Addr(t), "ORDER_DATABASE_URL=" + asService(database),
		"ORDER_BROKERS=" + strings.Join(w.brokers, ","), "ORDER_AUTH_MODE=dev", "ORDER_AUTH_ISSUER=" + issuerServer.URL,
		"ORDER_ALLOW_UNSAFE_STORE=true", "ORDER_DRAIN_DELAY=1ms", "ORDER_SHIPPING=EUR:490:5000:1900",
	}, settings...))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// asService makes every connection act as the service's own role, which may do
// less than the owner.
func asService(database string) string {
	separator := "?"
	if strings.Contains(database, "?") {
		separator = "&"
	}
	return database + separator + "options=-c%20role%3Dorder_app"
}

// start runs the service until stop or the end of the test, which must be a clean
// one.
func (w *world) start() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- orderd.Run(ctx, w.cfg, w.t.Output()) }()
	stopped := false
	w.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("the service ended with %v", err)
		}
	}
	w.t.Cleanup(w.stop)
	environ := []string{
		"ORDER_ADMIN_ADDR=" + w.cfg.AdminAddr, "ORDER_DATABASE_URL=x", "ORDER_AUTH_MODE=dev", "ORDER_AUTH_ISSUER=http://x",
	}
	w.eventually("ready", func() (bool, string) {
		return orderd.Main(w.t.Context(), []string{"healthcheck"}, environ, io.Discard, io.Discard) == nil, "not ready"
	})
}

// eventually asks until the answer is yes. What it asks changes by events of other
// processes.
func (w *world) eventually(what string, ask func() (ok bool, state string)) {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience)
	for {
		ok, state := ask()
		if ok {
			return
		}
		select {
		case <-end:
			w.t.Fatalf("not %s after %v: %s", what, patience, state)
		case <-tick.C:
		}
	}
}

// tell publishes an event of a payment, as the payment service would.
func (w *world) tell(typ string, head paymentv1.Head, body any) {
	w.t.Helper()
	w.position++
	data, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.publisher.Publish(w.t.Context(), messaging.Message{
		Topic: paymentv1.Topic, Key: head.OrderID, ID: es.NewID(), Type: typ, Source: paymentv1.Source, Stream: head.PaymentID,
		Version: head.Version, Position: w.position, Time: time.Now(), Data: data,
		Headers: map[string]string{messaging.HeaderCorrelationID: "corr", messaging.HeaderActor: "gateway"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// order is what tests read of an answer.
type order struct {
	OrderID       string `json:"order_id"`
	Version       int64  `json:"version"`
	Status        string `json:"status"`
	PaymentStatus string `json:"payment_status"`
	GrandTotal    struct {
		Amount int64 `json:"amount"`
	} `json:"grand_total"`
	Lines []struct {
		LineID      string `json:"line_id"`
		Backordered int    `json:"backordered"`
	} `json:"lines"`
	Payments []struct {
		PaymentID string `json:"payment_id"`
	} `json:"payments"`
	Shipments []struct {
		ShipmentID string `json:"shipment_id"`
	} `json:"shipments"`
}

// send is a request of somebody, which must be answered with the status.
func (w *world) send(role auth.Role, method, path, body string, want int) order {
	w.t.Helper()
	token, err := w.issuer.Mint(string(role)+"-1", time.Hour, role)
	if err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", es.NewID())
	}
	if strings.HasSuffix(path, "/price") {
		req.Header.Set("If-Match", `"1"`)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if resp.StatusCode != want {
		w.t.Fatalf("%s %s: got %d, want %d: %s", method, path, resp.StatusCode, want, data)
	}
	var o order
	if err := json.Unmarshal(data, &o); err != nil {
		w.t.Fatal(err)
	}
	return o
}

// sells lists a product at 20.00 with ten units on hand.
func (w *world) sells(sku string) {
	w.t.Helper()
	w.send(auth.Admin, "PUT", "/v1/products/"+sku, `{"name":"Mug","tax_rate_bp":1900,"tax_included":true}`, 201)
	w.send(auth.Admin, "PUT", "/v1/products/"+sku+"/price", `{"price":{"amount":2000,"currency":"EUR"},"reason":"initial"}`, 200)
	w.send(auth.Warehouse, "POST", "/v1/stock/"+sku+"/receipts", `{"quantity":10}`, 201)
}

const placing = `{"currency":"EUR","lines":[{"sku":"MUG","quantity":2}],"submit":true,"payment_method_token":"tok_ok",
"shipping_address":{"name":"A","line1":"Road 1","postal_code":"10115","city":"Berlin","country":"DE","email":"a@example.com"}}`

func (w *world) await(id, status, payment string) order {
	w.t.Helper()
	var o order
	w.eventually(status+", "+payment, func() (bool, string) {
		o = w.send(auth.Support, "GET", "/v1/orders/"+id+"/state", "", 200)
		return o.Status == status && o.PaymentStatus == payment, o.Status + ", " + o.PaymentStatus
	})
	return o
}

// published reads a topic until it has seen so many records of a key, and returns
// their types; versions must have no gap.
func (w *world) published(topic, key string, n int) []string {
	w.t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(w.brokers...), kgo.ConsumeTopics(topic))
	if err != nil {
		w.t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	var types []string
	versions := map[string]int64{}
	for len(types) < n {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			w.t.Fatalf("got only %v", types)
		}
		for _, r := range fetches.Records() {
			m := messaging.Message{Key: string(r.Key)}
			var headers []messaging.Header
			for _, h := range r.Headers {
				headers = append(headers, messaging.Header{Key: h.Key, Value: h.Value})
			}
			if err := messaging.DecodeHeaders(&m, headers); err != nil {
				w.t.Fatal(err)
			}
			if m.Key != key || m.Version <= versions[m.Stream] {
				continue
			}
			if versions[m.Stream]++; m.Version != versions[m.Stream] || !bytes.Contains(r.Value, []byte(`"version":`)) {
				w.t.Errorf("%s: version %d after %d: %s", m.Type, m.Version, versions[m.Stream]-1, r.Value)
			}
			types = append(types, m.Type)
		}
	}
	return types
}
