package fakegateway

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// answer replies to a request whose row is written, in the way that reply asks for.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, e entry, reply Reply) {
	switch {
	case !e.Effect:
	case e.Token == TokenWebhookFirst:
		s.notify(e, 1).Wait()
	case reply.Answer == AnswerNormal:
		defer s.notify(e, webhooks(e.Token))
	default: // the reply gets lost: the hint does not wait for that
		s.notify(e, webhooks(e.Token))
	}
	s.pause(r, time.Duration(reply.DelayMS)*time.Millisecond)
	o := e.operation()
	if reply.WrongAmount && e.Named == 0 {
		o.Amount += 100
	}
	if reply.WrongCurrency {
		o.Currency = "XTS"
	}
	switch {
	case reply.Status != 0:
		if reply.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(reply.RetryAfter))
		}
		writeError(w, reply.Status, "unavailable")
	case reply.Answer == AnswerNormal:
		writeJSON(w, statusOf(o.Outcome), o)
	default:
		s.misbehave(w, r, reply.Answer)
	}
}

func webhooks(token string) int {
	if token == TokenDupWebhook {
		return 3
	}
	return 1
}

func statusOf(outcome string) int {
	switch outcome {
	case outcomeOK:
		return http.StatusOK
	case outcomeDeclined:
		return http.StatusPaymentRequired
	default:
		return http.StatusUnprocessableEntity
	}
}

func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, how string) {
	switch how {
	case AnswerHang:
		s.pause(r, s.opts.Hang)
		panic(http.ErrAbortHandler)
	case AnswerMalformed:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"op":"authorize","amount":`))
	case AnswerHuge:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(append([]byte(`{"message":"`), bytes.Repeat([]byte("x"), 4*maxBody)...))
	case AnswerDrip:
		flusher := http.NewResponseController(w)
		for range 60 {
			if _, err := w.Write([]byte(" ")); err != nil || flusher.Flush() != nil || !s.pause(r, s.opts.Hang/60) {
				break
			}
		}
		panic(http.ErrAbortHandler)
	case AnswerRedirect:
		http.Redirect(w, r, "/ledger", http.StatusTemporaryRedirect)
	default: // AnswerReset: no byte leaves
		panic(http.ErrAbortHandler)
	}
}

// pause waits for d, and less if the client goes away or the server closes: then it reports false.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

func writeError(w http.ResponseWriter, status int, code string) {
	writeJSON(w, status, struct {
		Error string `json:"error"`
	}{Error: code})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the row is written; a client that is gone looks it up
}
