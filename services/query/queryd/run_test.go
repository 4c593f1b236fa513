package queryd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"go.uber.org/goleak"

	catalogv1 "github.com/kontor-dev/kontor/contracts/catalog/v1"
	orderv1 "github.com/kontor-dev/kontor/contracts/order/v1"
	paymentv1 "github.com/kontor-dev/kontor/contracts/payment/v1"
	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/auth/devissuer"
	"github.com/kontor-dev/kontor/internal/kafkatest"
	"github.com/kontor-dev/kontor/internal/nettest"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
	"github.com/kontor-dev/kontor/pkg/messaging"
	"github.com/kontor-dev/kontor/pkg/messaging/kafka"
	"github.com/kontor-dev/kontor/services/query/internal/viewtest"
	"github.com/kontor-dev/kontor/services/query/queryd"
)

// quiet closes the connections that tests opened by http.DefaultClient.
type quiet struct{ *testing.M }

func (q quiet) Run() int {
	defer http.DefaultClient.CloseIdleConnections()
	return q.M.Run()
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(kafkatest.Closing(quiet{m}))
}

// world is a running query service with everything around it.
type world struct {
	t         *testing.T
	url       string
	environ   []string
	cfg       queryd.Config
	publisher *kafka.Publisher
	issuer    *devissuer.Issuer
	stop      func()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	database := pgtest.URL(t)
	if _, err := migrations.Up(t.Context(), pgtest.Connect(t, database), "query"); err != nil {
		t.Fatal(err)
	}
	topics := []string{orderv1.Topic, paymentv1.Topic, catalogv1.Topic}
	brokers := kafkatest.Cluster(t, kfake.SeedTopics(4, topics...)).ListenAddrs()
	w := &world{t: t}
	mux := http.NewServeMux()
	issuer := httptest.NewServer(mux)
	t.Cleanup(issuer.Close)
	var err error
	if w.issuer, err = devissuer.New(issuer.URL, ""); err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", w.issuer.Handler())
	w.publisher, err = kafka.NewPublisher(t.Context(), kafka.PublisherConfig{Connection: kafka.Connection{Brokers: brokers}, Topics: topics})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.publisher.Close)
	addr := nettest.Addr(t)
	w.url = "http://" + addr
	w.environ = []string{
		"QUERY_ADDR=" + addr, "QUERY_ADMIN_ADDR=" + nettest.Addr(t), "QUERY_BROKERS=" + strings.Join(brokers, ","),
		"QUERY_DATABASE_URL=" + as(t, database, "query_project"), "QUERY_READ_DATABASE_URL=" + as(t, database, "query_read"),
		"QUERY_STAFF_DATABASE_URL=" + as(t, database, "query_staff"), "QUERY_CURSOR_KEY=0123456789abcdef",
		"QUERY_AUTH_MODE=dev", "QUERY_AUTH_ISSUER=" + issuer.URL, "QUERY_DRAIN_DELAY=1ms",
	}
	if w.cfg, err = queryd.ConfigFrom(w.environ); err != nil {
		t.Fatal(err)
	}
	return w
}

// as makes every connection act as a role, which may do less than the owner.
func as(t *testing.T, database, role string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("role", role)
	u.RawQuery = q.Encode()
	return u.String()
}

// start runs the service until stop or the end of the test, which must be a clean one.
func (w *world) start() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- queryd.Run(ctx, w.cfg, w.t.Output()) }()
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
		err := queryd.Main(w.t.Context(), []string{"healthcheck"}, w.environ, io.Discard, io.Discard)
		return err == nil, fmt.Sprint(err)
	})
}

// eventually asks until the answer is yes. What it asks changes by events of other processes.
func (w *world) eventually(what string, ask func() (ok bool, state string)) {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(30 * time.Second)
	for {
		ok, state := ask()
		if ok {
			return
		}
		select {
		case <-end:
			w.t.Fatalf("not %s: %s", what, state)
		case <-tick.C:
		}
	}
}

func (w *world) publish(messages ...messaging.Message) {
	w.t.Helper()
	if err := w.publisher.Publish(w.t.Context(), messages...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) get(path, subject string, role auth.Role) (int, http.Header, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	token, err := w.issuer.Mint(subject, time.Hour, role)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return w.do(req)
}

func (w *world) do(req *http.Request) (int, http.Header, string) {
	w.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(data)
}

func TestWhatIsPublishedIsShown(t *testing.T) {
	w := newWorld(t)
	w.start()
	story := viewtest.NewOrder("c-1", 1).Drafted().Placed().Confirmed()
	pay, sku := viewtest.NewPayment("c-1", 1).Requested(2002).Authorized(2002), viewtest.NewSKU("TEA-01").Listed(1001, 5)
	waited := make(chan string, 1)
	go func() { // asks before the order is there
		code, header, body := w.get("/v1/orders/"+story.ID+"?min_version=4&wait=5s", "c-1", auth.Customer)
		waited <- fmt.Sprint(code, " ", header.Get("ETag"), " ", strings.Contains(body, `"status":"confirmed"`))
	}()
	w.publish(story.Messages...)
	w.publish(pay.Messages...)
	w.publish(sku.Messages...)
	if got := <-waited; got != `200 "4" true` {
		t.Errorf("the read that waited got %s", got)
	}
	for _, tc := range []struct {
		path, subject string
		role          auth.Role
		code          int
		want          string
	}{
		{"/v1/orders/" + story.ID, "c-2", auth.Customer, 404, "not_found"},
		{"/v1/orders/" + story.ID + "?min_version=1&wait=20ms", "c-2", auth.Customer, 503, "read_model_lagging"},
		{"/v1/orders/" + story.ID + "/timeline", "c-1", auth.Customer, 200, "Order placed with 1 line for 20.02 EUR."},
		{"/v1/orders?status=confirmed", "s", auth.Support, 200, story.ID},
		{"/v1/customers/c-1/orders", "c-1", auth.Customer, 200, story.ID},
		{"/v1/customers/c-1/orders", "c-2", auth.Customer, 404, "not_found"},
		{"/v1/stock", "c-1", auth.Customer, 403, "forbidden"},
	} {
		if code, _, body := w.get(tc.path, tc.subject, tc.role); code != tc.code || !strings.Contains(body, tc.want) {
			t.Errorf("%s as %s: got %d %s", tc.path, tc.subject, code, body)
		}
	}
	for path, want := range map[string]string{
		"/v1/payments": `"status":"authorized"`, "/v1/products": `"amount":{"amount":1001,"currency":"EUR"}`, "/v1/stock": `"on_hand":5`,
	} {
		w.eventually("shown in "+path, func() (bool, string) {
			code, _, body := w.get(path, "s", auth.Admin)
			return code == 200 && strings.Contains(body, want), body
		})
	}
	w.showsItsProjections()
}

func (w *world) showsItsProjections() {
	w.t.Helper()
	w.eventually("caught up in /projections", func() (bool, string) {
		req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "http://"+w.cfg.AdminAddr+"/projections", nil)
		if err != nil {
			w.t.Fatal(err)
		}
		_, _, body := w.do(req)
		var all struct{ Items []queryd.Projection }
		if err := json.Unmarshal([]byte(body), &all); err != nil {
			w.t.Fatal(err)
		}
		var applied, lag int64
		for _, p := range all.Items {
			applied, lag = applied+p.Applied, lag+p.Lag
		}
		return len(all.Items) == 3 && applied == 4+3+3 && lag == 0 && len(all.Items[0].Partitions) == 4, body
	})
}

func TestARestartAppliesNothingTwice(t *testing.T) {
	w := newWorld(t)
	w.start()
	story := viewtest.NewOrder("c-1", 1).Drafted().Placed()
	w.publish(story.Messages...)
	if code, _, body := w.get("/v1/orders/"+story.ID+"?min_version=2&wait=5s", "c-1", auth.Customer); code != 200 {
		t.Fatalf("got %d %s", code, body)
	}
	w.stop()
	story.Confirmed()
	w.publish(story.Messages...) // the first two again, as after a lost acknowledgement
	w.start()
	code, _, body := w.get("/v1/orders/"+story.ID+"/timeline?min_version=4&wait=5s", "c-1", auth.Customer)
	var timeline struct{ Items []struct{ Version int64 } }
	if err := json.Unmarshal([]byte(body), &timeline); err != nil || code != 200 || len(timeline.Items) != 4 {
		t.Errorf("got %d %s", code, body)
	}
}

func TestItServesWhileTheBrokerIsAway(t *testing.T) {
	w := newWorld(t)
	w.cfg.Brokers = []string{"127.0.0.1:1"}
	w.start()
	if code, _, body := w.get("/v1/orders", "s", auth.Support); code != 200 || !strings.Contains(body, `"items":[]`) {
		t.Errorf("got %d %s", code, body)
	}
}
