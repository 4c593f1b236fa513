package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// wire is one kept-alive HTTP/1.1 connection. It does what a request needs and no more, so that the load costs little beside what it
// measures, as pgbench's does.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
}

func dial(ctx context.Context, addr string) (*wire, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &wire{conn: conn, in: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// request sends one request and returns status and body.
func (w *wire) request(method, path, token, key, match string, body []byte) (int, []byte, error) {
	w.out.Reset()
	fmt.Fprintf(&w.out, "%s %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", method, path, token, len(body))
	if key != "" {
		fmt.Fprintf(&w.out, "Idempotency-Key: %s\r\n", key)
	}
	if match != "" {
		fmt.Fprintf(&w.out, "If-Match: %s\r\n", match)
	}
	w.out.WriteString("\r\n")
	w.out.Write(body)
	if err := w.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, nil, err
	}
	if _, err := w.conn.Write(w.out.Bytes()); err != nil {
		return 0, nil, err
	}
	return w.answer()
}

func (w *wire) answer() (status int, body []byte, err error) {
	line, err := w.in.ReadString('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 {
		return 0, nil, fmt.Errorf("no status in %q", line)
	}
	if status, err = strconv.Atoi(line[9:12]); err != nil {
		return 0, nil, err
	}
	length, chunked := 0, false
	for {
		if line, err = w.in.ReadString('\n'); err != nil {
			return 0, nil, err
		}
		if line == "\r\n" {
			break
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case strings.EqualFold(name, "Content-Length"):
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return 0, nil, err
			}
		case strings.EqualFold(name, "Transfer-Encoding"):
			chunked = true
		}
	}
	if !chunked {
		body = make([]byte, length)
		_, err = io.ReadFull(w.in, body)
		return status, body, err
	}
	for {
		if line, err = w.in.ReadString('\n'); err != nil {
			return 0, nil, err
		}
		size, err := strconv.ParseInt(strings.TrimSpace(line), 16, 32)
		if err != nil {
			return 0, nil, err
		}
		chunk := make([]byte, size+2)
		if _, err := io.ReadFull(w.in, chunk); err != nil {
			return 0, nil, err
		}
		if size == 0 {
			return status, body, nil
		}
		body = append(body, chunk[:size]...)
	}
}

// loadFor lets so many clients call do, one call after another each, for a while.
func loadFor(ctx context.Context, addr string, clients int, d time.Duration, do func(w *wire, client, n int) error) (float64, latencies, error) {
	wires := make([]*wire, clients)
	for i := range wires {
		w, err := dial(ctx, addr)
		if err != nil {
			return 0, nil, err
		}
		defer w.conn.Close()
		wires[i] = w
	}
	return repeatFor(ctx, clients, d, func(client, n int) error { return do(wires[client], client, n) })
}
