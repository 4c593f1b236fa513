package fakegateway

import (
	"encoding/json"
	"net/http"
	"time"
)

// lookup says what became of a key. Its row shows that somebody asked; it never has an effect.
func (s *Server) lookup(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	key := q.Get("key")
	if key == "" {
		writeError(w, http.StatusBadRequest, "bad_request")
		return
	}
	e, reply, err := s.recordLookup(key, q.Get("order_id"), q.Get("payment_id"))
	switch {
	case err != nil:
		s.opts.Log.Error("ledger", "error", err)
		writeError(w, http.StatusInternalServerError, "ledger")
	case e.Op == "" && reply.Answer == AnswerNormal && reply.Status == 0:
		writeError(w, http.StatusNotFound, "not_found")
	case reply.Answer == AnswerNormal && reply.Status == 0:
		writeJSON(w, http.StatusOK, e.operation())
	default:
		s.answer(w, r, e, reply)
	}
}

// recordLookup returns the row that settled key, or an empty one.
func (s *Server) recordLookup(key, orderID, paymentID string) (entry, Reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	row := Row{
		ReceivedAt: now, Op: opLookup, Key: key, OrderID: orderID, PaymentID: paymentID,
		Outcome: outcomeFailed, Code: "not_found",
	}
	reply := s.reply(opLookup, orderID, "", 0)
	found, ok := s.settled(key, now)
	if ok && reply.Effect != EffectNone {
		row.Outcome, row.Code, row.GatewayRef = found.Outcome, found.Code, found.GatewayRef
		row.Amount, row.Currency, row.OrderID, row.PaymentID = found.Amount, found.Currency, found.OrderID, found.PaymentID
	} else {
		found = entry{}
	}
	_, err := s.ledger.append(entry{Row: row})
	found.Effect = false // it had its effect, and its webhook, long ago
	return found, reply, err
}

// Capabilities is what the gateway can do.
type Capabilities struct {
	MultiCapture     bool  `json:"multi_capture"`
	KeyWindowSeconds int64 `json:"key_window_seconds"`
}

func (s *Server) capabilities(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, Capabilities{
		MultiCapture: !s.opts.SingleCapture, KeyWindowSeconds: int64(s.opts.KeyWindow / time.Second),
	})
}

type items[T any] struct {
	Items []T `json:"items"`
}

func (s *Server) getLedger(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, items[Row]{Items: s.Ledger(r.URL.Query().Get("order_id"))})
}

func (s *Server) getSummary(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, items[Summary]{Items: s.Summary(r.URL.Query().Get("order_id"))})
}

func (s *Server) postClock(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Advance string `json:"advance"` // as in "25h" or "1m30s"
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&body)
	d, parseErr := time.ParseDuration(body.Advance)
	if err != nil || parseErr != nil || d < 0 {
		writeError(w, http.StatusBadRequest, "bad_request")
		return
	}
	now, err := s.Advance(d)
	if err != nil {
		writeError(w, http.StatusInternalServerError, "ledger")
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Now time.Time `json:"now"`
	}{Now: now})
}

func (s *Server) postScript(w http.ResponseWriter, r *http.Request) {
	var body struct {
		OrderID string  `json:"order_id"`
		Op      string  `json:"op"`
		Replies []Reply `json:"replies"`
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil || body.OrderID == "" || len(body.Replies) == 0 {
		writeError(w, http.StatusBadRequest, "bad_request")
		return
	}
	switch body.Op {
	case opAuthorize, opCapture, opVoid, opRefund, opLookup:
		s.Script(body.OrderID, body.Op, body.Replies...)
		w.WriteHeader(http.StatusNoContent)
	default:
		writeError(w, http.StatusBadRequest, "bad_request")
	}
}
