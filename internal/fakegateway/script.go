package fakegateway

import (
	"encoding/json"
	"fmt"
)

// What a request does to the money, beside what it answers.
const (
	EffectNormal   = ""         // what the books allow
	EffectDeclined = "declined" // refused by the issuer, with Code and Class
	EffectFailed   = "failed"   // refused for good, with Code
	EffectNone     = "none"     // nothing happened, and a lookup finds nothing
)

// How a request is answered.
const (
	AnswerNormal    = ""
	AnswerHang      = "hang"      // no byte, until the client gives up
	AnswerReset     = "reset"     // the connection is cut
	AnswerMalformed = "malformed" // a body that is no JSON
	AnswerHuge      = "huge"      // a body beyond every limit
	AnswerDrip      = "drip"      // a byte now and then
	AnswerRedirect  = "redirect"  // 307 to somewhere else
)

// Reply is one answer laid down by a script. The zero Reply is the normal one. A scripted outcome for a
// key that is already settled changes nothing in the books: it is an answer that contradicts the first.
type Reply struct {
	Effect        string `json:"effect,omitempty"`
	Code          string `json:"code,omitempty"`
	Class         string `json:"class,omitempty"` // soft or hard
	Answer        string `json:"answer,omitempty"`
	Status        int    `json:"status,omitempty"`      // answers with this status and no operation
	RetryAfter    int    `json:"retry_after,omitempty"` // seconds, with Status
	DelayMS       int64  `json:"delay_ms,omitempty"`
	WrongAmount   bool   `json:"wrong_amount,omitempty"`
	WrongCurrency bool   `json:"wrong_currency,omitempty"`
}

// short are the replies that a script may give by name.
var short = map[string]Reply{
	"ok": {}, "hang": {Effect: EffectNone, Answer: AnswerHang}, "execute_then_hang": {Answer: AnswerHang},
	"reset": {Effect: EffectNone, Answer: AnswerReset}, "execute_then_reset": {Answer: AnswerReset},
	"decline": {Effect: EffectDeclined, Code: "do_not_honor", Class: "soft"},
	"fail":    {Effect: EffectFailed, Code: "refused"},
	"500":     {Effect: EffectNone, Status: 500}, "execute_then_500": {Status: 500},
	"503": {Effect: EffectNone, Status: 503, RetryAfter: 1}, "429": {Effect: EffectNone, Status: 429, RetryAfter: 1},
	"in_progress": {Effect: EffectNone, Status: 409}, "malformed": {Answer: AnswerMalformed}, "huge": {Answer: AnswerHuge},
	"drip": {Answer: AnswerDrip}, "redirect": {Effect: EffectNone, Answer: AnswerRedirect},
	"wrong_amount": {WrongAmount: true}, "wrong_currency": {WrongCurrency: true},
}

// UnmarshalJSON takes an object, or the name of a common reply such as "500" or "execute_then_hang".
func (r *Reply) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) == nil {
		named, ok := short[name]
		if !ok {
			return fmt.Errorf("unknown reply %q", name)
		}
		*r = named
		return nil
	}
	type plain Reply
	return json.Unmarshal(data, (*plain)(r))
}

type scripted struct{ orderID, op string }

// Script lays down the next replies to op (authorize, capture, void, refund or lookup) of an order. Each
// request takes one; when none is left the token decides again.
func (s *Server) Script(orderID, op string, replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := scripted{orderID: orderID, op: op}
	s.scripts[at] = append(s.scripts[at], replies...)
}

// reply decides how the next request is answered. Call with mu held.
func (s *Server) reply(op, orderID, token string, seen int) Reply {
	at := scripted{orderID: orderID, op: op}
	if next := s.scripts[at]; len(next) > 0 {
		s.scripts[at] = next[1:]
		return next[0]
	}
	return behave(op, token, seen, s.opts.Slow)
}
