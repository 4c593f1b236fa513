package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// readmeID is the order's id in the README. It depends on the issuer, and so on the port.
const readmeID = "170e777a-bd66-5973-9692-14418e4428be"

var (
	uuid   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	number = regexp.MustCompile(`ORD(-[0-9A-Z]{4}){3}`)
	origin = regexp.MustCompile(`http://localhost:\d+`)
)

// TestTheReadmeTellsTheTruth runs the shop and every command of the README's console block, and compares what comes back; "…" stands
// for anything.
func TestTheReadmeTellsTheTruth(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "kontor")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	front := startDev(t, bin)
	env := append(os.Environ(), "KONTOR_URL="+front)
	id := readmeID
	for _, s := range transcript(t) {
		command := strings.NewReplacer("http://localhost:8080", front, "go run ./cmd/kontor", bin, readmeID, id).Replace(s.command)
		if name, ok := strings.CutPrefix(command, "TOKEN="); ok {
			env = append(env, "TOKEN="+shell(t, env, "printf %s "+name))
			continue
		}
		got := shell(t, env, command)
		if strings.Contains(s.want, readmeID) && id == readmeID {
			id = uuid.FindString(got)
			awaitConfirmed(t, env, bin, id)
		}
		want := number.ReplaceAllString(strings.ReplaceAll(s.want, readmeID, id), "…")
		if !matches(want, got) {
			t.Errorf("$ %s\ngot:\n%s\nwant:\n%s", command, got, want)
		}
	}
}

// step is a command of the README and what it prints.
type step struct{ command, want string }

func transcript(t *testing.T) []step {
	t.Helper()
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "```console\n")
	block, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the README has no console block")
	}
	var steps []step
	for line := range strings.Lines(block) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			steps = append(steps, step{command: strings.TrimSpace(command)})
		} else {
			steps[len(steps)-1].want += line
		}
	}
	if len(steps) < 4 {
		t.Fatalf("the README shows %d commands: too few", len(steps))
	}
	return steps
}

// matches compares line by line; how many blanks a table has between its columns does not count.
func matches(want, got string) bool {
	blanks, ends := regexp.MustCompile(` +`), regexp.MustCompile(` ?\n ?`)
	tidy := func(s string) string { return ends.ReplaceAllString(blanks.ReplaceAllString(s, " "), "\n") }
	want, got = tidy(want), tidy(got)
	pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(want)), "…", ".*")
	return regexp.MustCompile(`^` + pattern + `$`).MatchString(strings.TrimSpace(got))
}

func shell(t *testing.T, env []string, command string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", command)
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	var refused *exec.ExitError
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("%s: %v", command, err)
	}
	return string(out)
}

func awaitConfirmed(t *testing.T, env []string, bin, id string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for tick := time.NewTicker(50 * time.Millisecond); ; <-tick.C {
		out := shell(t, env, bin+" show "+id)
		if strings.Contains(out, "confirmed") {
			tick.Stop()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("order %s is not confirmed:\n%s", id, out)
		}
	}
}

// startDev runs `kontor dev` on a folder of its own until the end of the test, which must find it gone after one Ctrl-C, and returns the
// origin it says.
func startDev(t *testing.T, bin string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kontor-readme") // not t.TempDir: as root the server runs as another user, who must get in
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "dev", "--dir", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("kontor dev after Ctrl-C: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Kontor is running on") {
			go func() { _, _ = io.Copy(io.Discard, out) }() // until the process ends
			return origin.FindString(lines.Text())
		}
	}
	t.Fatal("kontor dev ended before it was ready")
	return ""
}
