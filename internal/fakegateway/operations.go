package fakegateway

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Request is the body of an operation. Amounts are minor units; a void takes the whole rest and no amount.
type Request struct {
	OrderID   string `json:"order_id"`
	PaymentID string `json:"payment_id"`
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
	Token     string `json:"token,omitempty"`             // authorize
	AuthRef   string `json:"authorization_ref,omitempty"` // the others: gateway_ref of the authorization
}

// Operation is the answer to an operation and to a lookup.
type Operation struct {
	Op         string     `json:"op"`
	Key        string     `json:"key"`
	OrderID    string     `json:"order_id"`
	PaymentID  string     `json:"payment_id"`
	Amount     int64      `json:"amount"`
	Currency   string     `json:"currency"`
	Outcome    string     `json:"outcome"` // ok, declined or failed
	Code       string     `json:"code,omitempty"`
	Class      string     `json:"class,omitempty"` // soft or hard, of a decline
	Message    string     `json:"message,omitempty"`
	GatewayRef string     `json:"gateway_ref"`
	At         time.Time  `json:"at"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"` // of an authorization
	Card       *Card      `json:"card,omitempty"`
}

// Card is what a shop may know of a card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

const maxBody = 64 << 10

func (s *Server) operation(op string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		var req Request
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&req); err != nil || !valid(op, key, req) {
			writeError(w, http.StatusBadRequest, "bad_request")
			return
		}
		e, reply, err := s.record(op, key, req)
		switch {
		case err != nil:
			s.opts.Log.Error("ledger", "error", err)
			writeError(w, http.StatusInternalServerError, "ledger")
		case e.Code == codeKeyReused:
			writeError(w, http.StatusConflict, codeKeyReused)
		default:
			s.answer(w, r, e, reply)
		}
	}
}

func valid(op, key string, r Request) bool {
	if key == "" || len(key) > 255 || r.OrderID == "" || r.PaymentID == "" || len(r.Currency) != 3 {
		return false
	}
	switch op {
	case opAuthorize:
		return r.Amount > 0 && r.Token != ""
	case opVoid:
		return r.AuthRef != ""
	default:
		return r.Amount > 0 && r.AuthRef != ""
	}
}

const (
	codeKeyReused = "key_reused"
	codeNoEffect  = "no_effect" // the request was received, and nothing happened
)

// record decides a request and writes its row: from here on it has happened, whatever the reply does.
func (s *Server) record(op, key string, r Request) (entry, Reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	e := entry{Row: Row{
		ReceivedAt: now, Op: op, Key: key, OrderID: r.OrderID, PaymentID: r.PaymentID,
		Amount: r.Amount, Currency: r.Currency,
	}, Body: hash(op, r), Token: r.Token, AuthRef: r.AuthRef}
	if a := s.book.auths[r.AuthRef]; a != nil {
		e.Token = a.token
	}
	settled, known := s.settled(key, now)
	if known && settled.Body != e.Body {
		e.Outcome, e.Code, e.Repeat = outcomeFailed, codeKeyReused, true
		e, err := s.ledger.append(e)
		return e, Reply{}, err
	}
	reply := s.reply(op, r.OrderID, e.Token, s.book.tries[key])
	switch {
	case known && reply.Effect != EffectDeclined && reply.Effect != EffectFailed:
		at := settled.ReceivedAt
		e = settled
		e.ReceivedAt, e.Effect, e.Repeat = now, false, true
		if _, err := s.write(e); err != nil {
			return e, reply, err
		}
		e.ReceivedAt = at // the answer is the first one, its time included
		return e, reply, nil
	default:
		e = s.decide(e, reply, known, now)
		e, err := s.write(e)
		return e, reply, err
	}
}

// settled is the answer that key already has; after the key window it is forgotten. Call with mu held.
func (s *Server) settled(key string, now time.Time) (entry, bool) {
	e, ok := s.book.keys[key]
	return e, ok && now.Sub(e.ReceivedAt) < s.opts.KeyWindow
}

// decide gives e its outcome. Call with mu held.
func (s *Server) decide(e entry, reply Reply, known bool, now time.Time) entry {
	e.Repeat = known
	switch reply.Effect {
	case EffectNone:
		e.Outcome, e.Code = outcomeFailed, codeNoEffect
		return e
	case EffectDeclined, EffectFailed:
		e.Outcome, e.Code, e.Class, e.Message = reply.Effect, reply.Code, reply.Class, "refused: "+reply.Code
	default:
		e = s.book.judge(e, now)
	}
	e.Effect = !known
	e.GatewayRef = fmt.Sprintf("%s_%06d", e.Op, len(s.ledger.entries)+1)
	if e.Op == opAuthorize && e.Outcome == outcomeOK {
		e.ExpiresAt = now.Add(s.opts.AuthWindow)
		if e.Token == TokenAuthExpires {
			e.ExpiresAt = now.Add(2 * time.Second)
		}
	}
	if reply.WrongAmount {
		e.Named = e.Amount + 100
	}
	return e
}

// write appends e and folds it into the book. Call with mu held.
func (s *Server) write(e entry) (entry, error) {
	e, err := s.ledger.append(e)
	if err == nil {
		s.book.apply(e)
	}
	return e, err
}

func hash(op string, r Request) string {
	body, _ := json.Marshal(r) // a struct of strings and an integer always marshals
	sum := sha256.Sum256(append([]byte(op+"\n"), body...))
	return hex.EncodeToString(sum[:])
}

func (e entry) operation() Operation {
	o := Operation{
		Op: e.Op, Key: e.Key, OrderID: e.OrderID, PaymentID: e.PaymentID, Amount: e.Amount, Currency: e.Currency,
		Outcome: e.Outcome, Code: e.Code, Class: e.Class, Message: e.Message, GatewayRef: e.GatewayRef, At: e.ReceivedAt,
	}
	if e.Named != 0 {
		o.Amount = e.Named
	}
	if e.Op == opAuthorize && e.Outcome == outcomeOK {
		o.ExpiresAt, o.Card = &e.ExpiresAt, &Card{Brand: "visa", Last4: "4242"}
	}
	return o
}
