package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/kontor-dev/kontor/internal/nettest"
)

// program is one running process of the shop.
type program struct {
	t     *testing.T
	name  string
	args  []string
	env   []string
	ready string // URL that answers 200 once it works
	log   string
	cmd   *exec.Cmd
	ended chan struct{}
}

// startPrograms starts the fake gateway, the services and the front.
func (s *stack) startPrograms() {
	s.t.Helper()
	at := func() string { return nettest.Addr(s.t) }
	gateway, front := at(), at()
	order, payment, query := at(), at(), at()
	s.front, s.gateway = "http://"+front, "http://"+gateway
	database := func(user, name string) string {
		u, err := url.Parse(s.postgres)
		if err != nil {
			s.t.Fatal(err)
		}
		u.User, u.Path = url.UserPassword(user, "kontor"), "/"+name
		return u.String()
	}
	auth := func(prefix string) []string {
		return []string{prefix + "AUTH_MODE=dev", prefix + "AUTH_ISSUER=" + s.front, prefix + "AUTH_JWKS_URL=" + s.front + "/.well-known/jwks.json"}
	}
	s.start("fakegateway", nil, s.gateway+"/ledger", []string{
		"FAKEGATEWAY_ADDR=" + gateway, "FAKEGATEWAY_LEDGER=" + filepath.Join(s.dir, "ledger.jsonl"),
		"FAKEGATEWAY_WEBHOOK_URL=http://" + payment + "/v1/webhooks/gateway", "FAKEGATEWAY_WEBHOOK_SECRET=secret-of-the-tests",
	})
	s.start("front", []string{"front"}, s.front+"/problems", []string{
		"FRONT_ADDR=" + front, "FRONT_ORDER_URL=http://" + order, "FRONT_PAYMENT_URL=http://" + payment, "FRONT_QUERY_URL=http://" + query,
		"FRONT_ISSUER=" + s.front, "FRONT_DEV_KEY_FILE=" + filepath.Join(s.dir, "issuer.json"),
	})
	service := func(name, prefix, addr string, env ...string) {
		admin := at()
		env = append(env, prefix+"ADDR="+addr, prefix+"ADMIN_ADDR="+admin, prefix+"BROKERS="+s.broker, prefix+"RATE_LIMIT=0") // the auditor of the tests asks faster than a person
		s.start(name, nil, "http://"+admin+"/readyz", append(env, auth(prefix)...))
	}
	service("order", "ORDER_", order, "ORDER_DATABASE_URL="+database("order_app", "kontor_order"))
	service("payment", "PAYMENT_", payment, "PAYMENT_DATABASE_URL="+database("payment_app", "kontor_payment"),
		"PAYMENT_GATEWAY_URL="+s.gateway, "PAYMENT_WEBHOOK_SECRET=secret-of-the-tests")
	service("query", "QUERY_", query, "QUERY_DATABASE_URL="+database("query_project", "kontor_query"),
		"QUERY_READ_DATABASE_URL="+database("query_read", "kontor_query"), "QUERY_STAFF_DATABASE_URL="+database("query_staff", "kontor_query"),
		"QUERY_CURSOR_KEY=a-key-of-the-tests-that-is-long-enough")
	for _, p := range s.programs {
		p.waitReady()
	}
}

func (s *stack) start(name string, args []string, ready string, env []string) {
	s.t.Helper()
	file := name
	if name == "front" {
		file = "kontor"
	}
	p := &program{t: s.t, name: file, args: args, env: env, ready: ready, log: filepath.Join(s.dir, name+".log")}
	s.programs[name] = p
	p.run()
	s.t.Cleanup(func() {
		p.stop(syscall.SIGKILL)
		if s.t.Failed() {
			p.dumpLog()
		}
	})
}

// run starts the process; its output goes to a file that outlives restarts.
func (p *program) run() {
	p.t.Helper()
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer out.Close()
	p.cmd = exec.Command(filepath.Join(bin, p.name), p.args...)
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, p.env...)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	cmd, ended := p.cmd, make(chan struct{})
	p.ended = ended
	go func() { _ = cmd.Wait(); close(ended) }()
}

// stop sends a signal and waits for the end of the process.
func (p *program) stop(sig syscall.Signal) {
	p.t.Helper()
	select {
	case <-p.ended:
		return
	default:
	}
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Logf("%s: %v", p.name, err)
	}
	select {
	case <-p.ended:
	case <-time.After(40 * time.Second):
		p.t.Errorf("%s does not end after %v", p.name, sig)
		_ = p.cmd.Process.Kill()
	}
}

// restart kills the process where it stands, and starts it again.
func (p *program) restart() {
	p.t.Helper()
	p.stop(syscall.SIGKILL)
	p.run()
	p.waitReady()
}

func (p *program) waitReady() {
	p.t.Helper()
	eventually(p.t, 60*time.Second, p.name+" is ready", func() error {
		select {
		case <-p.ended:
			p.dumpLog()
			p.t.Fatalf("%s ended before it was ready", p.name)
		default:
		}
		ctx, cancel := context.WithTimeout(p.t.Context(), 2*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.ready, nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answers %s", p.ready, resp.Status)
		}
		return nil
	})
}

// dumpLog shows the end of the log.
func (p *program) dumpLog() {
	data, err := os.ReadFile(p.log)
	if err != nil {
		return
	}
	lines := bytes.Split(data, []byte("\n"))
	p.t.Logf("the end of %s:\n%s", p.log, bytes.Join(lines[max(0, len(lines)-40):], []byte("\n")))
}

// eventually asks until check returns nil, and fails the test with the last error after limit.
func eventually(t *testing.T, limit time.Duration, what string, check func() error) {
	t.Helper()
	deadline := time.Now().Add(limit)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s: %v", limit, what, err)
		}
		<-tick.C
	}
}
