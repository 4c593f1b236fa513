package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kontor-dev/kontor/internal/auth"
	"github.com/kontor-dev/kontor/internal/config"
)

type settings struct {
	DatabaseURL config.Secret `env:"DATABASE_URL,required" doc:"where the database is"`
	Listen      string        `env:"LISTEN" envDefault:"127.0.0.1:8081" doc:"address | port"`
	MaxBody     int           `env:"MAX_BODY" envDefault:"65536" doc:"bytes"`
	Brokers     []string      `env:"BROKERS" envDefault:"127.0.0.1:19092" doc:"brokers"`
	Grace       time.Duration `env:"GRACE" envDefault:"5s" doc:"time to stop"`
	Level       slog.Level    `env:"LEVEL" envDefault:"INFO" doc:"log level"`
	Auth        auth.Config   `envPrefix:"AUTH_"`
}

func (s settings) Validate() error {
	if s.MaxBody < 1 {
		return errors.Join(errors.New("MAX_BODY must be positive"), errors.New("a second rule"))
	}
	return nil
}

const secret = "postgres://user:hunter2@host/db"

func TestParseReadsValuesAndDefaults(t *testing.T) {
	got, err := config.Parse[settings]([]string{
		"X_DATABASE_URL=" + secret, "X_BROKERS=a:1,b:2", "X_GRACE=250ms", "X_AUTH_ISSUER=http://issuer", "X_LISTEN=",
		"X_AUTH_MODE=dev", "OTHER_THING=1", "PATH=/bin",
	}, "X_")
	if err != nil {
		t.Fatal(err)
	}
	want := settings{
		DatabaseURL: config.NewSecret(secret), Listen: "127.0.0.1:8081", MaxBody: 65536, Brokers: []string{"a:1", "b:2"},
		Grace: 250 * time.Millisecond, Auth: auth.Config{Mode: auth.ModeDev, Issuer: "http://issuer", RolesClaim: "roles"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(config.Secret{})); diff != "" {
		t.Error(diff)
	}
}

func TestParseReturnsEveryProblemAtOnce(t *testing.T) {
	_, err := config.Parse[settings]([]string{
		"X_MAX_BODY=many", "X_GRACE=soon", "X_BROKER=a:1", "X_SOMETHING_ELSE=1", "X_AUTH_DEV_REMOTE=perhaps",
	}, "X_")
	var all *config.Error
	if !errors.As(err, &all) {
		t.Fatalf("err %v", err)
	}
	want := []string{
		"X_BROKER is not a setting; did you mean X_BROKERS?",
		"X_SOMETHING_ELSE is not a setting",
		"X_DATABASE_URL is required",
		"X_MAX_BODY: not a number: invalid syntax",
		`X_GRACE: not a duration: unable to parse duration: time: invalid duration "soon"`,
		"X_AUTH_DEV_REMOTE: not a true or false: invalid syntax",
	}
	if diff := cmp.Diff(want, all.Problems); diff != "" {
		t.Error(diff)
	}
	for _, p := range want {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the text lacks %q", p)
		}
	}
}

func TestParseAsksTheRulesOfTheStruct(t *testing.T) {
	_, err := config.Parse[settings]([]string{"X_DATABASE_URL=x", "X_MAX_BODY=0"}, "X_")
	var all *config.Error
	if !errors.As(err, &all) || len(all.Problems) != 2 || all.Problems[0] != "MAX_BODY must be positive" {
		t.Errorf("err %v", err)
	}
}

func TestASecretComesFromAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := config.Parse[settings]([]string{"X_DATABASE_URL_FILE=" + path}, "X_")
	if err != nil || got.DatabaseURL.Reveal() != secret {
		t.Errorf("got %q, err %v", got.DatabaseURL.Reveal(), err)
	}
	for name, c := range map[string]struct {
		environ []string
		want    string
	}{
		"both":                         {[]string{"X_DATABASE_URL=a", "X_DATABASE_URL_FILE=" + path}, "both set"},
		"no file":                      {[]string{"X_DATABASE_URL_FILE=" + path + "x"}, "X_DATABASE_URL_FILE: open"},
		"a file for what is no secret": {[]string{"X_DATABASE_URL=a", "X_LISTEN_FILE=" + path}, "X_LISTEN_FILE is not a setting"},
	} {
		_, err := config.Parse[settings](c.environ, "X_")
		var all *config.Error
		if !errors.As(err, &all) || len(all.Problems) != 1 || !strings.Contains(all.Problems[0], c.want) {
			t.Errorf("%s: err %v, want one problem: %s", name, err, c.want)
		}
	}
}

func TestASecretDoesNotShow(t *testing.T) {
	cfg := settings{DatabaseURL: config.NewSecret(secret)}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v %+v %#v %s %q %d", cfg, cfg, cfg, cfg.DatabaseURL, cfg.DatabaseURL, cfg.DatabaseURL)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "url", cfg.DatabaseURL, "cfg", cfg)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "url", cfg.DatabaseURL, "cfg", cfg)
	raw, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(raw)
	if err := config.Print(&out, cfg, "X_"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("it shows: %s", out.String())
	}
	if !strings.Contains(out.String(), "X_DATABASE_URL=***\n") {
		t.Errorf("Print hides that there is one: %s", out.String())
	}
	if !(config.Secret{}).IsZero() || (config.Secret{}).String() != "" {
		t.Error("an empty secret pretends to be one")
	}
}

func TestPrintShowsWhatIsInForce(t *testing.T) {
	var out bytes.Buffer
	cfg := settings{Listen: "l", Brokers: []string{"a", "b"}, Grace: time.Second, Auth: auth.Config{Issuer: "i"}}
	if err := config.Print(&out, &cfg, "X_"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"X_LISTEN=l\n", "X_BROKERS=a,b\n", "X_GRACE=1s\n", "X_LEVEL=INFO\n", "X_AUTH_ISSUER=i\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s lacks %q", out.String(), want)
		}
	}
}

func TestTheTableAndTheExampleNameEverySetting(t *testing.T) {
	var table, example bytes.Buffer
	all := config.Settings[settings]("X_")
	if err := errors.Join(config.Table(&table, all), config.Example(&example, all)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| `X_DATABASE_URL` or `X_DATABASE_URL_FILE` | secret | required | where the database is |\n",
		"| `X_LISTEN` | text | `127.0.0.1:8081` | address \\| port |\n",
		"| `X_GRACE` | duration | `5s` | time to stop |\n",
		"| `X_AUTH_DEV_REMOTE` | true or false | `false` |",
	} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
	for _, want := range []string{"\nX_DATABASE_URL=\n", "\n#X_MAX_BODY=65536\n"} {
		if !strings.Contains(example.String(), want) {
			t.Errorf("the example lacks %q:\n%s", want, example.String())
		}
	}
}
