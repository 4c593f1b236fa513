package front_test

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const swagger = "docs/swagger"

// TestTheVendoredFilesAreTheOnesThatWereChecked compares them, uncompressed, with
// the hashes of swagger-ui-dist 5.35.0.
func TestTheVendoredFilesAreTheOnesThatWereChecked(t *testing.T) {
	sums, err := os.Open(filepath.Join(swagger, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	defer sums.Close()
	lines := bufio.NewScanner(sums)
	checked := 0
	for lines.Scan() {
		want, name, _ := strings.Cut(lines.Text(), "  ")
		if got := hash(t, name); got != want {
			t.Errorf("%s has the hash %s, want %s", name, got, want)
		}
		checked++
	}
	if checked != 4 || lines.Err() != nil {
		t.Errorf("%d files checked, err %v", checked, lines.Err())
	}
}

func hash(t *testing.T, name string) string {
	t.Helper()
	var r io.Reader
	f, err := os.Open(filepath.Join(swagger, name))
	if os.IsNotExist(err) {
		if f, err = os.Open(filepath.Join(swagger, name+".gz")); err != nil {
			t.Fatal(err)
		}
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	} else if err != nil {
		t.Fatal(err)
	} else {
		r = f
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestTheReferenceNeedsNobodyElse follows what the pages load: all of it is here,
// and nothing is inline, as the policy would refuse it.
func TestTheReferenceNeedsNobodyElse(t *testing.T) {
	s := newShop(t, nil)
	links := regexp.MustCompile(`(?:src|href)="([^"#]+)"`)
	for _, page := range []string{"/", "/docs", "/dev", "/problems", "/problems/conflict"} {
		resp := s.do(t, "GET", page, "")
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: status %d, err %v", page, resp.StatusCode, err)
		}
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self'") || strings.Contains(csp, "eval") {
			t.Errorf("%s: policy %q", page, csp)
		}
		if regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son[a-z]+=`).Match(body) {
			t.Errorf("%s has something inline", page)
		}
		for _, m := range links.FindAllStringSubmatch(string(body), -1) {
			if m[1] == "data:," {
				continue
			}
			if !strings.HasPrefix(m[1], "/") || strings.HasPrefix(m[1], "//") {
				t.Errorf("%s loads or links %s", page, m[1])
				continue
			}
			if status := s.do(t, "GET", m[1], "").StatusCode; status >= 400 {
				t.Errorf("%s links %s: %d", page, m[1], status)
			}
		}
	}
}

func TestAssetsComeCompressedOrPlain(t *testing.T) {
	s := newShop(t, nil)
	resp := s.do(t, "GET", "/docs/swagger-ui.css", "", "Accept-Encoding: identity")
	plain, err := io.ReadAll(resp.Body)
	if err != nil || resp.Header.Get("Content-Encoding") != "" || len(plain) < 100_000 {
		t.Errorf("plain: %d bytes, %v, err %v", len(plain), resp.Header, err)
	}
	resp = s.do(t, "GET", "/docs/swagger-ui.css", "", "Accept-Encoding: gzip")
	packed, err := io.ReadAll(resp.Body)
	if err != nil || resp.Header.Get("Content-Encoding") != "gzip" || len(packed) > len(plain)/2 {
		t.Errorf("packed: %d bytes, %v, err %v", len(packed), resp.Header, err)
	}
	if ct := resp.Header.Get("Content-Type"); ct != "text/css; charset=utf-8" {
		t.Errorf("type %q", ct)
	}
}
