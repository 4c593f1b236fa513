package fakegateway

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Headers of a webhook.
const (
	HeaderTimestamp = "Gateway-Timestamp" // Unix seconds, by the wall clock
	HeaderSignature = "Gateway-Signature" // see [Sign]
)

// Hint is the body of a webhook: something happened to a key, look it up.
type Hint struct {
	Type      string `json:"type"` // operation.settled
	Key       string `json:"key"`
	Op        string `json:"op"`
	OrderID   string `json:"order_id"`
	PaymentID string `json:"payment_id"`
}

// Sign is the signature of a webhook: hex of HMAC-SHA-256 over the timestamp, a dot and the raw body.
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp))
	mac.Write([]byte("."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// notify sends the webhook of e n times, side by side with everything else. The group ends when they are
// delivered or given up.
func (s *Server) notify(e entry, n int) *sync.WaitGroup {
	sent := &sync.WaitGroup{}
	s.mu.Lock()
	url := s.webhook
	s.mu.Unlock()
	if url == "" {
		return sent
	}
	hint := Hint{Type: "operation.settled", Key: e.Key, Op: e.Op, OrderID: e.OrderID, PaymentID: e.PaymentID}
	for range n {
		sent.Add(1)
		s.hooks.Go(func() {
			defer sent.Done()
			if err := s.deliver(url, hint); err != nil {
				s.opts.Log.Warn("webhook not delivered", "key", hint.Key, "error", err)
			}
		})
	}
	return sent
}

// deliver tries three times, one second apart.
func (s *Server) deliver(url string, hint Hint) (err error) {
	body, err := json.Marshal(hint)
	if err != nil {
		return fmt.Errorf("encode webhook: %w", err)
	}
	for try := range 3 {
		if try > 0 {
			select {
			case <-time.After(time.Second):
			case <-s.done:
				return err
			}
		}
		if err = s.post(url, body); err == nil {
			return nil
		}
	}
	return err
}

func (s *Server) post(url string, body []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("post webhook: %w", err)
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(HeaderTimestamp, at)
	req.Header.Set(HeaderSignature, Sign(s.opts.WebhookSecret, at, body))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("post webhook: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("post webhook: status %d", resp.StatusCode)
	}
	return nil
}
