package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// client speaks the HTTP API of the shop, as a role.
type client struct {
	base  string
	token string
	http  *http.Client
}

// refusal is an answer of the shop that says no, or that something is broken on its side.
type refusal struct {
	Status int
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Title  string `json:"title"`
	Errors []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`
}

// Error implements error.
func (r *refusal) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%d)", r.Code, r.Status)
	if text := r.Detail; text != "" || r.Title != "" {
		if text == "" {
			text = r.Title
		}
		b.WriteString(": " + text)
	}
	for _, e := range r.Errors {
		fmt.Fprintf(&b, "\n  %s: %s", e.Location, e.Message)
	}
	return b.String()
}

// clientFlags are the flags of every verb that speaks the API.
type clientFlags struct{ url, role, subject, output string }

func (f *clientFlags) add(cmd *cobra.Command, role string) {
	cmd.Flags().StringVar(&f.url, "url", envOr("KONTOR_URL", "http://localhost:8080"), "origin of the shop (KONTOR_URL)")
	cmd.Flags().StringVar(&f.role, "role", role, "ask as: customer, support, warehouse, finance or admin; KONTOR_TOKEN wins")
	cmd.Flags().StringVar(&f.subject, "subject", "demo", "name to ask under")
	cmd.Flags().StringVarP(&f.output, "output", "o", "table", "table or json")
}

// client returns a client with a token: KONTOR_TOKEN, or a fresh one of the development issuer.
func (f *clientFlags) client(ctx context.Context) (*client, error) {
	if f.output != "table" && f.output != "json" {
		return nil, &usageError{fmt.Errorf("-o %s: want table or json", f.output)}
	}
	c := &client{base: strings.TrimSuffix(f.url, "/"), token: os.Getenv("KONTOR_TOKEN"), http: httpClient()}
	if c.token != "" {
		return c, nil
	}
	token, err := c.devToken(ctx, f.role, f.subject)
	if err != nil {
		return nil, fmt.Errorf("ask %s for a token (set KONTOR_TOKEN to bring your own): %w", c.base, err)
	}
	c.token = token
	return c, nil
}

// httpClient waits 15 s at most for an answer.
func httpClient() *http.Client { return &http.Client{Timeout: 15 * time.Second} }

// devToken asks the development issuer of the front for a token.
func (c *client) devToken(ctx context.Context, role, subject string) (string, error) {
	var answer struct {
		Token string `json:"access_token"`
	}
	body := map[string]any{"subject": subject, "roles": []string{role}}
	if err := c.do(ctx, http.MethodPost, "/dev/token", nil, body, &answer); err != nil {
		return "", err
	}
	if answer.Token == "" {
		return "", errors.New("the answer holds no token")
	}
	return answer.Token, nil
}

// do sends one request and decodes a 2xx answer into out; any other answer is a [refusal].
func (c *client) do(ctx context.Context, method, path string, header http.Header, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	if header != nil {
		req.Header = header
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%w (is the shop running? try `kontor dev`)", err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		r := &refusal{Status: resp.StatusCode, Code: resp.Status}
		_ = json.Unmarshal(data, r) // an answer that is no problem document keeps its status line
		return r
	}
	if out == nil || len(data) == 0 {
		return nil
	}
	if raw, ok := out.(*json.RawMessage); ok {
		*raw = data
		return nil
	}
	return json.Unmarshal(data, out)
}

func envOr(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

// printJSON writes data indented.
func printJSON(w io.Writer, data json.RawMessage) error {
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
