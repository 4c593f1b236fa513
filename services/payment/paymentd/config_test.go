package paymentd_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/internal/daemon"
	"github.com/kontor-dev/kontor/migrations"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
	"github.com/kontor-dev/kontor/services/payment/paymentd"
)

func TestEveryProblemOfAConfigurationIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := paymentd.ConfigFrom([]string{
		"PAYMENT_ENV=prod", "PAYMENT_CAPTURE_POLICY=sometimes", "PAYMENT_GATEWAY_URL=http://gateway", "PAYMENT_GATEWAY_TIMEOUT=11s",
		"PAYMENT_DATABASE_URL=postgres://u:hunter2@h/d", "PAYMENT_AUTH_MODE=dev", "PAYMENT_AUTH_ISSUER=http://issuer",
	})
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{"CAPTURE_POLICY", "GATEWAY_URL", "GATEWAY_TIMEOUT", "WEBHOOK_SECRET", "AUTH_MODE"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not named in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the password shows: %v", err)
	}
}

func TestTheCommandLine(t *testing.T) {
	t.Parallel()
	environ := []string{
		"PAYMENT_DATABASE_URL=postgres://u:hunter2@h/d", "PAYMENT_AUTH_MODE=dev", "PAYMENT_AUTH_ISSUER=http://issuer",
		"PAYMENT_ADMIN_ADDR=127.0.0.1:1",
	}
	var out bytes.Buffer
	if err := paymentd.Main(t.Context(), []string{"config"}, environ, &out, &out); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, "PAYMENT_DATABASE_URL=***") || strings.Contains(s, "hunter2") || !strings.Contains(s, "PAYMENT_ADDR=127.0.0.1:8082") {
		t.Errorf("config prints %s", s)
	}
	out.Reset()
	if err := paymentd.Main(t.Context(), []string{"version"}, nil, &out, &out); err != nil || strings.TrimSpace(out.String()) != daemon.Version {
		t.Errorf("version prints %q, %v", out.String(), err)
	}
	for _, command := range []string{"healthcheck", "dance"} {
		if err := paymentd.Main(t.Context(), []string{command}, environ, &out, &out); err == nil {
			t.Errorf("%s: got no error", command)
		}
	}
}

func TestTheReadmeListsEverySetting(t *testing.T) {
	t.Parallel()
	var table bytes.Buffer
	if err := config.Table(&table, config.Settings[paymentd.Config](paymentd.Prefix)); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil || !bytes.Contains(readme, table.Bytes()) {
		t.Errorf("README.md does not hold this table (%v):\n%s", err, table.String())
	}
}

// TestTheConsumerTablesAreThoseOfPgsink compares the migration with the library's schema, word by word.
func TestTheConsumerTablesAreThoseOfPgsink(t *testing.T) {
	t.Parallel()
	file, err := migrations.Payment.Open("00002_consumer.sql")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(file); err != nil {
		t.Fatal(err)
	}
	_, sql, _ := strings.Cut(got.String(), "-- +goose Up\n")
	words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if want := words(strings.ReplaceAll(pgsink.Schema, " if not exists", "")); words(sql) != want {
		t.Errorf("got\n%s\nwant\n%s", words(sql), want)
	}
}
