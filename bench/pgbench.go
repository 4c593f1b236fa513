package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// oneRow is what pgbench does per transaction: the row that the append lane writes, into the table it writes to.
const oneRow = `insert into events (stream_type, stream_id, version, event_id, event_type, schema_version, data, metadata)
values ('order', gen_random_uuid(), 1, gen_random_uuid(), 'order.placed', 1, :data, :metadata);
`

// eventData and eventMetadata have the size of an order with one line.
const (
	eventData = `{"order_id":"0198c2a5-7f1e-7d34-b1a2-0f6f7a1c2d3e","occurred_at":"2026-01-02T03:04:05.678901Z","currency":"EUR","customer_id":"customer-1",` +
		`"lines":[{"line_id":"0198c2a5-7f1e-5d34-b1a2-0f6f7a1c2d3e","sku":"SKU-000001","name":"A product with a name","quantity":2,"unit_price":1999,"tax_rate_bp":1900,"tax_included":true}],` +
		`"grand_total":3998,"after":{"status":"placed","payment_status":"pending","fulfillment_status":"unfulfilled"}}`
	eventMetadata = `{"command_id":"0198c2a5-7f1e-5d34-b1a2-0f6f7a1c2d3e","fingerprint":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","correlation_id":"0198c2a5-7f1e-7d34-b1a2-0f6f7a1c2d3e","actor":"customer:customer-1"}`
)

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// pgbench inserts one row per transaction from so many clients and returns transactions per second and the time of each.
func pgbench(ctx context.Context, database string, clients int, d time.Duration) (perSecond float64, all latencies, err error) {
	program, err := findPgbench()
	if err != nil {
		return 0, nil, err
	}
	dir, err := os.MkdirTemp("", "pgbench")
	if err != nil {
		return 0, nil, err
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "one_row.sql")
	if err := os.WriteFile(script, []byte(oneRow), 0o644); err != nil {
		return 0, nil, err
	}
	u, err := url.Parse(database)
	if err != nil {
		return 0, nil, err
	}
	cmd := exec.CommandContext(ctx, program, "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", strconv.Itoa(min(clients, 2)),
		"-T", strconv.Itoa(int(d.Seconds())), "-D", "data="+eventData, "-D", "metadata="+eventMetadata, "-l", "--log-prefix", filepath.Join(dir, "log"), "-f", script,
		"-h", u.Hostname(), "-p", u.Port(), "-U", u.User.Username(), strings.TrimPrefix(u.Path, "/"))
	password, _ := u.User.Password()
	cmd.Env = append(os.Environ(), "PGPASSWORD="+password)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, nil, fmt.Errorf("pgbench: %w\n%s", err, out)
	}
	m := tps.FindSubmatch(out)
	if m == nil {
		return 0, nil, fmt.Errorf("pgbench printed no tps:\n%s", out)
	}
	if perSecond, err = strconv.ParseFloat(string(m[1]), 64); err != nil {
		return 0, nil, err
	}
	all, err = readLog(dir)
	return perSecond, all, err
}

// readLog reads the times of all transactions from pgbench's log: client, number, microseconds, …
func readLog(dir string) (latencies, error) {
	files, err := filepath.Glob(filepath.Join(dir, "log.*"))
	if err != nil {
		return nil, err
	}
	var all latencies
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			fields := strings.Fields(line)
			if len(fields) < 3 {
				continue
			}
			us, err := strconv.ParseInt(fields[2], 10, 64)
			if err != nil {
				return nil, err
			}
			all = append(all, time.Duration(us)*time.Microsecond)
		}
	}
	return all, nil
}

// findPgbench looks on PATH and where distributions put it.
func findPgbench() (string, error) {
	if p, err := exec.LookPath("pgbench"); err == nil {
		return p, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err != nil || len(found) == 0 {
		return "", errors.New("pgbench was not found: install PostgreSQL's client programs")
	}
	return found[len(found)-1], nil
}
