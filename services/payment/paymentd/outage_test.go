package paymentd_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/pgtest"
	"github.com/kontor-dev/kontor/migrations"
	"github.com/kontor-dev/kontor/services/payment/paymentd"
)

func TestItServesWhileBrokerAndGatewayAreAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cfg.Brokers = []string{"127.0.0.1:1"}
	w.cfg.GatewayURL = "http://127.0.0.1:1"
	w.start()
	if code, body := w.request(http.MethodGet, "/v1/payments/"+nobody, "f1", auth.Finance, ""); code != http.StatusNotFound {
		t.Errorf("got %d %s, want 404", code, body)
	}
}

const nobody = "00000000-0000-5000-8000-000000000000"

func TestARestoredStoreIsNoticedBeforeAnythingIsPublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	_, pay := w.place("tok_ok")
	w.await(pay, "authorized", "idle")
	w.published(pay, "payment.authorized")
	w.stop()
	restored := pgtest.URL(t)
	if _, err := migrations.Up(t.Context(), pgtest.Connect(t, restored), "payment"); err != nil {
		t.Fatal(err)
	}
	w.cfg.DatabaseURL = config.NewSecret(asService(restored))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := paymentd.Run(ctx, w.cfg, io.Discard); err == nil || !strings.Contains(err.Error(), "restored") {
		t.Errorf("got %v, want a refusal", err)
	}
	w.cfg.AcceptHistory = true
	w.start()
}

func TestItShowsHowItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	_, pay := w.place("tok_ok")
	w.await(pay, "authorized", "idle")
	w.eventually("in the metrics", func() (bool, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+w.cfg.AdminAddr+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			`kontor_gateway_calls_total{op="authorize",outcome="ok"} 1`, `kontor_jobs{queue="gateway",state="completed"}`,
			`kontor_subscription_lag_events{name="payment.relay"} 0`, `kontor_subscription_lag_events{name="payment.jobs"} 0`,
			`kontor_consumer_lag{consumer="payment.orders"} 0`, "kontor_append_seconds_count", "kontor_conflicts_total 0",
		} {
			if !strings.Contains(string(data), want) {
				return false, "no " + want
			}
		}
		return true, ""
	})
}

func TestTheDescriptionOfTheAPI(t *testing.T) {
	t.Parallel()
	data, err := paymentd.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"openapi: 3.1.0", "/v1/payments/{payment_id}:", "/v1/orders/{order_id}/payments:",
		"/v1/payments/{payment_id}/operations/{op_id}/reconcile:", "/v1/webhooks/gateway:",
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in the description", want)
		}
	}
}
