package devstack_test

import (
	"os"
	"strings"
	"testing"

	"github.com/kontor-dev/kontor/internal/devstack"
)

// envDownload lets the one test run that needs the internet: 15 MB.
const envDownload = "KONTOR_TEST_DOWNLOAD"

func TestADownloadedServerIsKeptAndItsDataToo(t *testing.T) {
	if os.Getenv(envDownload) == "" {
		t.Skipf("SKIPPED: DOWNLOADS 15 MB FROM MAVEN CENTRAL; set %s=1 to run it", envDownload)
	}
	cfg := devstack.PostgresConfig{Dir: dataDir(t), CacheDir: dataDir(t), BinDir: devstack.Download}
	pg := start(t, cfg)
	exec1(t, pg.URL("postgres"), "create table kept as select 18 as n")
	if got := query1[string](t, pg.URL("postgres"), "show server_version"); got != "18.4" {
		t.Errorf("got %s, want 18.4", got)
	}
	if err := pg.Close(); err != nil {
		t.Fatal(err)
	}

	cfg.Mirror, cfg.BinDir = "http://127.0.0.1:1", "" // nothing can be fetched, and the data says 18
	pg = start(t, cfg)
	if got := query1[int](t, pg.URL("postgres"), "select n from kept"); got != 18 {
		t.Errorf("got %d, want 18", got)
	}
	if err := pg.Close(); err != nil {
		t.Fatal(err)
	}

	// A download killed half way leaves binaries without the mark: they are unpacked again.
	root := cfg.CacheDir
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".complete"); ok {
			if err := os.Remove(root + "/" + e.Name()); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(root + "/" + name + "/bin/postgres"); err != nil {
				t.Fatal(err)
			}
		}
	}
	pg = start(t, cfg)
	if got := query1[int](t, pg.URL("postgres"), "select n from kept"); got != 18 {
		t.Errorf("got %d, want 18", got)
	}
}
