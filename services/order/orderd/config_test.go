package orderd_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/services/order/orderd"
)

var least = []string{"ORDER_DATABASE_URL=postgres://u:SECRET@h/db", "ORDER_AUTH_ISSUER=https://issuer.example"}

func TestEveryProblemOfTheEnvironmentIsNamedAtOnce(t *testing.T) {
	_, err := orderd.ConfigFrom([]string{"ORDER_MIGRATION_WAIT=soon", "ORDER_BROKER=x"})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"ORDER_DATABASE_URL", "ORDER_MIGRATION_WAIT", "ORDER_BROKER is not a setting; did you mean ORDER_BROKERS?"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
	_, err = orderd.ConfigFrom(append(least, "ORDER_CAPTURE_POLICY=never", "ORDER_CURRENCIES=EUR,XXX", "ORDER_SHIPPING=EUR:1", "ORDER_AUTH_MODE=none"))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"CAPTURE_POLICY", "CURRENCIES", "SHIPPING", "AUTH_MODE"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
}

func TestConfigShowsWhatIsInForceButNoSecret(t *testing.T) {
	var out bytes.Buffer
	if err := orderd.Main(t.Context(), []string{"config"}, append(least, "ORDER_SHIPPING=EUR:499:10000:1900,JPY:500:0:1000:net"), &out, &out); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Contains(s, "SECRET") || !strings.Contains(s, "ORDER_ADDR=127.0.0.1:8081") || !strings.Contains(s, "ORDER_DATABASE_URL=***") {
		t.Fatal(s)
	}
	if err := orderd.Main(t.Context(), []string{"dance"}, least, &out, &out); err == nil || !strings.Contains(err.Error(), "unknown command") {
		t.Fatalf("got %v", err)
	}
}

func TestTheAPIDescribesItself(t *testing.T) {
	yaml, err := orderd.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"operationId: create-order", "operationId: place-order", "operationId: put-price", "/v1/stock/{sku}/receipts:", "openapi: 3.1.0"} {
		if !strings.Contains(string(yaml), want) {
			t.Errorf("the description lacks %s", want)
		}
	}
}
