package paymentd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/auth/devissuer"
	"github.com/kontor-dev/kontor/internal/fakegateway"
	"github.com/kontor-dev/kontor/internal/ids"
	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/internal/nettest"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
	es "github.com/kontor-dev/kontor/pkg/eventsourcing"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/services/payment/paymentd"
)

const patience = 30 * time.Second

// world is a running payment service with everything around it.
type world struct {
	t         *testing.T
	url       string
	cfg       paymentd.Config
	brokers   []string
	publisher *kafka.Publisher
	gateway   *fakegateway.Server
	issuer    *devissuer.Issuer
	versions  map[string]int64
	positions int64
	stop      func()
}

func newWorld(t *testing.T, settings ...string) *world {
	t.Helper()
	database := pgtest.URL(t)
	pool := pgtest.Connect(t, database)
	if _, err := migrations.Up(t.Context(), pool, "payment"); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, versions: map[string]int64{}}
	w.brokers = kafkatest.Cluster(t, kfake.SeedTopics(4, orderv1.Topic, paymentv1.Topic)).ListenAddrs()
	var err error
	w.gateway, err = fakegateway.New(fakegateway.Options{WebhookSecret: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	gatewayServer := httptest.NewServer(w.gateway)
	mux := http.NewServeMux()
	issuerServer := httptest.NewServer(mux)
	if w.issuer, err = devissuer.New(issuerServer.URL, ""); err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", w.issuer.Handler())
	t.Cleanup(func() {
		issuerServer.Close()
		gatewayServer.CloseClientConnections()
		gatewayServer.Close()
		if err := w.gateway.Close(); err != nil {
			t.Error(err)
		}
	})
	w.publisher, err = kafka.NewPublisher(t.Context(), kafka.PublisherConfig{
		Connection: kafka.Connection{Brokers: w.brokers}, Topics: []string{orderv1.Topic},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.publisher.Close)
	addr := nettest.Addr(t)
	w.url = "http://" + addr
	w.gateway.SetWebhook(w.url + "/v1/webhooks/gateway")
	w.cfg, err = paymentd.ConfigFrom(append([]string{
		"PAYMENT_ADDR=" + addr, "PAYMENT_ADMIN_ADDR=" + nettest.Addr(t), "PAYMENT_DATABASE_URL=" + asService(database),
		"PAYMENT_BROKERS=" + strings.Join(w.brokers, ","), "PAYMENT_GATEWAY_URL=" + gatewayServer.URL,
		"PAYMENT_WEBHOOK_SECRET=s3cret", "PAYMENT_AUTH_MODE=dev", "PAYMENT_AUTH_ISSUER=" + issuerServer.URL,
		"PAYMENT_ALLOW_UNSAFE_STORE=true", "PAYMENT_DRAIN_DELAY=1ms", "PAYMENT_GATEWAY_TIMEOUT=500ms",
	}, settings...))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// asService makes every connection act as the service's own role, which may do less than the owner.
func asService(database string) string {
	separator := "?"
	if strings.Contains(database, "?") {
		separator = "&"
	}
	return database + separator + "options=-c%20role%3Dpayment_app"
}

// start runs the service until stop or the end of the test, which must be a clean one.
func (w *world) start() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- paymentd.Run(ctx, w.cfg, w.t.Output()) }()
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
	w.eventually("ready", func() (bool, string) {
		select {
		case err := <-done:
			w.t.Fatalf("the service ended: %v", err)
		default:
		}
		return paymentd.Main(w.t.Context(), []string{"healthcheck"}, w.environ(), io.Discard, io.Discard) == nil, "not ready"
	})
}

func (w *world) environ() []string {
	return []string{
		"PAYMENT_ADMIN_ADDR=" + w.cfg.AdminAddr, "PAYMENT_DATABASE_URL=x", "PAYMENT_AUTH_MODE=dev", "PAYMENT_AUTH_ISSUER=http://x",
	}
}

// eventually asks until the answer is yes. What it asks changes by events of other processes.
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

// tell publishes an event of an order, as the order service would.
func (w *world) tell(orderID, typ string, body any) {
	w.t.Helper()
	w.versions[orderID]++
	w.positions++
	data, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.publisher.Publish(w.t.Context(), messaging.Message{
		Topic: orderv1.Topic, Key: orderID, ID: es.NewID(), Type: typ, Source: orderv1.Source, Stream: orderID,
		Version: w.versions[orderID], Position: w.positions, Time: time.Now(), Data: data,
		Headers: map[string]string{messaging.HeaderCorrelationID: "corr-" + orderID, messaging.HeaderActor: "customer:c1"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) place(token string) (orderID, paymentID string) {
	w.t.Helper()
	orderID = ids.Order("test", es.NewID())
	paymentID = ids.Payment(orderID, 1)
	w.tell(orderID, orderv1.TypePlaced, orderv1.Placed{
		Head: orderv1.Head{OrderID: orderID, Version: 1, OccurredAt: time.Now()}, CustomerID: "c1", Currency: "EUR", GrandTotal: 10000,
		PaymentID: paymentID, Attempt: 1, PaymentMethodToken: token, PlacedAt: time.Now(),
	})
	return orderID, paymentID
}

// paymentBody is what tests read of an answer.
type paymentBody struct {
	Status          string `json:"status"`
	OperationStatus string `json:"operation_status"`
	Captured        struct {
		Amount int64 `json:"amount"`
	} `json:"captured"`
	Operations []struct {
		OpID  string `json:"op_id"`
		Op    string `json:"op"`
		State string `json:"state"`
	} `json:"operations"`
}

func (w *world) request(method, path, subject string, role auth.Role, body string) (int, []byte) {
	w.t.Helper()
	token, err := w.issuer.Mint(subject, time.Hour, role)
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
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, data
}

// await waits until a payment has a status and nothing under way, or needs a person.
func (w *world) await(paymentID, status, operations string) paymentBody {
	w.t.Helper()
	var p paymentBody
	w.eventually(status+" and "+operations, func() (bool, string) {
		code, body := w.request(http.MethodGet, "/v1/payments/"+paymentID, "f1", auth.Finance, "")
		p = paymentBody{}
		return code == http.StatusOK && json.Unmarshal(body, &p) == nil && p.Status == status && p.OperationStatus == operations, string(body)
	})
	return p
}

// published reads payments.v1 until it has seen a type for the payment, and returns all types of it in order.
func (w *world) published(paymentID, last string) []string {
	w.t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(w.brokers...), kgo.ConsumeTopics(paymentv1.Topic))
	if err != nil {
		w.t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	var types []string
	for {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			w.t.Fatalf("%s was not published, only %v", last, types)
		}
		var m messaging.Message
		for _, r := range fetches.Records() {
			m = messaging.Message{Key: string(r.Key)}
			var headers []messaging.Header
			for _, h := range r.Headers {
				headers = append(headers, messaging.Header{Key: h.Key, Value: h.Value})
			}
			if err := messaging.DecodeHeaders(&m, headers); err != nil {
				w.t.Fatal(err)
			}
			if strings.Contains(string(r.Value), "tok_") {
				w.t.Errorf("a payment method token was published: %s", r.Value)
			}
			if m.Stream != paymentID {
				continue
			}
			types = append(types, m.Type)
			if m.Version != int64(len(types)) {
				w.t.Errorf("version %d came as record %d", m.Version, len(types))
			}
			if m.Type == last {
				return types
			}
		}
	}
}

func (w *world) sum(orderID string) fakegateway.Summary {
	w.t.Helper()
	items := w.gateway.Summary(orderID)
	if len(items) != 1 {
		return fakegateway.Summary{}
	}
	return items[0]
}

func TestAnOrderIsAuthorizedCapturedAndRefunded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	order, pay := w.place("tok_ok")
	w.await(pay, "authorized", "idle")
	capture, refund := ids.Capture(order, "c", 1), ids.Refund(order, "r", 1)
	w.tell(order, orderv1.TypeCaptureRequested, orderv1.CaptureRequested{Head: orderv1.Head{OrderID: order}, CaptureID: capture, PaymentID: pay, Amount: 6000})
	w.await(pay, "partially_captured", "idle")
	w.tell(order, orderv1.TypePaymentVoidRequested, orderv1.PaymentVoidRequested{Head: orderv1.Head{OrderID: order}, PaymentID: pay, Reason: "remainder"})
	w.eventually("voided at the gateway", func() (bool, string) { s := w.sum(order); return s.Voided == 4000, fmt.Sprint(s) })
	w.tell(order, orderv1.TypeRefundRequested, orderv1.RefundRequested{Head: orderv1.Head{OrderID: order}, RefundID: refund, PaymentID: pay, Amount: 6000})
	w.await(pay, "refunded", "idle")
	want := fakegateway.Summary{OrderID: order, Currency: "EUR", Authorized: 10000, Captured: 6000, Voided: 4000, Refunded: 6000}
	if got := w.sum(order); got != want {
		t.Errorf("ledger: got %+v, want %+v", got, want)
	}
	types := w.published(pay, paymentv1.TypeRefunded)
	wantTypes := "payment.requested payment.authorization_started payment.authorized payment.operation_requested payment.captured " +
		"payment.operation_requested payment.voided payment.operation_requested payment.refunded"
	if got := strings.Join(types, " "); got != wantTypes {
		t.Errorf("published: got %s, want %s", got, wantTypes)
	}
}

func TestEveryTokenEndsAsItShouldWithOneChargeAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	for _, tt := range []struct {
		token, status, operations string
		authorized                int64
	}{
		{"tok_declined_funds", "declined", "idle", 0},
		{"tok_declined_stolen", "declined", "idle", 0},
		{"tok_timeout_then_ok", "authorized", "idle", 10000},
		{"tok_timeout_then_declined", "declined", "idle", 0},
		{"tok_reset_after_charge", "authorized", "idle", 10000},
		{"tok_500_then_ok", "authorized", "idle", 10000},
		{"tok_wrong_amount", "authorizing", "manual_review", 10000},
		{"tok_dup_webhook", "authorized", "idle", 10000},
		{"tok_webhook_first", "authorized", "idle", 10000},
		{"tok_never", "authorizing", "outcome_unknown", 0},
		{"tok_auth_expires_2s", "expired", "idle", 10000},
	} {
		t.Run(tt.token, func(t *testing.T) {
			t.Parallel()
			sub := *w
			sub.t, sub.versions = t, map[string]int64{}
			order, pay := sub.place(tt.token)
			sub.await(pay, tt.status, tt.operations)
			if got := sub.sum(order).Authorized; got != tt.authorized {
				t.Errorf("authorized %d in the ledger, want %d", got, tt.authorized)
			}
		})
	}
}

func TestARestartGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	order, pay := w.place("tok_ok")
	w.await(pay, "authorized", "idle")
	w.stop()
	w.tell(order, orderv1.TypePaymentVoidRequested, orderv1.PaymentVoidRequested{Head: orderv1.Head{OrderID: order}, PaymentID: pay, Reason: "cancelled"})
	w.start()
	w.await(pay, "voided", "idle")
	n := 0
	for _, r := range w.gateway.Ledger(order) {
		if r.Op != "lookup" && r.Repeat {
			n++
		}
	}
	if s := w.sum(order); n != 0 || s.Voided != 10000 || s.Held != 0 {
		t.Errorf("ledger: %+v, %d repeats; want all voided, once", s, n)
	}
}

func TestAPersonReconcilesAWrongAmount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	order, pay := w.place("tok_wrong_amount")
	p := w.await(pay, "authorizing", "manual_review")
	path := "/v1/payments/" + pay + "/operations/" + p.Operations[0].OpID + "/reconcile"
	if code, _ := w.request(http.MethodPost, path, "c1", auth.Customer, `{"outcome":"failed"}`); code != http.StatusForbidden {
		t.Errorf("a customer got %d, want 403", code)
	}
	if code, _ := w.request(http.MethodPost, path, "c2", auth.Customer, `{"outcome":"failed"}`); code != http.StatusNotFound {
		t.Errorf("another customer got %d, want 404", code)
	}
	if code, body := w.request(http.MethodPost, path, "f1", auth.Finance, `{"outcome":"failed","note":"wrong amount"}`); code != http.StatusAccepted {
		t.Fatalf("got %d %s, want 202", code, body)
	}
	w.await(pay, "declined", "idle")
	if s := w.sum(order); s.Held != 0 || s.Voided != 10000 {
		t.Errorf("ledger: %+v, want what was held let go", s)
	}
	code, body := w.request(http.MethodPost, path, "f1", auth.Finance, `{"outcome":"failed"}`)
	if code != http.StatusConflict || !strings.Contains(string(body), "operation_closed") {
		t.Errorf("decided again: got %d %s, want 409 operation_closed", code, body)
	}
}

func TestAGatewayThatCapturesOnceIsRefused(t *testing.T) {
	t.Parallel()
	fake, err := fakegateway.New(fakegateway.Options{SingleCapture: true})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(fake)
	defer srv.Close()
	w := newWorld(t, "PAYMENT_GATEWAY_URL="+srv.URL)
	w.cfg.GatewayURL = srv.URL
	if err := paymentd.Run(t.Context(), w.cfg, t.Output()); err == nil || !strings.Contains(err.Error(), "only once") {
		t.Errorf("got %v, want a refusal to start", err)
	}
}
