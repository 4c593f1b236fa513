package queryd_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/internal/config"
	"github.com/kontor-dev/kontor/migrations"
	"github.com/kontor-dev/kontor/pkg/messaging/pgsink"
	"github.com/kontor-dev/kontor/services/query/queryd"
)

func TestEveryProblemOfAConfigurationIsNamedAtOnce(t *testing.T) {
	_, err := queryd.ConfigFrom([]string{
		"QUERY_ENV=prod", "QUERY_DATABASE_URL=postgres://u:hunter2@h/d", "QUERY_READ_DATABASE_URL=x", "QUERY_STAFF_DATABASE_URL=x",
		"QUERY_CURSOR_KEY=short", "QUERY_MAX_WAITS=500", "QUERY_AUTH_MODE=dev", "QUERY_AUTH_ISSUER=http://issuer",
	})
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{"CURSOR_KEY", "MAX_WAITS", "AUTH_MODE"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not named in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the password shows: %v", err)
	}
}

func TestEveryRoleOfTheDatabaseIsNeeded(t *testing.T) {
	all := map[string]string{"QUERY_DATABASE_URL": "x", "QUERY_READ_DATABASE_URL": "x", "QUERY_STAFF_DATABASE_URL": "x", "QUERY_CURSOR_KEY": "0123456789abcdef"}
	for missing := range all {
		environ := []string{"QUERY_AUTH_MODE=dev", "QUERY_AUTH_ISSUER=http://issuer"}
		for name, value := range all {
			if name != missing {
				environ = append(environ, name+"="+value)
			}
		}
		if _, err := queryd.ConfigFrom(environ); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

func TestTheCommandLine(t *testing.T) {
	environ := []string{
		"QUERY_DATABASE_URL=postgres://u:hunter2@h/d", "QUERY_READ_DATABASE_URL=x", "QUERY_STAFF_DATABASE_URL=x",
		"QUERY_CURSOR_KEY=0123456789abcdef", "QUERY_AUTH_MODE=dev", "QUERY_AUTH_ISSUER=http://issuer", "QUERY_ADMIN_ADDR=127.0.0.1:1",
	}
	var out bytes.Buffer
	if err := queryd.Main(t.Context(), []string{"config"}, environ, &out, &out); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, "QUERY_DATABASE_URL=***") || strings.Contains(s, "hunter2") || !strings.Contains(s, "QUERY_ADDR=127.0.0.1:8083") {
		t.Errorf("config prints %s", s)
	}
	for _, command := range []string{"healthcheck", "dance"} {
		if err := queryd.Main(t.Context(), []string{command}, environ, &out, &out); err == nil {
			t.Errorf("%s: got no error", command)
		}
	}
}

func TestTheReadmeListsEverySetting(t *testing.T) {
	var table bytes.Buffer
	if err := config.Table(&table, queryd.Settings()); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil || !bytes.Contains(readme, table.Bytes()) {
		t.Errorf("README.md does not hold this table (%v):\n%s", err, table.String())
	}
}

func TestTheConsumerTablesAreThoseOfPgsink(t *testing.T) {
	file, err := migrations.Query.Open("00002_views.sql")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(file); err != nil {
		t.Fatal(err)
	}
	words := func(s string) string {
		var b strings.Builder
		for line := range strings.Lines(s) {
			code, _, _ := strings.Cut(line, "--")
			b.WriteString(code + " ")
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	if want := words(strings.ReplaceAll(pgsink.Schema, " if not exists", "")); !strings.Contains(words(got.String()), want) {
		t.Errorf("the migration does not have\n%s", want)
	}
}

func TestTheDescriptionOfTheAPI(t *testing.T) {
	data, err := queryd.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"openapi: 3.1.0", "/v1/orders/{id}/timeline:", "/v1/customers/{customer_id}/orders:", "min_version"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in the description", want)
		}
	}
}
